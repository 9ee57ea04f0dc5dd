#!/usr/bin/env bash
# Checks rig B by itself: boots it and runs selftest/test.sh in dom0. Exit status as run.sh.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/common.sh"
require_debian_12
require_command javac openjdk-17-jdk-headless
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cp "$here/selftest/test.sh" "$dir/"
javac --release 17 -d "$dir" "$here/selftest/Hello.java"
"$here/run.sh" "$dir"
