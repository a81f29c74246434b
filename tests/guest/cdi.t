#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Containers of a real engine, podman with crun, in the guest: what they reach of a
# device that they get by the name that bario grant --cdi has written down, and by
# the node's path, as docs/containers.md has it.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

for program in podman crun conmon; do
	type $program >/dev/null 2>&1 || skip_all "no $program here"
done

engine=$out/engine
image=$engine/image
mkdir -p "$engine/etc/containers" "$image/bin"
# The guest's root is an initramfs, which can't be pivoted away.
cat >"$engine/etc/containers/containers.conf" <<'END'
[engine]
no_pivot_root = true
cgroup_manager = "cgroupfs"
events_logger = "none"
runtime = "crun"
[containers]
log_driver = "none"
END
cat >"$engine/etc/containers/storage.conf" <<'END'
[storage]
driver = "vfs"
graphroot = "/var/lib/containers/storage"
runroot = "/run/containers/storage"
END

build()
{
	make -s -C "$top/tools" &&
		"${CC:-cc}" -std=c11 -D_GNU_SOURCE -O2 -static -I"$top/include/compat" \
			-o "$image/bin/try" "$top/demo/try.c"
}
need "the programs build" build
cp /bin/busybox "$image/bin/sh"
cp "$top/build/bario" "$image/bin/bario"
ldd "$top/build/bario" | grep -o '/[^ ]*' | while read -r library; do
	mkdir -p "$image${library%/*}"
	cp -L "$library" "$image$library"
done

# What a container finds: a line for each thing, after the container's name
cat >"$image/look" <<'END'
say() { echo "$name: $1: $(shift; "$@" 2>&1 | tr '\n' ' ')"; }
name=$1
ls() { (cd "/dev$1" 2>/dev/null && echo *); }
say pci ls /bario
say read try read 0000:00:05.0 0 0 4
say write try write 0000:00:05.0 0 4 4 1
say next try read 0000:00:05.0 0 8 4
say other try read 0000:00:06.0 0 0 4
say config-write try config-write 0000:00:05.0 4 2 6
say tool bario read 00:05.0 ID
say second bario read 00:0c.0 ID
say module bario read pci:00:05.0 ID
say sysfs bario read sysfs:00:0c.0 ID
say sysfs-write bario write sysfs:00:0c.0 LIVENESS=1
say caps grep -E 'Cap(Prm|Eff|Bnd)' /proc/self/status
say ids id
say memory try open /dev/mem
END

cat >"$out/inside" <<'END'
# container NAME OPTION...
container()
{
	name=$1
	shift
	podman run --rm --network none --cap-drop all "$@" --rootfs /image sh /look "$name" 2>&1 ||
		echo "$name: ended with $?"
}

mkdir -p /var/lib /var/tmp
mount -t cgroup2 cgroup2 /sys/fs/cgroup
bario grant publish adc 00:05.0 0+0/8:r
bario grant --cdi >/all
bario grant --cdi adc /dev/bario/0000-00-05.0 00:05.0 1234:11e8#1 >/some
echo "all: $(ls /dev/bario | tr '\n' ' ')"
echo "all.json: $(cat /all)"
echo "some.json: $(cat /some)"
. /to-cdi
# Other numbers: engines must look at the nodes, not into the file.
before=$(stat -c %T /dev/bario/0000-00-05.0)
rmmod bario
insmod /lib/modules/bario.ko
[ "$before" = "$(stat -c %T /dev/bario/0000-00-05.0)" ] || echo "numbers: changed"
container name --device bario/pci=0000-00-05.0
container path --device /dev/bario/0000-00-05.0:/dev/pci
container none
container absent --device bario/pci=none

bario grant publish adc 00:05.0 0+0/8:r
chgrp 70 /dev/bario/adc
chmod 660 /dev/bario/adc
bario grant --cdi >/etc/cdi/bario.json
container stranger --device bario/pci=adc --user 1000:1000
container member --device bario/pci=adc --user 1000:1000 --group-add 70
container two --device bario/pci=0000-00-05.0 --device bario/pci=0000-00-0c.0 \
	--security-opt mask=/sys/devices
# As root of the container, with a node of its own making.
podman run --rm --network none --cap-drop all --cap-add mknod --rootfs /image \
	sh -c 'mknod /dev/pci c $1 $2; echo "made: $(ls /dev/pci) $(try open /dev/pci)"' - \
	$((0x$(stat -c %t /dev/bario/0000-00-05.0))) $((0x$(stat -c %T /dev/bario/0000-00-05.0))) 2>&1
END

# As the manual has them.
sed -n 's/^# \(.*\/etc\/cdi\)/\1/p' "$top/man/bario.8" >"$out/to-cdi"
ok "docs/containers.md has the same commands" \
	grep -qF "\`$(paste -sd '&' "$out/to-cdi" | sed 's/&/ \&\& /')\`" "$top/docs/containers.md"
