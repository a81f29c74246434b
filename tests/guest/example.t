#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The examples, built as they and the READMEs say, and run: on simulated devices, in
# the guest, and there without the module.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

ours=(identify factorial serial supervisor unittest)
warnings=(-O2 -Wall -Wextra -Werror)
root=$out/root		# where the library is installed
copy=$out/copy		# of the examples
static=$out/static	# those that run in the guest

compiles()	# example, directory of headers
{
	"${CC:-cc}" -std=c11 -D_GNU_SOURCE "${warnings[@]}" -static \
		-I"$top/include/$2" -o "$static/$1" "$top/examples/$1.c"
}

mkdir "$copy" "$static"
ok "publish.c builds" compiles publish uapi
ok "uart.c builds" compiles uart compat

# ---- those of libbario, on the host ----
# top_says EXAMPLE WORD: the command in the comment at its top that begins so
top_says()
{
	sed -n "s|^ \*\t\($2.*\)|\1|p" "$top/examples/$1.c"
}

short()	# example
{
	[ "$(wc -l <"$top/examples/$1.c")" -lt 100 ]
}

as_it_says()	# example
{
	(cd "$copy" && export PKG_CONFIG_PATH="$root/lib/pkgconfig" && eval "$(top_says "$1" cc)" &&
		test -x "$1")
}

on_host()	# example, argument...
{
	LD_LIBRARY_PATH=$root/lib "$copy/$1" "${@:2}"
}

# ends STATUS OUTPUT EXAMPLE [ARGUMENT]...
ends()
{
	local status=0 got

	got=$(on_host "${@:3}" 2>&1) || status=$?
	[ "$status $got" = "$1 $2" ] || { printf '%s %s\n' "$status" "$got"; return 1; }
}

usage()	# example, its arguments; its line in the comment is the usage's example
{
	ends 2 "$3usage: $1 $2, as in: $(top_says "$1" ./ | cut -c 3-)" "$1"
}

passes()
{
	on_host unittest
}

