#!/usr/bin/env bash
# build.sh OUTPUT INCLUDE: makes OUTPUT/tinypv and OUTPUT/tinypvh; INCLUDE holds Xen's public headers (libxen-dev).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../common.sh"
[ $# -eq 2 ] || die "usage: guest/build.sh OUTPUT INCLUDE"
output=$1 include=$2
[ -e "$include/xen/xen.h" ] || die "no Xen headers in $include: run fetch.sh first"
require_command gcc gcc
require_command ld binutils
mkdir -p "$output"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# build NAME BITS EMULATION
build() {
  local head=$here/head-${1#tiny}.S flags=()
  [ "$2" = 32 ] || flags=(-mno-red-zone)
  # No C library, and none of its headers: the compiler's own and Xen's.
  flags+=("-m$2" -O2 -Wall -Wextra -Werror -ffreestanding -fno-pic -fno-stack-protector -fcf-protection=none
    -fno-tree-loop-distribute-patterns -mgeneral-regs-only
    -D__XEN_INTERFACE_VERSION__=__XEN_LATEST_INTERFACE_VERSION__
    -nostdinc -isystem "$(gcc -print-file-name=include)" -isystem "$include")
  gcc "${flags[@]}" -c -o "$scratch/head.o" "$head"
  gcc "${flags[@]}" -std=c11 -c -o "$scratch/tiny.o" "$here/tiny.c"
  ld -m "$3" -nostdlib -static --build-id=none --no-warn-rwx-segments -T "$here/tiny.lds" \
    -o "$output/$1" "$scratch/head.o" "$scratch/tiny.o"
}
build tinypv 64 elf_x86_64
build tinypvh 32 elf_i386
