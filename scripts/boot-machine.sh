#!/bin/bash
# Boots a second Debian on this machine: systemd as PID 1 of namespaces of its own, over this machine's files, which it only
# reads; what it writes is gone with it. Network is a loopback of its own. As root.
# usage: scripts/boot-machine.sh FOLDER CHECKOUT BUILT
#   FOLDER is empty; FOLDER/init then names the process to enter by, `nsenter --all --target`. CHECKOUT and BUILT are
#   /mnt/checkout and /mnt/built inside, whatever else is mounted over them. Ends when standard input does.
set -eu

# In the namespaces: the files, then systemd.
if [ "${1:-}" = --inside ]; then
    folder=$2 checkout=$3 built=$4
    mount --make-rprivate /
    umount -l "$folder/groups"
    mkdir "$folder/root"
    mount --rbind / "$folder/root"
    mount --make-rprivate "$folder/root"
    cd "$folder/root"
    for path in dev proc sys run tmp var/tmp mnt; do
        while umount -q -R -l "$path"; do :; done
    done
    mount -o remount,bind,ro .
    mount -t proc proc proc
    mount -t sysfs -o ro sysfs sys
    mount -t cgroup2 cgroup2 sys/fs/cgroup
    for path in dev run tmp var/tmp var/lib var/log usr/local mnt; do mount -t tmpfs -o mode=755 tmpfs "$path"; done
    chmod 1777 tmp var/tmp
    # Settings of the kernel are everybody's.
    mount --bind proc/sys proc/sys
    mount -o remount,bind,ro proc/sys
    mkdir dev/shm dev/pts
    mount -t tmpfs -o mode=1777 tmpfs dev/shm
    mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts dev/pts
    ln -s pts/ptmx dev/ptmx
    ln -s /proc/self/fd dev/fd
    for device in null zero full random urandom tty; do
        touch "dev/$device"
        mount --bind "/dev/$device" "dev/$device"
    done
    mkdir mnt/checkout mnt/built mnt/etc mnt/outside
    mount -o ro --bind "$checkout" mnt/checkout
    mount -o ro --bind "$built" mnt/built
    # None of this machine's own services.
    cp -a etc/. mnt/etc/
    mount --bind mnt/etc etc
    rm -rf etc/systemd/system etc/machine-id
    mkdir etc/systemd/system
    systemd-id128 new >etc/machine-id
    printf '[Unit]\nWants=systemd-journald.service dbus.service\n' >etc/systemd/system/machine.target
    pivot_root . mnt/outside
    umount -l /mnt/outside
    export container=parley
    exec /lib/systemd/systemd --system --unit=machine.target --show-status=no
fi

# In a mount namespace: a control group for all of it, which ends empty and is removed.
if [ "${1:-}" = --around ]; then
    folder=$2
    mount --make-rprivate /
    mkdir "$folder/groups"
    mount -t cgroup2 cgroup2 "$folder/groups"
    group=$folder/groups/parley-machine-$$
    mkdir "$group"
    echo $$ >"$group/cgroup.procs"
    unshare --pid --mount --cgroup --ipc --uts --net --fork --kill-child --mount-proc \
        "$0" --inside "${@:2}" </dev/null &
    namespaces=$!
    echo $$ >"$folder/groups/cgroup.procs"
    init=""
    while [ -z "$init" ] && kill -0 "$namespaces"; do
        init=$(cat "/proc/$namespaces/task/$namespaces/children")
        sleep 0.02
    done
    echo "${init% }" >"$folder/init.new"
    mv "$folder/init.new" "$folder/init"
    cat >/dev/null
    kill -KILL "$namespaces" || true
    wait "$namespaces" || true
    # What was killed is not all gone yet.
    for _ in $(seq 200); do
        find "$group" -depth -type d -exec rmdir {} + 2>/dev/null && exit
        sleep 0.05
    done
    echo "the control group $group is not empty" >&2
    exit 1
fi

exec unshare --mount "$0" --around "$@"
