#!/bin/sh
# validate.sh [RUNS]: runs the probe RUNS times (20), each in a rig of its own, and counts each sequence seen.
# Fails on one that sequences.txt does not hold. "validate.sh --record [RUNS]" adds it there instead; after a
# change to the probe, remove the file first.
set -eu

HERE=$(cd "$(dirname "$0")" && pwd)
RECORDED=$HERE/sequences.txt
record=false
if [ "${1:-}" = --record ]; then
  record=true
  shift
fi
RUNS=${1:-20}
OUT=$(mktemp -d)
trap 'rm -rf "$OUT"' EXIT

# A sequence is a paragraph: make it a line, and back.
fold() { grep -v '^#' "$1" | awk 'BEGIN { RS = ""; FS = "\n"; OFS = "\t" } { $1 = $1; print }'; }
unfold() { tr '\t' '\n' | sed -e 's/^\([^ ]\)/\n\1/'; }

n=0
while [ "$n" -lt "$RUNS" ]; do
  # shellcheck disable=SC2016 # RIG_A_BIN is set inside the rig
  "$HERE/run.sh" sh -c 'exec "$RIG_A_BIN/probe"' >>"$OUT/all" || { echo "rig-a: run $n failed" >&2; exit 1; }
  n=$((n + 1))
done
fold "$OUT/all" | sort >"$OUT/seen"

if $record; then
  {
    echo "# The hook sequences that libxl 4.17 makes in rig A, as printed by the probe; a scenario"
    echo "# that occurs twice has variants. Lines that begin with -- tell what the test does at that point;"
    echo "# occurred_timeout is the loop's own doing and moves with it."
    echo "# xenstored_killed: where libxl speaks of a disaster, the context ends by itself, beside what the test does."
    { [ ! -e "$RECORDED" ] || fold "$RECORDED"; cat "$OUT/seen"; } | sort -u | unfold
  } >"$OUT/recorded"
  mv "$OUT/recorded" "$RECORDED"
fi
uniq -c "$OUT/seen" | awk -F'\t' -v runs="$RUNS" '
  { split($1, head, " "); printf "%4d of %d  %s\n", head[1], runs, head[2] }'
fold "$RECORDED" | sort >"$OUT/known"
uniq "$OUT/seen" | comm -23 - "$OUT/known" >"$OUT/unknown"
if [ -s "$OUT/unknown" ]; then
  echo "rig-a: sequences that sequences.txt does not hold:" >&2
  unfold <"$OUT/unknown" >&2
  exit 1
fi
