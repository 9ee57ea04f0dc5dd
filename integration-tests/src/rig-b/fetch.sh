#!/usr/bin/env bash
# Downloads Xen, its tools and a kernel from Debian and unpacks them into the cache; nothing is installed.
# Prints the directory, which holds pkg/ (the unpacked tree), xen and kernel. A second run only checks.
set -euo pipefail
export LC_ALL=C PATH=$PATH:/usr/sbin:/sbin
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/common.sh"

PACKAGES="xen-hypervisor-4.17-amd64 xen-utils-4.17 xen-utils-common xenstore-utils
  libxenmisc4.17 libxencall1 libxendevicemodel1 libxenevtchn1 libxenforeignmemory1 libxengnttab1
  libxenhypfs1 libxenstore4 libxentoolcore1 libxentoollog1 libyajl2 libnl-3-200 libnl-route-3-200
  libxen-dev busybox-static"

require_debian_12
require_command modprobe kmod
require_command xz xz-utils
lock_cache

# apt needs a second to answer; it is asked again only after its package lists or these scripts have changed.
checked=$RIG_B_CACHE/current/checked
lists=/var/lib/apt/lists
if [ "$checked" -nt "$lists" ] && [ "$checked" -nt "$lists/partial" ] \
  && [ "$checked" -nt "$here/fetch.sh" ] && [ "$checked" -nt "$here/common.sh" ]; then
  readlink -f "$RIG_B_CACHE/current"
  exit
fi

# Which files apt would download, with their checksums: offline, from apt's package lists.
resolve() {
  local kernel
  kernel=$(apt-cache depends linux-image-amd64 2>/dev/null \
    | sed -n 's/^ *Depends: \(linux-image-[0-9].*\)$/\1/p' | head -n 1)
  [ -n "$kernel" ] || return 1
  # shellcheck disable=SC2086 # a list of words
  apt-get download --print-uris $PACKAGES "$kernel" 2>/dev/null
}

# unpack_kernel BZIMAGE: writes the ELF file inside. Xen would do it too, but emulated, which takes 2 seconds of each boot.
# Where the parts lie is told by the boot protocol's header.
unpack_kernel() {
  local sectors offset length
  sectors=$(od -An -tu1 -j $((0x1f1)) -N 1 "$1")
  offset=$(od -An -tu4 -j $((0x248)) -N 4 "$1")
  length=$(od -An -tu4 -j $((0x24c)) -N 4 "$1")
  # The kernel's build appends the unpacked size to the payload, hence --single-stream.
  head -c $(((sectors + 1) * 512 + offset + length)) "$1" | tail -c $((length)) | xz -dc --single-stream
}

if ! uris=$(resolve); then
  # No package lists here (they are not needed once the cache is filled).
  if [ -e "$RIG_B_CACHE/current/xen" ]; then
    readlink -f "$RIG_B_CACHE/current"
    exit
  fi
  die "apt knows no Xen 4.17 or no kernel: run 'apt-get update' and try again"
fi

# Everything that shapes the result is in its name, so nobody's tree changes under a running dom0.
key=$( (echo "$uris"; cat "$here/fetch.sh" "$here/common.sh") | sha256sum | cut -c 1-16)
tree=$RIG_B_CACHE/$key
if [ ! -e "$tree/xen" ]; then
  new=$RIG_B_CACHE/new.$$
  trap 'rm -rf "$new"' EXIT
  mkdir -p "$new/debs" "$new/pkg"
  # shellcheck disable=SC2046 # a list of words
  (cd "$new/debs" && apt-get -q -o APT::Sandbox::User="$(id -un)" download \
    $(echo "$uris" | awk '{ sub(/_.*/, "", $2); print $2 }')) >"$new/apt.log" 2>&1 \
    || die "download failed, try 'apt-get update': $(grep -m 1 '^[EW]:' "$new/apt.log" || tail -n 1 "$new/apt.log")"
  for deb in "$new"/debs/*.deb; do
    dpkg -x "$deb" "$new/pkg" || die "cannot unpack $(basename "$deb") into $new (disk full?)"
  done
  # Packages may still ship /bin, /lib and /sbin: move those to where Debian 12 has them.
  for name in bin lib sbin; do
    mkdir -p "$new/pkg/$name" "$new/pkg/usr/$name"
    cp -al "$new/pkg/$name/." "$new/pkg/usr/$name/"
    rm -r "${new:?}/pkg/$name"
    ln -s "usr/$name" "$new/pkg/$name"
  done

  # QEMU loads the uncompressed hypervisor: a multiboot ELF file with a 32-bit entry.
  zcat "$new"/pkg/boot/xen-4.17-amd64.gz >"$new/xen.part"
  unpack_kernel "$new"/pkg/boot/vmlinuz-* >"$new/kernel" \
    || die "cannot unpack $(basename "$new"/pkg/boot/vmlinuz-*): its payload is not in xz format, or the disk is full"

  # Of some hundred megabytes of modules keep the few that dom0 loads.
  release=$(basename "$new"/pkg/lib/modules/*)
  modules=$new/pkg/lib/modules/$release
  depmod -b "$new/pkg" "$release"
  for module in $RIG_B_BOOT_MODULES $RIG_B_SPARE_MODULES; do
    modprobe -d "$new/pkg" -S "$release" --show-depends "$module" \
      || die "the kernel $release has no module $module"
  done | awk '$1 == "insmod" { print $2 }' | sort -u >"$new/keep"
  find "$(realpath "$modules")" -name '*.ko*' -type f | sort | comm -23 - <(xargs realpath <"$new/keep" | sort) | xargs rm -f
  depmod -b "$new/pkg" "$release"

  rm -rf "$new/debs" "$new/keep" "$new/apt.log" "$new/pkg/boot" "$new/pkg/usr/share/doc" "$new/pkg/usr/share/man"
  mv "$new/xen.part" "$new/xen"
  mv -T "$new" "$tree"
fi
touch "$tree/checked"
ln -sfn "$key" "$RIG_B_CACHE/current"
echo "$tree"
