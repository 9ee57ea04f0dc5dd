# Sourced by the scripts in bin/: what the tests against a real libvirtd need on the machine.
# shellcheck shell=bash

# Installs the packages that are missing, and says which. Needs Debian's or Ubuntu's apt-get, and root or sudo;
# anything else is left alone with one line, and the tests then say themselves what they lack.
# No user, configuration or service is set up: the rig brings its own, in namespaces of its own.
setup_libvirt_rig() {
    local packages=(libvirt0 libvirt-clients libvirt-daemon libvirt-daemon-driver-qemu qemu-system-x86 mount util-linux)
    local missing=() package as_root=()
    if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
        echo "libvirt rig: no apt-get here; install libvirtd with its QEMU driver and qemu-system-x86_64 yourself" >&2
        return 0
    fi
    for package in "${packages[@]}"; do
        # shellcheck disable=SC2016  # the format is dpkg-query's
        if [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) != installed ]]; then
            missing+=("$package")
        fi
    done
    if ((${#missing[@]} == 0)); then
        return 0
    fi
    if ((EUID != 0)); then
        if ! command -v sudo >/dev/null; then
            echo "libvirt rig: missing ${missing[*]}; run as root, or install sudo" >&2
            return 1
        fi
        as_root=(sudo)
    fi
    echo "libvirt rig: installing ${missing[*]}"
    "${as_root[@]}" apt-get update -q &&
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"
}