cp "$top"/examples/*.c "$top/examples/Makefile" "$copy/"
ok "the library is installed" make -s -C "$top/lib" install PREFIX="$root"
for example in "${ours[@]}"; do
	ok "$example.c has less than 100 lines" short "$example"
	ok "$example.c builds as it says" as_it_says "$example"
done
ok "identify: it prints its usage" usage identify DEVICE ""
ok "factorial: it prints its usage" usage factorial "DEVICE NUMBER, up to 12" ""
ok "serial: it prints its usage" usage serial "DEVICE TEXT" ""
ok "supervisor: it prints its usage" usage supervisor DEVICE "supervisor: "
ok "unittest: its tests pass" passes

# A device that was recorded takes these accesses, and no other.
cat >"$out/edu.sim" <<'END'
id 1234:11e8
bar 0 mem 1M
replay read 0 0x20 4 0x81
replay read 0 0x20 4 0x80
replay write 0 0x08 4 5
replay read 0 0x20 4 0x81
replay read 0 0x20 4 0x80
replay read 0 0x08 4 120
END
cat >"$out/hung.sim" <<'END'
id 1234:11e8
bar 0 mem 1M
reg 0 0x20 4 ro 1
END
cat >"$out/lent.sim" <<'END'
bar 0 mem 1M
reg 0 0 4 ro 0x010000ed
END
# uart IIR [READ|WRITE]...: a 16550 whose IIR is that, once it was set up; r and the
# line status, or w and a byte
uart()
{
	local one

	printf '%s\n' "class 070002" "bar 0 mem 4K"
	printf 'replay write 0 %s\n' "1 1 0" "3 1 0x83" "0 1 1" "1 1 0" "3 1 3" "2 1 7"
	echo "replay read 0 2 1 $1"
	for one in "${@:2}"; do
		case $one in
		r*) echo "replay read 0 5 1 ${one#r}" ;;
		w*) echo "replay write 0 0 1 ${one#w}" ;;
		esac
	done
}
uart 0xc1 r0 r0x20 w{65..80} r0x60 w81 r0 r0x20 r0x60 r0x60 w10 r0x60 >"$out/uart.sim"
uart 0x01 >"$out/old.sim"
uart 0xff >"$out/none.sim"
echo "id 1234:1111" >"$out/vga.sim"
echo "id 4321:11e8" >"$out/other.sim"
echo "class 070100" >"$out/printer.sim"
echo "class 020000" >"$out/network.sim"

ok "factorial: it waits before and after" ends 0 "5! is 120" factorial "sim:$out/edu.sim" 5
ok "factorial: a number that is too large is refused" ends 2 \
	"usage: factorial DEVICE NUMBER, up to 12, as in: factorial 0000:00:05.0 10" factorial "sim:$out/edu.sim" 13
ok "factorial: a device that hangs is an error" ends 1 \
	"factorial: ops[0]: sim:$out/hung.sim BAR 0+0x20.4: timed out waiting for 0 in the bits 0x1: the register is 0x1" \
	factorial "sim:$out/hung.sim" 5
ok "factorial: another device of the vendor is refused" ends 1 \
	"factorial: 0000:00:00.0 is 1234:1111, and edu is 1234:11e8" factorial "sim:$out/vga.sim" 5
ok "factorial: a device of another vendor is refused" ends 1 \
	"factorial: 0000:00:00.0 is 4321:11e8, and edu is 1234:11e8" factorial "sim:$out/other.sim" 5
ok "serial: 16 bytes for each time that the FIFO is empty" ends 0 "" serial "sim:$out/uart.sim" ABCDEFGHIJKLMNOPQ
ok "serial: a port without a FIFO is refused" ends 1 \
	"serial: ops[6]: sim:$out/old.sim BAR 0+0x2.1: expected 0xc0 in the bits 0xf0: the register is 0x1" \
	serial "sim:$out/old.sim" Hello
ok "serial: a port that does not respond is refused" ends 1 \
	"serial: ops[6]: sim:$out/none.sim BAR 0+0x2.1: expected 0xc0 in the bits 0xf0: the register is 0xff" \
	serial "sim:$out/none.sim" Hello
ok "serial: a port of another kind is refused" ends 1 \
	"serial: 0000:00:00.0 is not a serial port: its class is 0701, not 0700" serial "sim:$out/printer.sim" Hello
ok "serial: a device that is not a port is refused" ends 1 \
	"serial: 0000:00:00.0 is not a serial port: its class is 0200, not 0700" serial "sim:$out/network.sim" Hello
ok "supervisor: what is simulated is lent, too" ends 0 \
	$'worker: the register is 0x10000ed\nworker: 0000:00:00.0 BAR 0+0x4.4: the grant of this file does not cover it\nworker: 0000:00:00.0 BAR 0+0.4: the right to the function has been revoked' \
	supervisor "sim:$out/lent.sim"

ok "the makefile builds all, with the library that is installed" env PKG_CONFIG_PATH="$root/lib/pkgconfig" \
	make -s -B -C "$copy" CFLAGS="${warnings[*]}"
ok "the makefile builds static programs, with the library that is not installed" make -s -C "$top/examples" out="$static" STATIC=-static \
	LIBRARY="$top/build/lib/libbario.a" CFLAGS="${warnings[*]}"

# ---- in the guest ----
cat >"$out/library" <<'END'
PATH=/examples:$PATH
. /say.sh
for device in /sys/bus/pci/devices/*; do
	vendor=$(cat $device/vendor) id=$(cat $device/device)
	[ "$(identify ${device##*/})" = "${device##*/} ${vendor#0x}:${id#0x}" ] || echo "not ${device##*/}"
done
product=1
for number in 0 1 2 3 4 5 6 7 8 9 10 11 12; do
	[ $number = 0 ] || product=$((product * number))
	[ "$(factorial 00:05.0 $number)" = "$number! is $product" ] || echo "not $product"
done
say product echo $product
say absent identify 00:1e.0
say name identify edu
say no-edu factorial 00:06.0 5
say no-serial serial 00:05.0 Hello
say driver serial 00:04.0 Hello
echo 0000:00:04.0 >/sys/bus/pci/drivers/serial/unbind
say sent serial 00:04.0 "Hello from the library, in more than one FIFO."
say lent supervisor 00:05.0
say none-lent supervisor 00:1e.0
say user su nobody -s /bin/sh -c "identify 00:05.0"
say user-factorial su nobody -s /bin/sh -c "factorial 00:05.0 5"
say user-supervisor su nobody -s /bin/sh -c "supervisor 00:05.0"
END
cat >"$out/plain" <<'END'
PATH=/examples:$PATH
. /say.sh
show() { text=$("$@" 2>&1); echo "$1: $text; $?"; }
n=/dev/bario/one-bar
show publish one-bar 0000:00:05.0 0 r 0 8
ls -l $n | cut -c 1-10
exec 3<>$n && grep bario-grant /proc/$$/fdinfo/3
show publish one-bar 0000:00:05.0 0 r
show publish other 0000:00:1e.0 0 r
show publish other 00:05.0 0 r
show publish other 0000:00:05.0 6 r
show publish other 0000:00:05.0 1 r
show publish other 0000:00:05.0 0 r 0xffffc 8
show publish other 0000:00:05.0 0 r 0x100000 0xffffffffffffffff
show publish other 0000:00:04.0 0 rm
show publish 0ther 0000:00:05.0 0 r
show publish other 0000:00:05.0 0 x
show publish other 0000:00:05.0 0 r 0 four
show publish
show publish -w one-bar
show publish -w one-bar
ls $n 2>&1
show publish end 0000:00:05.0 0 r 0xffff8 8
counter=/sys/class/bario/0000-00-05.0/accesses
accesses=$(cat $counter)
show uart 0000:00:05.0 Hello
show uart 0000:00:1e.0 Hello
show uart 0000:00:04.0 Hello
echo "accesses before $accesses, after $(cat $counter)"
grep bario-grant /proc/$$/fdinfo/3
END

# in_guest WAY COMMAND: what it says is in $out/WAY/said, what the 16550 sent beside it
in_guest()
{
	local status=0

	way=$1
	mkdir "$out/$way"
	BARIO_VM_OUT=$out/$way "$top/tests/vm/run" ${KERNEL:+--kernel "$KERNEL"} \
		--put "$static:/examples" --put "$here/say.sh:/say.sh" --put "$out/plain:/plain" \
		--put "$out/library:/library" -- sh -c "$2" >"$out/$way/said" 2>&1 || status=$?
	guest_ended "$status" "$out/$way/said"
}

line()
{
	grep -qxF -- "$1" "$out/$way/said" || { echo "not said: $1"; return 1; }
}

match()
{
	grep -qE -- "$1" "$out/$way/said" || { echo "not said: $1"; return 1; }
}

none()
{
	! match "$1"
}

sent()	# on the host
{
	printf '%s\n' "$1" | cmp - "$out/$way/serial.txt"
}

library()
{
	ok "$way: identify says what sysfs says" none '^not .*:'
	ok "$way: factorial computes as the shell does" none '^not [0-9]*$'
	ok "$way: factorial computes up to 12" line "product: 479001600 [0]"
	ok "$way: identify: a word that names no device is refused" line \
		"name: identify: 'edu' names no device identify: as 0000:03:00.0, 8086:100e, /dev/bario/NAME, fd:3 or sim:FILE; bario list shows the devices [1]"
	ok "$way: identify: a function that does not exist is refused" match \
		'^absent: identify: 0000:00:1e.0: there is no such function.* identify: bario list shows those that there are \[1\]$'
	ok "$way: factorial: another device is refused" line \
		"no-edu: factorial: 0000:00:06.0 is 8086:100e, and edu is 1234:11e8 [1]"
	ok "$way: serial: another device is refused" line \
		"no-serial: serial: 0000:00:05.0 is not a serial port: its class is 00ff, not 0700 [1]"
	ok "$way: serial: a bound driver is named" match \
		'^driver: serial: .*0000:00:04.0.*: the driver serial has this function to itself serial: .*echo 0000:00:04.0 >/sys/bus/pci/drivers/serial/unbind \[1\]$'
	ok "$way: serial: it succeeds" line "sent: [0]"
	ok "$way: serial: the text arrives" sent "Hello from the library, in more than one FIFO."
}

in_guest module ". /plain; . /library"
ok "publish: a range of a BAR is published" line "publish: ; 0"
ok "publish: the node is for root alone" line "crw-------"
ok "publish: the node allows reading that range" \
	match '^bario-grant:\s0000:00:05.0 bar0 0x0-0x7 r--$'
ok "publish: a name that is taken is refused" \
	line "publish: publish: one-bar can't be published: there is such a name; publish -w one-bar unpublishes it; 1"
ok "publish: a function that does not exist is refused" \
	line "publish: publish: there is no function 0000:00:1e.0: lspci -D lists them; 1"
ok "publish: an address without a domain is refused" \
	line "publish: publish: 00:05.0 is not DOMAIN:BUS:DEV.FUNC, as 0000:03:00.0; 2"
ok "publish: a number that is not a BAR's is refused" line "publish: publish: 6 is not a BAR, 0 to 5; 2"
ok "publish: a BAR that does not exist is refused" \
	line "publish: publish: 0000:00:05.0 has no BAR 1: see its entry in lspci -v; 1"
past="publish: publish: 0000:00:05.0: BAR 0 has 0x100000 bytes, less than that range needs; 1"
ok "publish: a range past the end of the BAR is refused" \
	test "$(grep -cxF -- "$past" "$out/module/said")" = 2
ok "publish: mapping ports is refused" line "publish: publish: 0000:00:04.0: BAR 0 has I/O ports, which can't be mapped: leave m out; 1"
ok "publish: a word that is not a name is refused" match "^publish: publish: 0ther can't be published: a name is of letters"
ok "publish: the last bytes of a BAR are published" test "$(grep -cx 'publish: ; 0' "$out/module/said")" = 3
ok "uart: a device that is not a serial port is refused" \
	line "uart: uart: 0000:00:05.0: class 00ff, not 0700: no serial port, nothing was written; 1"
ok "uart: a device that does not exist is refused" \
	line "uart: uart: 0000:00:1e.0: there is no such device, or this /dev/pci does not reach it; 1"
ok "uart: a bound driver is named" match "^uart: a driver is bound: unbind it"
ok "uart: the wrong device is not accessed" \
	match '^accesses before ([0-9]+), after \1$'
ok "publish: an unknown right is refused" \
	line "publish: publish: 'x' is not one of the rights r, w, m; 2"
ok "publish: a word that is not a number is refused" line "publish: publish: four is not a length; 2"
ok "publish: without arguments it prints its usage" match 'usage: publish NAME'
ok "publish: a name that was unpublished is refused" \
	line "publish: publish: one-bar can't be unpublished: there is no such name in /dev/bario; 1"
ok "publish: the node of an unpublished name is gone" line "ls: /dev/bario/one-bar: No such file or directory"
ok "publish: fdinfo of an unpublished name says revoked" \
	match '^bario-grant:\srevoked$'

library
rights="run it as root, or be given the function's node by a rule for udev: bario(4), NODES [1]"
ok "a user: identify succeeds" line "user: 0000:00:05.0 1234:11e8 [0]"
ok "a user: factorial has no permission" line \
	"user-factorial: factorial: 0000:00:05.0: no permission to open /dev/bario/0000-00-05.0 factorial: $rights"
ok "a user: supervisor has no permission" line \
	"user-supervisor: supervisor: 0000:00:05.0: no permission to open /dev/bario/0000-00-05.0 supervisor: $rights"
ok "supervisor: it takes back what it lends" line \
	"lent: worker: the register is 0x10000ed worker: 0000:00:05.0 BAR 0+0x4.4: the grant of this file does not cover it worker: 0000:00:05.0: no permission to open /dev/pci worker: 0000:00:05.0 BAR 0+0.4: the function has gone, or the right to it was taken back [0]"
ok "supervisor: a function that does not exist is refused" match '^none-lent: supervisor: 0000:00:1e.0: there is no such function.* \[1\]$'

export BARIO_VM_MODULE=none
in_guest sysfs ". /library"
library
ok "a user: identify succeeds without the module" line "user: 0000:00:05.0 1234:11e8 [0]"
ok "a user: factorial has no permission without the module" line \
	"user-factorial: factorial: ops[0]: 0000:00:05.0 BAR 0+0x20.4: no permission to open resource0 factorial: run it as root, or load the module and be given the function's node: modprobe bario [1]"
ok "supervisor: without the module it is refused" line \
	"lent: supervisor: 0000:00:05.0: grants need bario.ko, but the back end is sysfs supervisor: load the module: modprobe bario [1]"
finish
