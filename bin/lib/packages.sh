# Sourced by the scripts in bin/: installs what a step needs and is not there, and says so.
# shellcheck shell=bash

BUILD_PACKAGES=(
  default-jdk-headless maven # the build
  gcc libc6-dev make cmake   # the C shim; without them the library is plain JNA
)

# Prints "debian 12", "ubuntu 24.04" and the like.
distribution() {
  # shellcheck disable=SC1091
  (. /etc/os-release && echo "${ID:-unknown} ${VERSION_ID:-}") 2>/dev/null || echo unknown
}

# A JDK, a Maven or a compiler that is there already, from wherever, is good enough.
package_is_there() {
  case $1 in
    default-jdk-headless) command -v javac >/dev/null ;;
    maven) command -v mvn >/dev/null ;;
    gcc | make | cmake | git | curl) command -v "$1" >/dev/null ;;
    # shellcheck disable=SC2016  # the format is dpkg-query's
    *) [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ] ;;
  esac
}

# ensure_packages WHO PACKAGE...: installs those that are missing, as root or with sudo.
ensure_packages() {
  local who=$1 package missing=() as_root=()
  shift
  for package in "$@"; do
    if ! package_is_there "$package"; then missing+=("$package"); fi
  done
  if [ ${#missing[@]} -eq 0 ]; then return 0; fi
  if ! command -v apt-get >/dev/null; then
    echo "$who: no apt-get here; install by hand what stands for: ${missing[*]}" >&2
    return 1
  fi
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
      echo "$who: missing ${missing[*]}; run once as root, or install sudo" >&2
      return 1
    fi
    as_root=(sudo)
  fi
  echo "$who: installing ${missing[*]}"
  "${as_root[@]}" apt-get update -qq &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
      apt-get install -qq -y --no-install-recommends "${missing[@]}" >/dev/null
}
