#!/bin/sh
# Unpacks the Xen 4.17 user space that rig A runs, without installing it, and prints the directory.
# Idempotent: a second call only prints. OSEVENT_RIG_A_ROOT names another directory.
set -eu

die() { echo "rig-a: $*" >&2; exit 1; }

PACKAGES='libxenmisc4.17 xen-utils-4.17 xenstore-utils libxen-dev libxencall1 libxendevicemodel1
libxenevtchn1 libxenforeignmemory1 libxengnttab1 libxenhypfs1 libxenstore4 libxentoolcore1
libxentoollog1 libyajl2'

ROOT=${OSEVENT_RIG_A_ROOT:-${XDG_CACHE_HOME:-${HOME:?rig-a: HOME is not set}/.cache}/osevent/xen-4.17}
DONE=$ROOT/.complete

if [ -e "$DONE" ]; then
  echo "$ROOT"
  exit 0
fi

[ "$(uname -m)" = x86_64 ] || die "needs x86_64, this is $(uname -m)"
for tool in apt-get dpkg flock; do
  command -v "$tool" >/dev/null || die "needs $tool: rig A runs on Debian 12 only"
done

mkdir -p "$(dirname "$ROOT")" || die "cannot create $(dirname "$ROOT")"
# Several builds may start at once; the first one unpacks, the others find the result.
exec 9>"$ROOT.lock"
flock -w 120 9 || die "another process has held $ROOT.lock for two minutes"
if [ -e "$DONE" ]; then
  echo "$ROOT"
  exit 0
fi

WORK=$(mktemp -d "$ROOT.XXXXXX")
trap 'rm -rf "$WORK"' EXIT
mkdir "$WORK/debs" "$WORK/root"
# Root's downloads would otherwise be tried as user _apt, who may not write here.
# shellcheck disable=SC2086 # the list is meant to be split
(cd "$WORK/debs" && apt-get -q -o APT::Sandbox::User="$(id -un)" download $PACKAGES) >"$WORK/log" 2>&1 ||
  die "apt-get download failed, needs Debian 12, try apt-get update first:" \
    "$(grep -m1 '^E:' "$WORK/log" || tail -n1 "$WORK/log")"
for deb in "$WORK"/debs/*.deb; do
  dpkg -x "$deb" "$WORK/root" || die "cannot unpack $deb"
done
[ -e "$WORK/root/usr/lib/x86_64-linux-gnu/libxenlight.so.4.17" ] || die "the packages hold no libxenlight.so.4.17"
touch "$WORK/root/.complete"
rm -rf "$ROOT"
mv "$WORK/root" "$ROOT"
echo "$ROOT"
