#!/bin/sh
# run.sh COMMAND...: runs COMMAND, a JVM for example, in a fresh rig A of its own (see README.md).
# Fetches and builds what is missing; the exit status is COMMAND's, 125 if the rig could not be set up.
set -eu

[ $# -gt 0 ] || { echo "usage: $0 COMMAND [ARGUMENT...]" >&2; exit 125; }
HERE=$(cd "$(dirname "$0")" && pwd)
ROOT=$("$HERE/fetch.sh") || exit 125
BIN=${OSEVENT_RIG_A_BIN:-$HERE/../../target/rig-a}
mkdir -p "$BIN"
BIN=$(cd "$BIN" && pwd)
(
  flock -w 120 9 || { echo "rig-a: another build has held $BIN.lock for two minutes" >&2; exit 125; }
  make -s -C "$HERE" ROOT="$ROOT" BIN="$BIN" >&2 ||
    { echo "rig-a: the build failed (needs gcc, make and libc6-dev)" >&2; exit 125; }
) 9>"$BIN.lock" || exit 125
exec "$BIN/rigrun" "$ROOT" "$BIN" "$@"
