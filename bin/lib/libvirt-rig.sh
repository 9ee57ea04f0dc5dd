# Sourced by the scripts in bin/: what the tests against a real libvirtd need on the machine.
# shellcheck shell=bash

# No user, configuration or service is set up: the rig brings its own, in namespaces of its own. Where a package cannot
# be had, the tests say themselves what they lack.
setup_libvirt_rig() {
  ensure_packages test libvirt0 libvirt-clients libvirt-daemon libvirt-daemon-driver-qemu qemu-system-x86 mount util-linux
}
