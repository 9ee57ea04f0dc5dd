# Sourced by bin/prove: what it needs, and the class paths of what it runs.
# shellcheck shell=bash

# shellcheck disable=SC2034  # read by bin/prove
PROVE_PACKAGES=(valgrind)

# Compiles the core, the native half and the proofs themselves. Sets core_path and native_path.
compile_proofs() {
  local out=target/prove/classes
  mvn -B -ntp -q -Pprove -pl bridge-api,native-shim -am test-compile \
    org.apache.maven.plugins:maven-dependency-plugin:3.9.0:build-classpath \
    -Dmdep.outputFile=target/prove-classpath.txt || return 1
  rm -rf "$out" && mkdir -p "$out"
  core_path=bridge-api/target/classes:bridge-api/target/test-classes:$(cat bridge-api/target/prove-classpath.txt)
  # The processor of jcstress writes classes of its own, in a style of its own: no lint.
  javac -nowarn -cp "$core_path" -d "$out" bridge-api/src/prove/java/io/osevent/bridge/*.java || return 1
  core_path=$core_path:$out
  native_path=native-shim/target/classes:native-shim/target/test-classes:$(cat native-shim/target/prove-classpath.txt)
  native_path=$native_path:$core_path
}
