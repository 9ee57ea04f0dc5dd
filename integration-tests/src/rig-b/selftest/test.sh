#!/bin/bash
# Runs in dom0: the checks that rig B itself is what it claims to be, without any code of the bridge.
# One line for each check; exit status 0 if all hold.
set -u
failures=0
started=$EPOCHREALTIME

seconds() { awk -v from="$started" -v to="$EPOCHREALTIME" 'BEGIN { printf "%6.2f", to - from }'; }

# check NAME EXPECTED ACTUAL
check() {
  if [ "$2" = "$3" ]; then
    echo "$(seconds) ok   $1: $3"
  else
    echo "$(seconds) FAIL $1: expected '$2', got '$3'"
    failures=$((failures + 1))
  fi
}

# create NAME TYPE COMMAND-LINE: a domain that is kept when it ends, with no xl left behind to watch it.
create() {
  local memory=16
  # Of a PVH domain's memory some goes for pages that the domain builder adds; 16 MB are too few.
  [ "$2" = pv ] || memory=32
  cat >"/tmp/$1.cfg" <<END
name = "$1"
type = "$2"
kernel = "/rig/tiny$2"
cmdline = "$3"
memory = $memory
on_poweroff = "preserve"
on_reboot = "preserve"
on_crash = "preserve"
END
  xl create -q -e "/tmp/$1.cfg"
}

# await SECONDS COMMAND...: until the command succeeds; not for ever.
await() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    [ $SECONDS -lt $deadline ] || return 1
    read -r -t 0.05 <> <(:) || true
  done
}

# Xen's own number for why the domain ended, or '-' while it runs.
reason() { xl list -v "$1" | awk 'NR == 2 { print $(NF - 1) }'; }
has_ended() { ended_as=$(reason "$1"); [ "$ended_as" != - ]; }
ended_with() { await 20 has_ended "$1"; echo "$ended_as"; }
exists() { xl domid "$1" >/dev/null 2>&1; }

check "hypervisor" 4.17 "$(xl info | sed -n 's/^xen_version *: \(4\.17\).*/\1/p')"
check "domains at first" "Domain-0" "$(xl list | awk 'NR > 1 { print $1 }')"

for type in pv pvh; do
  for expected in "poweroff 0" "reboot 1" "crash 3" "nonsense 4"; do
    read -r mode number <<<"$expected"
    create "$type-$mode" $type "$mode"
    check "$type $mode" "$number" "$(ended_with "$type-$mode")"
    xl destroy "$type-$mode"
  done

  before=$EPOCHREALTIME
  create $type-late $type "poweroff 1500"
  check "$type late poweroff" 0 "$(ended_with $type-late)"
  check "$type delay of 1500 ms" kept "$(awk -v from="$before" -v to="$EPOCHREALTIME" \
    'BEGIN { if (to - from >= 1.5) print "kept"; else print to - from " s" }')"
  xl destroy $type-late

  create $type-block $type block
  check "$type block" - "$(reason $type-block)"
  line=
  read -r -t 10 line < <(exec timeout 20 xl console $type-block 2>/dev/null)
  check "$type console" "tiny: block" "${line%$'\r'}"
  xl destroy $type-block
  check "$type destroyed" gone "$(exists $type-block && echo there || echo gone)"

  for asked in "shutdown 0" "reboot 1"; do
    read -r command number <<<"$asked"
    create $type-obey $type obey
    timeout 30 xl "$command" $type-obey >/dev/null 2>&1
    check "$type obeys xl $command" "$number" "$(ended_with $type-obey)"
    xl destroy $type-obey
  done
done

for jdk in /usr/lib/jvm/*; do
  [ -x "$jdk/bin/java" ] && [ ! -L "$jdk" ] || continue
  check "java -version of $(basename "$jdk")" 0 "$("$jdk/bin/java" -version >/tmp/version 2>&1; echo $?)"
  check "a class on $(basename "$jdk")" "hello from dom0" \
    "$("$jdk/bin/java" -XX:TieredStopAtLevel=1 -cp /host Hello 2>&1)"
done

check "domains at last" "Domain-0" "$(xl list | awk 'NR > 1 { print $1 }')"
echo "$(seconds) failures: $failures"
[ $failures -eq 0 ]
