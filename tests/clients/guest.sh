#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# FreeBSD's clients in the guest, compared with what sysfs says: as root on
# /dev/pci, as a user that may read it, and as one that has one device's node by
# that name. Prints TAP. To be started by tests/guest/clients.t.
set -u

# An initramfs can't be left by pivot_root, as jail does; a bind mount of it can.
if [ -z "${IN_BIND_MOUNT:-}" ]; then
	mkdir /run/root && mount --rbind / /run/root || exit 1
	IN_BIND_MOUNT=1 exec chroot /run/root "$0" "$@"
fi

sysfs=/sys/bus/pci/devices
edu=00:05.0
node=/dev/bario/0000-00-05.0
uart=/dev/bario/0000-00-04.0
dpdk="dpdk --no-huge -m 64 --no-shconf --no-telemetry -l 0 --log-level 1"
mkdir -p /tmp/clients /var/run
cd /tmp/clients || exit 1
# shellcheck source=tests/tap.sh
. /tap.sh
chown nobody $node $uart

same()	# expected, got: files
{
	[ -s "$1" ] && diff "$1" "$2"
}

all_ones()	# file, lines of lspci's
{
	cat "$1"
	[ "$(grep -cE '^[0-9a-f]{3}:( ff){16}$' "$1")" = "$2" ] && [ "$(wc -l <"$1")" = "$2" ]
}

# Runs a command; $status, and what it prints in the file out.
run()
{
	"$@" >out 2>&1
	status=$?
}

says()	# status, text
{
	cat out
	[ "$status" = "$1" ] && grep -qF -e "$2" out
}

user()	# command line
{
	run su nobody -c "$1"
}

config()	# offset, bytes: of edu's configuration space, in sysfs
{
	od -An -v -tx1 -j "$1" -N "$2" "$sysfs/0000:$edu/config" | tr -d ' \n'
}

holds()	# offset, bytes, expected
{
	got=$(config "$1" "$2")
	echo "it holds $got"
	[ "$got" = "$3" ]
}

# ---- what the clients should print, from sysfs ----
# -b: what the registers hold. Drivers and slots are what the back end for
# FreeBSD never asks for.
lspci_wanted()	# option...
{
	linux-lspci -A linux-sysfs -b -nvv "$@" |
		grep -vE '^	(Kernel driver in use|Kernel modules|Physical Slot): '
}

# Without configuration space a client knows neither revision nor interface, and
# takes each BAR for a memory BAR of 32 bits.
lspci_wanted_readonly()
{
	linux-lspci -A linux-sysfs -nv | sed -n \
		-e 's/^\(..:..\.. ....: ....:....\).*/\1/p' \
		-e 's/^	Memory at \([0-9a-f]*\) .* \(\[size=.*\]\)/	Memory at \1 (32-bit, non-prefetchable) \2/p' \
		-e 's/^	I\/O ports at \(...\). \(\[size=.*\]\)/	Memory at 0000\10 (32-bit, non-prefetchable) \2/p' \
		-e '/^$/p'
}

# libpciaccess clears four bits of a port BAR's address, where two are flags.
scanpci_wanted()
{
	linux-scanpci -v | sed 's/^\(  BASE[0-5]  *0x[0-9a-f]*\)[0-9a-f] \(SIZE [0-9]*  I\/O\)/\10 \2/'
}

lstopo_wanted()
{
	lstopo --whole-io -v --of console | grep -E 'Bridge|PCI' | sed 's/ PCISlot=[^ )]*//'
}

drivers()
{
	for driver in "$sysfs"/*/driver; do
		driver=${driver%/driver}
		echo "${driver##*/}"
	done
}

# DPDK clears the same four bits.
dpdk_wanted()	# text instead of configuration space or "", end of the addresses
{
	for dir in "$sysfs"/*"$2"; do
		printf '%s %s:%s %s' "${dir##*/}" "$(cut -c 3- "$dir/vendor")" \
			"$(cut -c 3- "$dir/device")" "$(cut -c 3- "$dir/class")"
		bar=0
		while [ $bar -lt 6 ] && read -r start end flags; do
			if [ $((end)) = 0 ]; then
				:
			elif [ $((flags & 0x100)) != 0 ]; then
				printf ' bar%d=ports:%#x+%#x' $bar $((start & ~0xf)) $((end - start + 1))
			else
				printf ' bar%d=memory:%#x+%#x' $bar $((start)) $((end - start + 1))
			fi
			bar=$((bar + 1))
		done <"$dir/resource"
		if [ -n "$1" ]; then
			echo " $1"
		else
			od -An -v -tx1 -N 64 "$dir/config" | tr -d '\n'
			echo
		fi
	done
}

