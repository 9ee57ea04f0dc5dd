# Shared by the scripts of rig B: where things live, and how a script gives up. Sourced, not run.
# shellcheck shell=bash disable=SC2034

RIG_B_CACHE=${RIG_B_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/osevent/rig-b}
RIG_B_SKIPPED=77

# Loaded by the initial RAM disk, in this order, each after what it depends on.
RIG_B_BOOT_MODULES="virtio_pci 9pnet_virtio 9p overlay xen-evtchn xen-gntdev xen-gntalloc xen-privcmd xenfs"
# Kept for a test.sh that wants to `modprobe` them.
RIG_B_SPARE_MODULES="xen-blkback xen-netback loop bridge tun"

die() {
  echo "rig-b: $*" >&2
  exit 1
}

skip() {
  echo "rig-b: skipped: $*" >&2
  exit "$RIG_B_SKIPPED"
}

# dom0 runs on the host's own /usr, beside Debian 12's kernel, hypervisor and Xen libraries.
require_debian_12() {
  local id version
  id=$(. /etc/os-release 2>/dev/null && echo "${ID:-unknown}") || id=unknown
  version=$(. /etc/os-release 2>/dev/null && echo "${VERSION_ID:-unknown}") || version=unknown
  if [ "$id $version" != "debian 12" ]; then
    skip "dom0 uses the host's /usr, which must be Debian 12; this is $id $version"
  fi
  if [ "$(uname -m)" != x86_64 ]; then
    skip "the hypervisor is built for x86_64; this is $(uname -m)"
  fi
}

# require_command COMMAND PACKAGE
require_command() {
  if ! PATH=$PATH:/usr/sbin:/sbin command -v "$1" >/dev/null; then
    die "$1 not found: apt-get install --no-install-recommends $2"
  fi
}

# Serialises those who fill the cache; the lock goes with the process that holds it.
lock_cache() {
  mkdir -p "$RIG_B_CACHE" 2>/dev/null || die "cannot create the cache directory $RIG_B_CACHE"
  { exec 9>"$RIG_B_CACHE/lock"; } 2>/dev/null || die "cannot write to the cache directory $RIG_B_CACHE"
  flock -w 600 9 || die "another process has held $RIG_B_CACHE/lock for 10 minutes"
}
