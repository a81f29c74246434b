#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The monitor, examples/vmm, in a jail: what its guests see of a passed function,
# and what the device sees of them. In the environment, RANDOM_ACCESSES: how many
# the hostile guest does (20000).
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

vmm=$top/build/examples/vmm

build()
{
	make -s -C "$top/examples/vmm" &&
		"${CC:-cc}" -std=c11 -D_GNU_SOURCE -O2 -static -o "$out/jail" "$top/demo/jail.c" &&
		"${CC:-cc}" -std=c11 -D_GNU_SOURCE -O2 -static -o "$out/look" "$top/demo/look.c"
}

# What runs in the guest. An initramfs can't be left by pivot_root, so in a bind
# mount of it. A line "== NAME" is before what NAME has said.
cat >"$out/inside" <<'END'
if [ -z "${IN_BIND_MOUNT:-}" ]; then
	mkdir /run/root && mount --rbind / /run/root || exit 1
	IN_BIND_MOUNT=1 exec chroot /run/root sh "$0" "$@"
fi
trace=$1
accesses=$2
devices=/sys/bus/pci/devices

vmm()	# NODE PAYLOAD ARGUMENT...
{
	node=/dev/bario/$1
	payload=/vmm/$2.payload
	shift 2
	jail nobody "$node,/dev/kvm" /bin/vmm "$@" <"$payload"
}

run()	# NAME COMMAND...
{
	echo "== $1"
	shift
	"$@" 2>&1
	echo "status $?"
}

traced()	# NAME COMMAND...
{
	monitor logfile "$trace.$1"
	# Any class will do: events are traced to the log once it is on.
	monitor log guest_errors
	for event in memory_region_ops_read memory_region_ops_write pci_cfg_write; do
		monitor trace-event $event on
	done
	run "$@"
	for event in memory_region_ops_read memory_region_ops_write pci_cfg_write; do
		monitor trace-event $event off
	done
	monitor log none
}

within()	# SECONDS COMMAND...: until it succeeds
{
	left=$(($1 * 10))
	shift
	until "$@"; do
		left=$((left - 1))
		[ $left -gt 0 ] || return 1
		sleep 0.1
	done
}

watching()
{
	grep -qs '^guest: at' /tmp/watch
}

# A function is taken away while its guest looks on.
loses()	# NODE COMMAND...
{
	rm -f /tmp/watch
	vmm "$1" watch >/tmp/watch 2>&1 &
	shift
	within 300 watching || echo "it does not begin"
	ls -l /proc/"$(pidof vmm)"/fd >/tmp/fds
	"$@"
	if ! within 300 no_process $!; then
		echo "it does not end"
		kill -9 "$(pidof vmm)"
	fi
	wait $!
	ended=$?
	cat /tmp/watch
	return $ended
}

no_process()
{
	! kill -0 "$1" 2>/dev/null
}

hot()	# NODE
{
	monitor device_add edu,bus=rp0,id=hot
	within 300 test -e "/dev/bario/$1"
	chown nobody "/dev/bario/$1"
}

remove()
{
	echo 1 >$devices/0000:00:0b.0/remove
}

# Whichever processor this is.
modprobe kvm-amd || modprobe kvm-intel || exit 77
run "no kvm" vmm 0000-00-05.0 edu
chown nobody /dev/kvm
run "not nobody's" vmm 0000-00-05.0 edu
chown nobody /dev/bario/0000*
run "all of /dev/pci" /bin/vmm </vmm/edu.payload
run "no node" jail nobody -,/dev/kvm /bin/vmm </vmm/edu.payload
run "no payload" jail nobody /dev/bario/0000-00-05.0,/dev/kvm /bin/vmm </dev/null
run "a bridge" vmm 0000-00-09.0 edu
run "driver" vmm 0000-00-04.0 uart
for function in 4 b; do
	echo 0000:00:0$function.0 >$devices/0000:00:0$function.0/driver/unbind
