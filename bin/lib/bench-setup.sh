# Sourced by bin/bench, after packages.sh: what the measurements need on the machine.
# shellcheck shell=bash

BENCH_PACKAGES=(
  pkg-config libvirt-dev libvirt0 libvirt-daemon libvirt-daemon-driver-qemu # libvirt's own loop, and a daemon
  libvirt-glib-1.0-dev libglib2.0-dev                                       # libvirt-glib's loop
  python3 python3-libvirt                                                   # libvirt-python's asyncio loop
)

# libvirtd exits at once without the user that its QEMU driver runs guests as.
bench_ensure_daemon_user() {
  if getent passwd libvirt-qemu >/dev/null || [ "$(id -u)" -ne 0 ]; then return 0; fi
  echo "bench: creating the system user libvirt-qemu"
  useradd -r -U -M -d /var/lib/libvirt -s /usr/sbin/nologin libvirt-qemu
}

# mvn without its download chatter; first offline, so that a filled repository is enough.
bench_build_java() {
  echo "bench: building the Java parts"
  mvn -o -q -pl benchmarks,agent -am package -DskipTests >/dev/null 2>&1 \
    || mvn -B -q -pl benchmarks,agent -am package -DskipTests
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

# Puts those lines of the verdicts that fall short between the markers of a page.
bench_publish_verdicts() {
  local short
  short=$(mktemp)
  # The table's head, and the lines whose last cell says what is short.
  awk -F'|' '!/^\|/ || /^\| What / || /^\|-/ || $5 !~ /^ *$/' "$2" >"$short"
  awk -v verdicts="$short" '
    /^<!-- bench:end/ { hidden = 0 }
    !hidden { print }
    /^<!-- bench:begin/ { hidden = 1; print ""; while ((getline line < verdicts) > 0) print line; print "" }
  ' "$1" >"$1.new"
  cat "$1.new" >"$1"
  rm "$1.new" "$short"
}
