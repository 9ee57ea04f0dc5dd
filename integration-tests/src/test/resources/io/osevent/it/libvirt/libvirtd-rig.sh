# Runs as PID 1 of private mount, PID and network namespaces (see RigNamespace), and runs libvirtd in them.
#
# - What libvirt keeps under /etc, /var and /run is laid over by directories of the rig: the machine keeps its own.
# - As PID 1 it reaps orphans at once (bash does, while it waits in `read`); a lazy reaper delays STOPPED events.
# - It ends at the end of its input, thus also when the JVM is killed; the kernel then ends all that it had started.
#
# Commands, one a line on standard input:  start | signal NAME PID | share PTY
# Answers, one a line on standard output:  ok [PID] | gone | error TEXT
# PIDs are those of the namespace.
set -u
PATH=/usr/sbin:/usr/bin:/sbin:/bin
dir=$1

fail() {
    echo "error $*"
    exit 1
}

lay_over() {
    mount --bind "$dir/$1" "$2" || fail "cannot lay $dir/$1 over $2"
}

remove_traces() {
    kill -KILL -1 2>/dev/null
    wait
    rm -rf "$dir"
}

# The machine's interfaces and control groups are none of the rig's business; libvirtd would look at both.
umount --recursive --lazy /sys && mount -t sysfs sysfs /sys || fail "cannot mount a private /sys"
lay_over etc-libvirt /etc/libvirt
lay_over var-lib /var/lib
lay_over var-cache /var/cache
lay_over var-log /var/log
lay_over run /run
# /var/lock leads here; libvirtd keeps the locks of open consoles in it.
mkdir -p /run/lock || fail "cannot make /run/lock"
lay_over passwd /etc/passwd
lay_over group /etc/group
trap remove_traces EXIT
echo ok

while read -r verb first second; do
    case $verb in
    start)
        libvirtd -f "$dir/libvirtd.conf" -p "$dir/libvirtd.pid" </dev/null >>"$dir/libvirtd.log" 2>&1 &
        echo "ok $!"
        ;;
    signal)
        if kill -s "$first" "$second" 2>/dev/null; then echo ok; else echo gone; fi
        ;;
    share)
        # A rig under sudo: the test itself runs as somebody else.
        if [[ $first == /dev/pts/* ]] && chmod a+rw "$first"; then echo ok; else echo "error cannot share $first"; fi
        ;;
    *)
        echo "error unknown command $verb"
        ;;
    esac
done