done
run jail jail nobody /dev/bario/0000-00-05.0,/dev/kvm /bin/look
traced uart vmm 0000-00-04.0 uart "A guest of a guest" "speaks."
echo "resource $(head -n 1 $devices/0000:00:04.0/resource)"
echo "kernel: $(cat /sys/class/bario/0000-00-04.0/accesses) accesses to the BAR"
traced edu vmm 0000-00-05.0 edu
run bench vmm 0000-00-04.0 bench 500
run "bench of memory" vmm 0000-00-05.0 bench
run "wrong payload" jail nobody /dev/bario/0000-00-05.0,/dev/kvm /bin/vmm </bin/jail
traced random vmm 0000-03-00.0 random "$accesses"
traced msix vmm 0000-03-00.0 msix
run "random ports" vmm 0000-00-0b.0 random "$accesses" 2
hot 0000-02-00.0
run unplugged loses 0000-02-00.0 monitor device_del hot
cat /tmp/fds
run removed loses 0000-00-0b.0 remove
run "a driver comes" loses 0000-00-06.0 modprobe e1000
END

section()	# NAME
{
	part "$out/said" "$1"
}

ended()	# NAME STATUS PATTERN...: that section ended so and has these lines, whole
{
	local name=$1 text pattern bad=0

	text=$(section "$name")
	grep -qx "status $2" <<<"$text" || bad=1
	shift 2
	for pattern; do
		grep -qxE -- "$pattern" <<<"$text" || { echo "not said: $pattern"; bad=1; }
	done
	[ "$bad" = 0 ] || echo "$text"
	return "$bad"
}

same_as()	# NAME PATTERN NUMBER: that section has so many such lines
{
	[ "$(section "$1" | grep -cE -- "$2")" = "$3" ]
}

need "the monitor builds" build
# One processor: KVM patches the kernel's code for each first guest, and emulated
# processors may run what another one has just patched (see tests/vm/machine.sh).
"$top/tests/vm/run" ${KERNEL:+--kernel "$KERNEL"} --smp 1 --put "$vmm:/vmm" --put "$vmm/vmm" \
	--put "$out/jail" --put "$out/look" --put "$out/inside:/inside" -- \
	sh /inside "$out/trace" "${RANDOM_ACCESSES:-20000}" >"$out/said" 2>"$out/stderr"
status=$?
[ "$status" != 77 ] || skip_all "no KVM in the guest: $(tail -n 1 "$out/stderr")"
guest_ended "$status" "$out/stderr"

# ---- what is not as it should be, at the start ----
ok "start: /dev/kvm of another user is refused" ended "no kvm" 121 "vmm: /dev/kvm can't be opened.*: Permission denied"
ok "start: a node of another user is refused" \
	ended "not nobody's" 121 "vmm: /dev/pci can't be opened for reading and writing: Permission denied"
ok "start: a missing node is refused" ended "no node" 121 "vmm: /dev/pci can't be opened .*: No such file or directory"
ok "start: /dev/pci of all functions is refused" \
	ended "all of /dev/pci" 121 "vmm: /dev/pci shows more than one function: give it .*"
ok "start: a missing payload is refused" ended "no payload" 121 "vmm: no payload on standard input"
ok "start: a malformed payload is refused" ended "wrong payload" 120 "vmm: the guest .*"
ok "start: a bridge is refused" ended "a bridge" 121 "vmm: 0000:00:09.0 is a bridge: that can't be passed"
ok "start: a bound driver is named, with what to do" \
	ended driver 1 "vmm: 0000:00:04.0: driver serial is bound: what it holds is refused; unbind it" \
	"vmm: 0000:00:04.0: 1-byte write at 0x7 in BAR 0: PCIOCBARIO: Device or resource busy: .*" \
	"guest: no 16550 there"

# ---- in the jail ----
ok "jail: the monitor is nobody, without capabilities" ended jail 0 "process 1 .* user 65534, group 65534, 0 .*" \
	"capabilities: permitted 0+, inheritable 0+, bounding set: 0 of [0-9]+"
