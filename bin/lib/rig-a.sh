# Sourced by the scripts in bin/: what rig A (the real libxl without a hypervisor) needs on the machine.
# shellcheck shell=bash

# Installs the packages that are missing, and says which. The packages of Xen itself are only unpacked, into the user's
# cache, by the rig. Elsewhere than on Debian 12 nothing is done: the rig then says itself that it cannot run.
# Needs bin/lib/packages.sh.
setup_rig_a() {
  case $(distribution) in
    "debian 12"*) ensure_packages "rig A" gcc libc6-dev make util-linux ;;
    *) return 0 ;;
  esac
}
