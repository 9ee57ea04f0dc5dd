# What bin/bench needs on a Debian or Ubuntu machine. Sourced, never run; every function may be called again.

BENCH_PACKAGES=(
  openjdk-17-jdk-headless maven # the harness
  gcc libc6-dev cmake make pkg-config # the C peers
  libvirt-dev libvirt-clients libvirt-daemon libvirt-daemon-driver-qemu # libvirt's own loop, and a daemon
  libvirt-glib-1.0-dev libglib2.0-dev # libvirt-glib's loop
  python3 python3-libvirt # libvirt-python's asyncio loop
)

# A JDK or a Maven that is there already, from wherever, is good enough.
bench_package_is_needed() {
  case $1 in
    openjdk-*) ! command -v javac >/dev/null ;;
    maven) ! command -v mvn >/dev/null ;;
    *) ! dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed ;;
  esac
}

bench_install_packages() {
  local package missing=()
  if ! command -v dpkg-query >/dev/null; then
    echo "bench: not a Debian system; install by hand what stands for: ${BENCH_PACKAGES[*]}" >&2
    return 0
  fi
  for package in "${BENCH_PACKAGES[@]}"; do
    if bench_package_is_needed "$package"; then missing+=("$package"); fi
  done
  if [ ${#missing[@]} -eq 0 ]; then return 0; fi
  if [ "$(id -u)" -ne 0 ]; then
    echo "bench: run once as root, or: apt-get install --no-install-recommends ${missing[*]}" >&2
    return 1
  fi
  echo "bench: installing ${missing[*]}"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "${missing[@]}" >/dev/null
}

# libvirtd exits at once without the user that its QEMU driver runs guests as.
bench_ensure_daemon_user() {
  if getent passwd libvirt-qemu >/dev/null || [ "$(id -u)" -ne 0 ]; then return 0; fi
  echo "bench: creating the system user libvirt-qemu"
  useradd -r -U -M -d /var/lib/libvirt -s /usr/sbin/nologin libvirt-qemu
}

# mvn without its download chatter; first offline, so that a filled repository is enough.
bench_build_java() {
  echo "bench: building the Java parts"
  mvn -o -q -pl benchmarks -am package -DskipTests >/dev/null 2>&1 \
    || mvn -B -q -pl benchmarks -am package -DskipTests
}

bench_build_native() {
  echo "bench: building the C peers"
  cmake -S benchmarks/src/main/c -B benchmarks/target/native >/dev/null
  cmake --build benchmarks/target/native --parallel >/dev/null
}

bench_commit() {
  local commit
  commit=$(git rev-parse --short=12 HEAD 2>/dev/null) || { echo unknown; return 0; }
  if [ -n "$(git status --porcelain 2>/dev/null)" ]; then commit="$commit, with changes"; fi
  echo "$commit"
}