files=$(section jail | sed -n 's/^file: //p' | sort | xargs)
ok "jail: the monitor sees two devices and itself" \
	test "$files" = "/ /dev/ /dev/kvm (device) /dev/pci (device) /look"
# Beyond standard input, output and error.
opened=$(sed -nE 's!^l.* ([3-9]|[1-9][0-9]+) -> !!p' "$out/said" | xargs)
ok "jail: the monitor has /dev/kvm and /dev/pci open, and what KVM made" \
	test "${opened//\/run\/root/}" = "/dev/kvm anon_inode:kvm-vm anon_inode:kvm-vcpu:0 /dev/pci"

# ---- a port BAR: accesses one by one ----
traced_writes()	# NAME REGION
{
	grep -E "^memory_region_ops_write .*'$2'\$" "$out/trace.$1"
}

# Of the 16550's eight ports, as the host's machine has them.
uart_cycles()
{
	local base

	base=$(sed -n 's/^resource \(0x[0-9a-f]*\) .*/\1/p' "$out/said")
	awk -v first="$((base))" -v hex="0123456789abcdef" '
		/^memory_region_ops_.*\047serial\047$/ {
			for (i = 1; $i != "addr"; i++)
				;
			at = 0
			for (j = 3; j <= length($(i + 1)); j++)
				at = at * 16 + index(hex, substr($(i + 1), j, 1)) - 1
			if (at >= first && at < first + 8)
				print
		}' "$out/trace.uart"
}

none_stray()
{
	! grep -E 'value 0x(9d)+ ' "$out/trace.uart"
}

ok "the guest drives the 16550" ended uart 0 "guest: 21b36, BAR 0: 8 ports at 1000" \
	"guest: 27 bytes sent" "guest: ports outside the BAR: 0 answers"
ok "host: the text came out of its line" \
	cmp "$out/serial.txt" <(printf 'A guest of a guest\nspeaks.\n')
said=$(section uart | sed -n 's/^guest: \([0-9]*\) accesses to the BAR$/\1/p')
counted=$(sed -n 's/^kernel: \([0-9]*\) accesses to the BAR$/\1/p' "$out/said")
ok "each access of the guest is one request ($said, $counted)" \
	test -n "$said" -a "$said" = "$counted"
# The 16550 has eight bits: two bytes at once are two of its cycles.
cycles=$(uart_cycles | wc -l)
ok "host: each access of the guest is one cycle ($cycles)" test "$cycles" = $((said + 1))
ok "host: nothing that it wrote to other ports came anywhere" none_stray

# ---- a memory BAR: mapped ----
edu_writes()
{
	traced_writes edu edu-mmio | grep -c 'value 0x12345678 size 4'
}
ok "the guest finds edu, where it moves it, and nowhere with decoding off" \
	ended edu 0 "guest: 11e81234, BAR 0: 1048576 bytes at c0000000" \
	"guest: at c0000000: id 10000ed, inverse of 12345678 edcba987" \
	"guest: at d0000000: id 10000ed, inverse of 12345678 edcba987" \
	"guest: the factorial of 10 is 3628800" "guest: all as it should be"
ok "host: each write to edu arrives once" test "$(edu_writes)" = 2

# ---- capabilities, MSI-X ----
ok "MSI-X: the guest's table, and the capabilities that it sees" ended msix 0 \
	"guest: 10d38086, COMMAND reads 7, capabilities 1 10 11" \
	"guest: MSI-X, control 8004, 5 entries, BAR 3" \
	"guest: entry 0: address fee00000, data 4041"
ok "host: nobody wrote the device's table" test -z "$(traced_writes msix msix-table)"

