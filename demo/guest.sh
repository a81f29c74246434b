#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The demo's part in the guest: the administrator, who gives a device to a jail,
# and the jail. To be started by demo/run, which reads the marks in front of
# what this prints: "== " a heading, "$ " a command, "+ " a promise that was
# kept, "! " one that was broken, "=" the end.
#
#	guest.sh TEXT LINE...	LINE: what the jailed program is to send
#				TEXT: what the guest of the jailed monitor is to send
set -u

# An initramfs can't be left by pivot_root; a bind mount of it can.
if [ -z "${IN_BIND_MOUNT:-}" ]; then
	mkdir /run/root && mount --rbind / /run/root || exit 1
	IN_BIND_MOUNT=1 exec chroot /run/root "$0" "$@"
fi

cd /demo || exit 1
text=$1
shift
export PATH="$PATH:/demo"
uart=0000:00:04.0
uart_node=/dev/bario/0000-00-04.0
uart_sysfs=/sys/bus/pci/devices/$uart
uart_accesses=/sys/class/bario/0000-00-04.0/accesses
edu=0000:00:05.0
edu_node=/dev/bario/0000-00-05.0
other=0000:00:03.0
steps=0
broken=0

chown nobody $edu_node

step()	# what it does
{
	steps=$((steps + 1))
	printf '\n== %d. %s\n' $steps "$1"
}

# Shows a command and runs it; /tmp/out and $status are what came of it.
run()
{
	echo "\$ $1"
	eval "$1" >/tmp/out 2>&1
	status=$?
	sed 's/^/    /' /tmp/out
}

promise()	# text, command that succeeds if it was kept
{
	what=$1
	shift
	if "$@" >/dev/null 2>&1; then
		echo "+ $what"
	else
		echo "! $what"
		broken=$((broken + 1))
	fi
}

# All these patterns are in the output, and with that the command ended.
says()	# status, pattern...
{
	[ "$status" = "$1" ] || return 1
	shift
	for pattern; do
		grep -Eq -e "$pattern" /tmp/out || return 1
	done
}

# Tries something in a jail.
refused()	# errno, node, arguments of try
{
	run "jail nobody $2 try $3"
	promise "refused: $1" says 0 "^$1 "
}

bar_of_16550()
{
	says 0 && grep -A 1 "^$uart " /tmp/out | grep -q 'BAR 0: ports at 0x[0-9a-f]*, 8 bytes'
}

is()	# line...
{
	printf '%s\n' "$@" | cmp -s - /tmp/out
}

only_files()	# path...
{
	printf 'file: %s\n' "$@" >/tmp/want
	grep '^file: ' /tmp/out | sort | cmp -s - /tmp/want
}

no_driver()
{
	[ ! -e $uart_sysfs/driver ]
}

claimed()
{
	range=$(sed 's/0x0*\([0-9a-f]*\) 0x0*\([0-9a-f]*\) .*/\1-\2/;q' $uart_sysfs/resource)
	grep -q " $range : bario\$" /proc/ioports
}

nothing_claimed()
{
	! grep -q bario /proc/ioports /proc/iomem
}

config()	# the header, as the kernel reads it
{
	dd if=$uart_sysfs/config bs=64 count=1 2>/dev/null | od -An -tx1
}

one_by_one()
{
	says 0 "^guest: $(($(cat $uart_accesses) - before)) accesses to the BAR$"
}

within()	# seconds, command
{
	left=$(($1 * 10))
	shift
	until "$@"; do
		left=$((left - 1))
		[ $left -gt 0 ] || return 1
		sleep 0.1
	done
}

step "The PCI devices and their BARs, asked for by an ordinary user"
run "su nobody -c list"
promise "the 16550 is in the list, with a port BAR" bar_of_16550
run "su nobody -c 'uart $uart Hello'"
promise "for more than a look, /dev/pci is not this user's" says 1 "/dev/pci .* Permission denied"

step "The administrator gives user nobody one device: the 16550, $uart"
run "chown nobody $uart_node; ls -l $uart_node"
promise "its node is nobody's, and nobody else's" says 0 "^crw------- +1 nobody "

step "A program in a jail with that node looks around"
run "jail nobody $uart_node look"
promise "it runs as user nobody" says 0 "user 65534, group 65534, 0 more groups"
promise "it has no capabilities, and can't get any" \
	says 0 "permitted 00*, inheritable 00*, bounding set: 0 of" "by exec: none"
promise "processes and network are its own" says 0 "^process 1 " "^network: lo$"
promise "files: the program and one device" only_files / "/dev/" "/dev/pci (device)" /look
promise "no /dev/port, no /dev/mem, no /proc, no /sys" says 0 \
	"^/dev/port: No such file" "^/dev/mem: No such file" "^/proc: No such file" "^/sys: No such file"
