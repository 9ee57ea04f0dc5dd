#!/usr/bin/env bash
# initrd.sh TREE: makes the initial RAM disk of dom0 (busybox, modules, the scripts of dom0/ and the guests) from the
# tree that fetch.sh printed, unless it is there already, and prints its path.
set -euo pipefail
export LC_ALL=C PATH=$PATH:/usr/sbin:/sbin
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/common.sh"
[ $# -eq 1 ] || die "usage: initrd.sh TREE (as printed by fetch.sh)"
tree=$1
[ -e "$tree/xen" ] || die "$tree holds no unpacked packages: run fetch.sh first"
require_command modprobe kmod
require_command cpio cpio
lock_cache

key=$(cat "$here/initrd.sh" "$here/common.sh" "$here"/dom0/* "$here"/guest/* | sha256sum | cut -c 1-16)
initrd=$tree/initrd-$key.gz
if [ ! -e "$initrd" ]; then
  root=$(mktemp -d)
  trap 'rm -rf "$root" "$initrd.part"' EXIT
  mkdir -p "$root/modules" "$root/rig"
  cp "$tree/pkg/usr/bin/busybox" "$root/busybox"
  ln "$root/busybox" "$root/rig/busybox"
  cp "$here/dom0/init" "$root/init"
  cp "$here/dom0/dom0" "$root/rig/dom0"
  chmod 755 "$root/init" "$root/rig/dom0"
  "$here/guest/build.sh" "$root/rig" "$tree/pkg/usr/include"

  release=$(basename "$tree"/pkg/lib/modules/*)
  for module in $RIG_B_BOOT_MODULES; do
    modprobe -d "$tree/pkg" -S "$release" --show-depends "$module" || die "no module $module in $tree"
  done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' | while read -r file; do
    cp "$file" "$root/modules/"
    basename "$file" >>"$root/modules/order"
  done
  (cd "$root" && find . | sort | cpio -o -H newc -R 0:0 --quiet | gzip -6) >"$initrd.part"
  mv "$initrd.part" "$initrd"
fi
echo "$initrd"