# ---- a hostile guest ----
# Reads of BARs, and writes, go to this device; the rest is the machine's own.
strangers()
{
	sed -nE "s/^memory_region_ops_.* addr (0x[0-9a-f]+) .* name '(.*)'\$/\2 \1/p" "$out/trace.random" |
		sed -E 's/^serial 0x[23][ef][89a-f]$/console/' |
		grep -vE '^(e1000e-|console|apic|ioapic|kvm-|pci-conf-|pcie-mmcfg-|acpi-|rtc|hpet|pic|i8042-|io )' |
		sort | uniq -c | tee "$out/strangers" | head -n 5
}

config_writes()
{
	grep '^pci_cfg_write ' "$out/trace.random"
}

# Another function's, or one that lets it be a bus master.
bad_config_writes()
{
	config_writes | awk '
		$3 != "03:00.0" { print; next }
		$4 == "@0x4" && index("4567cdef", substr($6, length($6))) { print }'
}

no_dma()
{
	local bad

	bad=$(bad_config_writes | head -n 5)
	[ -z "$bad" ] || echo "$bad"
	test -z "$bad"
}

ok "a guest that does anything to anything comes to its end" \
	ended random 0 "guest: ${RANDOM_ACCESSES:-20000} accesses at random"
ok "a guest that does anything to ports comes to its end" ended "random ports" 0 "guest: ${RANDOM_ACCESSES:-20000} accesses at random"
reached=$(grep -c "'e1000e-" "$out/trace.random")
ok "host: such a guest reaches its device ($reached times)" test "$reached" -gt 100
ok "host: such a guest reaches no other device" test -z "$(strangers)"
ok "host: the trace has the kernel's writes of COMMAND" \
	test "$(config_writes | grep -c '03:00.0 @0x4 ')" -ge 1
ok "host: such a guest makes nothing a bus master" no_dma
ok "host: such a guest writes no configuration space" test "$(config_writes | wc -l)" -le 12
ok "log: what failed is there once, with its cause" same_as random \
	"^vmm: 0000:03:00.0: .* in BAR [0-3]: PCIOCBARIO: Invalid argument: .*" 1
ok "log: the number of further failures is there" same_as random "^vmm: PCIOCBARIO: Invalid argument: [0-9]+ times more$" 1

# ---- taken away ----
ok "unplugged: the guest reads all ones, and ends" ended unplugged 0 "guest: at c0000000: 10000ed" \
	"guest: all ones, configuration space: ffffffff; 0 of 10000 accesses were otherwise"
ok "unplugged: one message says so" same_as unplugged \
	"^vmm: 0000:02:00.0: .*: No such device: it has gone: the guest reads all ones from now on$" 1
ok "unplugged: there is no other message" same_as unplugged "^vmm:" 1
ok "removed: the guest reads all ones, and ends" ended removed 0 \
	"guest: all ones, configuration space: ffffffff; 0 of 10000 accesses were otherwise" \
	"vmm: 0000:00:0b.0: 1-byte read at 0x3 in BAR 0: PCIOCBARIO: No such device: it has gone.*"
ok "removed: there is one message" same_as removed "^vmm:" 1
ok "a driver binds: the guest reads all ones" ended "a driver comes" 0 \
	"guest: all ones, configuration space: 100e8086; 0 of 10000 accesses were otherwise"
ok "a driver binds: the log says so, and what to do" ended "a driver comes" 0 \
	"vmm: 0000:00:06.0: its mappings were taken away, as for a driver: each access is a PCIOCBARIO now" \
	"vmm: 0000:00:06.0: .*: PCIOCBARIO: Device or resource busy: a driver has it: unbind the driver" \
	"vmm: PCIOCBARIO: Device or resource busy: [0-9]+ times more"

# ---- how fast ----
ok "bench: it prints exits a second" ended bench 0 "bench: forwarded: 500 exits in [1-9][0-9]* us, [0-9]+ a second" \
	"bench: null: 500 exits in [1-9][0-9]* us, [0-9]+ a second"
ok "bench: a BAR in memory is refused" ended "bench of memory" 1 "bench: BAR 0 is not in ports"
section bench | sed 's/^/# /'
finish