run "jail nobody $uart_node list"
promise "PCIOCGETCONF knows this one device" says 0 "^$uart " "^1 device$"

step "The jailed program wants the 16550 while the kernel's driver has it"
run "readlink $uart_sysfs/driver"
promise "the serial driver is bound" says 0 "/serial$"
run "jail nobody $uart_node uart $uart 'Not to be seen'"
promise "refused: EBUSY" says 1 "Device or resource busy"
promise "the message says what to do" says 1 "echo $uart > $uart_sysfs/driver/unbind"

step "The administrator unbinds that driver"
run "echo $uart > $uart_sysfs/driver/unbind"
promise "no driver is bound" no_driver

step "The jailed program drives the 16550, with PCIOCBARIO on its port BAR alone"
mkfifo /tmp/lines
echo "\$ jail nobody $uart_node uart $uart </tmp/lines &"
jail nobody $uart_node uart $uart </tmp/lines >/tmp/uart 2>&1 &
exec 3<>/tmp/lines
for line; do
	run "echo '$line' >/tmp/lines"
done
promise "while it runs, its claim is in /proc/ioports" within 60 claimed
run "grep bario /proc/ioports"
echo "Its input ends, and so does it. It said:"
exec 3>&-
wait $!
status=$?
tee /tmp/out </tmp/uart | sed 's/^/    /'
promise "the FIFO is on" says 0 ": 115200 8N1, FIFO on$"
promise "it sent all, polling the line status" \
	says 0 ": [1-9][0-9]* bytes sent, line status polled [1-9][0-9]* times$"
promise "its end was the claim's end" nothing_claimed
echo "What has it left in the line control register, and, behind bit 7 of that, in the divisor?"
run "jail nobody $uart_node try read $uart 0 3 1"
promise "8 bits, no parity, 1 stop bit" says 0 '^0x03$'
run "jail nobody $uart_node try write $uart 0 3 1 0x83"
run "jail nobody $uart_node try read $uart 0 0 1; jail nobody $uart_node try read $uart 0 1 1"
promise "115200 / 0x0001 bits per second" is 0x01 0x00
run "jail nobody $uart_node try write $uart 0 3 1 0x03"

step "Jailed programs try what they must not"
before=$(config)
echo "Another device:"
refused ENODEV $uart_node "read $other 0 0 1"
echo "Past the end of the BAR's eight ports:"
refused EINVAL $uart_node "read $uart 0 8 1"
refused EINVAL $uart_node "read $uart 0 7 2"
echo "Configuration space, to let the device reach memory:"
refused EACCES $uart_node "config-write $uart 4 2 7"
promise "its registers are as they were" [ "$(config)" = "$before" ]
echo "A dword of a memory BAR that is not aligned (another jail, with $edu in it):"
refused EINVAL $edu_node "read $edu 0 2 4"
run "jail nobody $edu_node try read $edu 0 0 4"
promise "and one that is" says 0 "^0x010000ed$"

step "The administrator hands a jail one register of $edu, to read, and takes it back"
run "hand $edu_node $edu 0 0 4 2 jail nobody - watch $edu 0 0"
promise "without any node, the program reads it" says 0 "^the register: 0x010000ed$"
promise "but can't write it: EACCES" says 0 "^to write it: EACCES$"
promise "and the next register not at all: EACCES" says 0 "^to read the next: EACCES$"
promise "revoked after two seconds, it is gone: ENODEV" \
	says 0 "^then it reads, until: ENODEV$"
promise "and so is its claim" nothing_claimed

step "A jailed monitor boots a guest under KVM, and passes it the 16550, as bhyve does"
run "modprobe kvm-amd || modprobe kvm-intel; chown nobody /dev/kvm; ls -l /dev/kvm"
promise "this guest can have guests (if not: BARIO_VM_ACCEL=tcg)" says 0 "^crw------- +1 nobody "
before=$(cat $uart_accesses)
run "jail nobody $uart_node,/dev/kvm vmm '$text' <uart.payload"
promise "its guest finds the 16550 on a PCI bus" says 0 "^guest: 21b36, BAR 0: 8 ports at "
promise "and drives it" says 0 "^guest: $((${#text} + 1)) bytes sent$"
promise "each access of the guest's was one PCIOCBARIO" one_by_one
promise "ports outside the BAR: all ones" says 0 "^guest: ports outside the BAR: 0 answers$"
run "jail nobody $edu_node,/dev/kvm vmm <edu.payload"
promise "a memory BAR is mapped into the guest" says 0 "^guest: at c0000000: id 10000ed, "
promise "and moves where the guest wants it" says 0 "^guest: at d0000000: id 10000ed, "
promise "the monitor's end is the claim's end" nothing_claimed

echo "="
[ $broken -eq 0 ]
