# Sourced by the scripts in bin/ that run test classes in a JVM of their own.
# shellcheck shell=bash

# Compiles the integration tests and prints their class path. A failed build is one line, and a log.
integration_class_path() {
  local log=integration-tests/target/class-path.log file=integration-tests/target/class-path
  mkdir -p integration-tests/target
  if ! mvn -B -ntp -q -pl integration-tests -am test-compile dependency:build-classpath \
    -Dmdep.outputFile="$PWD/$file" >"$log" 2>&1; then
    grep -m5 ERROR "$log" >&2 || true
    echo "the build failed, see $log" >&2
    return 1
  fi
  echo "$PWD/integration-tests/target/test-classes:$(cat "$file")"
}
