#!/usr/bin/env bash
# Plays the libxl tests (io.osevent.it.libxl.RigB) in a dom0 of genuine Xen. Arguments go to the tests (--verbose).
# Exit status: 0 all passed; 77 skipped, with the reason; 1 otherwise. Installs what is missing on Debian 12.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$here/../../.."
. bin/lib/packages.sh
. bin/lib/classpath.sh
. "$here/common.sh"
require_debian_12
ensure_packages "rig B" qemu-system-x86 kmod cpio gcc binutils xz-utils openjdk-17-jdk-headless maven
classpath=$(integration_class_path) || exit 1

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
mkdir "$dir/lib"
number=0
# Only what libxl's tests need: dom0 reads everything through a slow, emulated processor.
IFS=: read -ra entries <<<"$classpath"
for entry in "${entries[@]}"; do
  number=$((number + 1))
  case $entry in
    */test-classes | */bridge-api/target/* | */native-shim/target/* | */bridge-vertx/target/*)
      if [ -d "$entry" ]; then
        jar --create --no-compress --file "$dir/lib/$number.jar" -C "$entry" .
      else
        cp "$entry" "$dir/lib/"
      fi
      ;;
    */io/netty/* | */vertx-core* | */jackson-core* | */net/java/dev/jna/*) cp "$entry" "$dir/lib/" ;;
  esac
done
cat >"$dir/test.sh" <<END
#!/bin/sh
# From memory: a class that is looked up through the shared directory costs milliseconds.
cp -r /host/lib /tmp/lib && cd /tmp &&
exec /usr/lib/jvm/java-17-openjdk-amd64/bin/java -XX:TieredStopAtLevel=1 -Drig.bound.seconds=60 -cp '/tmp/lib/*' io.osevent.it.libxl.RigB $*
END
chmod +x "$dir/test.sh"
"$here/run.sh" "$dir"
