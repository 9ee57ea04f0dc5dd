#!/usr/bin/env bash
# run.sh DIR: boots genuine Xen and a Linux dom0 under QEMU's software emulation and runs DIR/test.sh there, as root.
# dom0 sees DIR as /host, read-write. Exit status: that of test.sh; 77 skipped; 1 with one line on standard error if the
# rig failed; 124 if it took longer than RIG_B_TIMEOUT seconds (180).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/common.sh"
limit=${RIG_B_TIMEOUT:-180}

[ $# -eq 1 ] || die "usage: run.sh DIR (DIR/test.sh runs in dom0)"
require_debian_12
[ -x "$1/test.sh" ] || die "$1/test.sh is missing or not executable"
require_command qemu-system-x86_64 qemu-system-x86
dir=$(cd "$1" && pwd)
tree=$("$here/fetch.sh")
initrd=$("$here/initrd.sh" "$tree")

# QEMU's option parser takes a doubled comma for a comma.
comma_safe() { echo "${1//,/,,}"; }

rm -f "$dir/exit-code" "$dir/output.log" "$dir/serial.log"
# The chain run.sh, timeout, QEMU ends with its first link, however that ends.
setpriv --pdeathsig KILL timeout --foreground --kill-after=5 "$limit" \
  setpriv --pdeathsig KILL qemu-system-x86_64 \
  -accel tcg,thread=multi -machine pc -cpu max,-smap,-rdtscp -m 1536 -smp 1 \
  -kernel "$tree/xen" \
  -append "console=com1 com1=115200,8n1 dom0_mem=1024M,max:1024M dom0_max_vcpus=1 sched=credit loglvl=warning" \
  -initrd "$(comma_safe "$tree/kernel") console=hvc0 quiet panic=1,$(comma_safe "$initrd")" \
  -virtfs "local,path=/usr,mount_tag=usr,security_model=none,readonly=on,multidevs=remap" \
  -virtfs "local,path=/etc,mount_tag=etc,security_model=none,readonly=on,multidevs=remap" \
  -virtfs "local,path=$(comma_safe "$tree/pkg"),mount_tag=pkg,security_model=none,readonly=on" \
  -virtfs "local,path=$(comma_safe "$dir"),mount_tag=host,security_model=none" \
  -chardev "file,id=log,path=$(comma_safe "$dir/serial.log")" -serial chardev:log \
  -nic none -vga none -display none -monitor none -no-reboot \
  </dev/null &
machine=$!
trap 'kill "$machine" 2>/dev/null || true' EXIT
status=0
wait "$machine" || status=$?
trap - EXIT

[ ! -e "$dir/output.log" ] || cat "$dir/output.log"
if [ -e "$dir/exit-code" ]; then
  exit "$(cat "$dir/exit-code")"
fi
echo "rig-b: the end of the serial log ($dir/serial.log):" >&2
tail -n 40 "$dir/serial.log" 2>/dev/null | tr -d '\r' >&2 || true
case $status in
  124 | 137) echo "rig-b: stopped after $limit s, before test.sh had ended (RIG_B_TIMEOUT)" >&2; exit 124 ;;
  *) die "dom0 ended without an exit code of test.sh (QEMU's status: $status)" ;;
esac