all_config()
{
	cat $sysfs/*/config | md5sum
}

# ---- root, on /dev/pci ----
before=$(all_config)
lspci -nvvxxx >got
lspci_wanted -xxx >want
ok "lspci -vvxxx prints what it prints on sysfs" same want got
ls $sysfs >want
lspci -Dn | cut -d ' ' -f 1 >got
ok "lspci lists all functions, in more than one request" same want got
ok "the guest has more than 32 functions" test "$(wc -l <want)" -gt 32
lspci_wanted -xxxx -s 03:00.0 >want
lspci -nvvxxxx -s 03:00.0 >got
ok "lspci -xxxx: all 4096 bytes" same want got
lspci -nxxxx -s $edu | sed -n '/^100:/,/^ff0:/p' >got
ok "behind the 256 bytes that a conventional function has: all ones" all_ones got 240
linux-lspci -A linux-sysfs -nt >want
lspci -nt >got
ok "lspci -t: the same tree" same want got
scanpci_wanted >want
scanpci -v >got
ok "scanpci -v (libpciaccess) prints what it prints on sysfs" same want got
drivers >want
attached >got
ok "libpciaccess knows which functions have a driver" same want got
lstopo_wanted >want
HWLOC_COMPONENTS=no_os,pci,stop lstopo --whole-io -v --of console | grep -E 'Bridge|PCI' >got
ok "lstopo (hwloc) finds the devices and bridges that it finds in sysfs" same want got
dpdk_wanted "" "" >want
sh -c "$dpdk" >got
ok "DPDK finds the functions, their BARs and their configuration" same want got
ok "no client changes configuration space" test "$before" = "$(all_config)"

run setpci -s $edu vendor_id
ok "setpci reads" says 0 1234
setpci -s $edu 3c.b=5a
ok "setpci writes 1 byte" holds 0x3c 1 5a
setpci -s $edu 4c.w=a987
ok "setpci writes 2 bytes" holds 0x4c 2 87a9
setpci -s $edu 44.l=fee01230
ok "setpci writes 4 bytes" holds 0x44 4 3012e0fe
setpci -s $edu 3c.b=c0:f0
ok "setpci writes some bits of a byte" holds 0x3c 1 ca

# ---- a user that may read /dev/pci ----
linux-lspci -A linux-sysfs -n | sed 's/ (.*//' >want
user "lspci -n 2>/dev/null"
ok "a user: lspci lists all functions" same want out
lspci_wanted_readonly >want
user "lspci -nv 2>/dev/null"
ok "a user: lspci lists addresses and sizes of BARs" same want out
user "setpci -s $edu vendor_id"
ok "a user: setpci reads nothing" says 0 "fbsd_read: missing permissions"
user "setpci -s $edu 3c.b=11"
ok "a user: setpci writes nothing, and says so" says 0 "fbsd_write: missing permissions"
ok "the byte is as it was" holds 0x3c 1 ca
user "scanpci -v"
ok "a user: scanpci has no permission" says 1 "Permission denied"
dpdk_wanted "no config" "" >want
user "$dpdk"
ok "a user: DPDK finds functions and BARs, but no configuration" same want out

# ---- a user with one device's node as /dev/pci ----
lspci_wanted -xxx -s $edu >want
jail nobody $node /bin/lspci -nvvxxx >got
ok "a jail: lspci -vvxxx prints the one device" same want got
jail nobody $node /bin/scanpci -v >got
scanpci_wanted | awk -v RS= '/ bus 0x0000 cardnum 0x05 / { print "\n" $0 }' >want
ok "a jail: scanpci -v prints the one device" same want got
run jail nobody $node /bin/setpci -s $edu vendor_id
ok "a jail: setpci reads the device" says 0 1234
run jail nobody $node /bin/setpci -s $edu 3c.b=22
ok "a jail: setpci says that a write is refused" says 1 "ioctl(PCIOCWRITE) failed: Permission denied"
ok "the byte is as it was" holds 0x3c 1 ca
run jail nobody $node /bin/setpci -s 00:03.0 vendor_id
ok "a jail: another device does not exist" says 0 "No devices selected"
run jail nobody $uart /bin/attached
ok "a jail: libpciaccess knows that the device has a driver" says 0 0000:00:04.0
# These two want more of a system than jail leaves them.
confined()	# command line
{
	run unshare -m sh -c "mount --bind $node /dev/pci && exec su nobody -c '$1'"
}
confined "HWLOC_COMPONENTS=no_os,pci,stop lstopo --whole-io -v --of console"
ok "a jail: lstopo finds the device" says 0 "PCI L#0 (busid=0000:$edu id=1234:11e8 class=00ff(Other))"
ok "a jail: lstopo finds nothing else" test "$(grep -c busid= out)" = 1
dpdk_wanted "" $edu >want
confined "$dpdk"
ok "a jail: DPDK finds only the device, with its configuration" same want out

finish
