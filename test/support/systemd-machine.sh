#!/bin/sh
# systemd-machine.sh FOLDER COMMAND [WORD…]: runs a command, such as /lib/systemd/systemd, as process 1 of a machine of its
# own, as root. Processes, mounts, control groups and host name are its own, the network is this machine's. Its disk is
# this machine's with all changes kept in memory, and what lies in FOLDER/tree laid over it.
# Nothing is left when it ends, or when this script is told to.
set -eu

make_disk() {
    disk=$1/disk
    mkdir -p "$disk"
    mount -t tmpfs tmpfs "$disk"
    mkdir "$disk/upper" "$disk/work" "$disk/root"
    mount -t overlay overlay -o "lowerdir=/,upperdir=$disk/upper,workdir=$disk/work" "$disk/root"
    cd "$disk/root"
    mount -t proc proc proc
    # Settings of the kernel are not systemd's to make here.
    mount --bind proc/sys proc/sys && mount -o remount,bind,ro proc/sys
    mount -t sysfs -o ro sysfs sys
    mount -t cgroup2 cgroup2 sys/fs/cgroup
    mount -t tmpfs -o mode=755 tmpfs run
    mkdir run/lock
    mount -t tmpfs -o mode=755 tmpfs dev
    for device in null zero full random urandom tty; do
        : > "dev/$device"
        mount --bind "/dev/$device" "dev/$device"
    done
    mkdir dev/pts dev/shm dev/mqueue
    mount -t devpts -o newinstance,ptmxmode=666 devpts dev/pts
    ln -s pts/ptmx dev/ptmx
    ln -s /proc/self/fd dev/fd
    mkdir old
    cp -a "$1/tree/." .
    pivot_root . old
    umount -l /old
    # As systemd would do itself, were it not told that it is in a container.
    mount --make-rshared /
}

case ${1:-} in
--group)
    groups=$2
    shift 2
    mount -t cgroup2 cgroup2 "$groups"
    mkdir "$groups/dotm-$$"
    end() {
        trap - TERM INT
        kill -KILL "$child" 2> /dev/null || true
        wait "$child" 2> /dev/null || true
        # Processes that were killed leave their groups a moment later.
        for _ in 1 2 3 4 5 6 7 8 9 10; do
            find "$groups/dotm-$$" -depth -type d -exec rmdir {} + 2> /dev/null || true
            [ -d "$groups/dotm-$$" ] || break
            sleep 0.1
        done
    }
    sh -c 'echo $$ > "$1/cgroup.procs"; shift; exec unshare --mount --pid --fork --kill-child --uts --ipc --cgroup "$@"' \
        - "$groups/dotm-$$" "$0" --inside "$@" &
    child=$!
    trap 'end; exit 143' TERM INT
    code=0
    wait "$child" || code=$?
    end
    exit "$code"
    ;;
--inside)
    make_disk "$2"
    shift 2
    exec env -i container=other PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"
    ;;
*)
    mkdir -p "$1/groups"
    exec unshare --mount --propagation private "$0" --group "$1/groups" "$@"
    ;;
esac