# podman wants it since version 5, for networks that are not there.
network=()
netavark=/usr/lib/podman/netavark
[ ! -x $netavark ] || network=(--put "$netavark:$netavark")
"$top/tests/vm/run" ${KERNEL:+--kernel "$KERNEL"} "${network[@]}" --put "$engine:/" --put "$top/build/bario" \
	--put "$(command -v podman)" --put "$(command -v crun)" --put "$(command -v conmon):/usr/bin/conmon" \
	--put "$out/inside:/inside" --put "$out/to-cdi:/to-cdi" -- sh /inside >"$out/now" 2>"$out/err"
guest_ended $? "$out/now" "$out/err"

node()	# path, name, mode, group
{
	echo "\{\"path\":\"$1\",\"hostPath\":\"/dev/bario/$2\",\"type\":\"c\",\"permissions\":\"rw\",\"fileMode\":$3,\"uid\":0,\"gid\":$4\}"
}

device()	# name
{
	echo "\{\"name\":\"$1\",\"containerEdits\":\{\"deviceNodes\":\[$(node /dev/pci "$1" 384 0),$(node "/dev/bario/$1" "$1" 384 0)\]\}\}"
}

specification()	# name...
{
	local list='' name

	for name in "$@"; do
		list+="${list:+,}$(device "$name")"
	done
	echo "\{\"cdiVersion\":\"0.5.0\",\"kind\":\"bario/pci\",\"devices\":\[$list\]\}"
}

read -r -a nodes < <(sed -n 's/^all: //p' "$out/now")
ok "the guest has nodes" test "${#nodes[@]}" -gt 10
ok "--cdi has them all" says "$out/now" all.json "$(specification "${nodes[@]}")"
ok "--cdi with names, nodes and devices has each once" says "$out/now" some.json \
	"$(specification adc 0000-00-05.0 0000-00-0c.0)"
ok "the nodes have other numbers after the module was loaded again" says "$out/now" numbers changed
for way in name path; do
	ok "by $way: a register is read" says "$out/now" $way:.read 0x010000ed
	ok "by $way: a register is written" says "$out/now" $way:.write 0x00000001
	ok "by $way: another device cannot be read: ENODEV" says "$out/now" $way:.other 'ENODEV \(No such device\)'
	ok "by $way: the command register cannot be written: EACCES" says "$out/now" $way:.config-write 'EACCES \(Permission denied\)'
	ok "by $way: bario reads the device" says "$out/now" $way:.tool 'ID 0x010000ed.*'
	ok "by $way: bario reads no other device" says "$out/now" $way:.second 'bario: .*'
	ok "by $way: the container has no capability" says "$out/now" $way:.caps '(Cap(Prm|Eff|Bnd):[[:space:]]0{16} ?){3}'
	ok "by $way: the container has no /dev/mem" says "$out/now" $way:.memory 'ENOENT .*'
done
ok "by name: /dev/bario has the node" says "$out/now" name:.pci 0000-00-05.0
ok "without a device there is no /dev/pci" says "$out/now" none:.read "try: /dev/pci can't be opened .*: No such file or directory"
ok "without a device bario finds no node" says "$out/now" none:.module 'bario: .*modprobe bario'
# What the manual warns of.
ok "without a device root can read BARs through /sys" says "$out/now" none:.sysfs 'ID 0x010000ed.*'
ok "without a device root cannot write BARs through /sys" says "$out/now" none:.sysfs-write 'bario: .*'
ok "a name that is not in the file cannot be resolved" test "$(grep -c 'unresolvable .*bario/pci=none' "$out/now")" = 1
ok "a name that is not in the file starts no container" says "$out/now" absent 'ended with 12[56]'
ok "a user outside the group of a node cannot open it" says "$out/now" stranger:.read "try: /dev/pci can't be opened .*: Permission denied"
ok "a user in the group of a node is that user" says "$out/now" member:.ids 'uid=1000 gid=1000 groups=70,1000'
ok "a user in the group of a node reads what was published" says "$out/now" member:.read 0x010000ed
ok "a user in the group of a node cannot write what was published for reading: EACCES" says "$out/now" member:.write 'EACCES \(Permission denied\)'
ok "a user in the group of a node cannot read the next register: EACCES" says "$out/now" member:.next 'EACCES \(Permission denied\)'
ok "a user in the group of a node cannot read BARs through /sys" says "$out/now" member:.sysfs 'bario: .*no permission to open .*'
ok "two devices: the first is read" says "$out/now" two:.tool 'ID 0x010000ed.*'
ok "two devices: the second is read" says "$out/now" two:.second 'ID 0x010000ed.*'
ok "two devices: /dev/bario has both nodes" says "$out/now" two:.pci '0000-00-05.0 0000-00-0c.0'
ok "two devices: no BAR is read through a masked /sys" says "$out/now" two:.sysfs 'bario: .*'
ok "a node that the container makes cannot be opened: EPERM" says "$out/now" made '/dev/pci EPERM .*'
finish
