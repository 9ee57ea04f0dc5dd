#!/bin/sh
# Builds the C shim into a directory under JNA's resource prefix. A machine without the means to build it gets a jar
# without the shim, which works through plain JNA; a shim that does not compile fails the build.
#
# usage: build-shim.sh SOURCES WORK CLASSES JAVA_HOME
set -eu
sources=$1 work=$2 classes=$3 java_home=$4

without() {
  echo "native-shim: $1; the jar is built without the C shim and works through plain JNA"
  exit 0
}

[ "$(uname -s)" = Linux ] || without "the shim is for Linux"
command -v cmake >/dev/null || without "cmake is not installed"
command -v "${CC:-cc}" >/dev/null || without "no C compiler (${CC:-cc}) is installed"
[ -f "$java_home/include/jni.h" ] || without "$java_home has no include/jni.h"

# JNA's names of machines (com.sun.jna.Platform.RESOURCE_PREFIX).
case $(uname -m) in
  x86_64) machine=x86-64 ;;
  arm64) machine=aarch64 ;;
  loongarch64 | aarch64 | ppc64le | riscv64 | s390x) machine=$(uname -m) ;;
  *) without "JNA's name for the machine $(uname -m) is not known to the build" ;;
esac

log=$work.log
mkdir -p "$work" "$classes/linux-$machine"
if ! {
  cmake -S "$sources" -B "$work" -DCMAKE_BUILD_TYPE=Release -DJAVA_HOME="$java_home" &&
    cmake --build "$work"
} >"$log" 2>&1; then
  cat "$log" >&2
  exit 1
fi
cmp -s "$work/libosevent.so" "$classes/linux-$machine/libosevent.so" ||
  cp "$work/libosevent.so" "$classes/linux-$machine/libosevent.so"
