# Sourced by the scripts in bin/: what rig A (the real libxl without a hypervisor) needs on the machine.
# shellcheck shell=bash

# Installs the packages that are missing, and says which. The packages of Xen itself are only unpacked, into the user's
# cache, by the rig. Elsewhere than on Debian 12 nothing is done: the rig then says itself that it cannot run.
# Needs bin/lib/packages.sh.
setup_rig_a() {
  local as_root=()
  case $(distribution) in
    "debian 12"*) ensure_packages "rig A" gcc libc6-dev make util-linux || return 1 ;;
    *) return 0 ;;
  esac
  # The rig downloads by itself, but a machine that never listed its packages knows none.
  if ! apt-cache show libxenmisc4.17 >/dev/null 2>&1; then
    if [ "$(id -u)" -ne 0 ]; then as_root=(sudo); fi
    "${as_root[@]}" apt-get update -qq
  fi
}
