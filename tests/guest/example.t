#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The examples where the demo does not show them, built as the README says and run.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"


# in_guest COMMAND: output and status are in $out/said; one boot for all.
in_guest()
{
	"$top/tests/vm/run" ${KERNEL:+--kernel "$KERNEL"} \
		--put "$out/publish:/bin/publish" --put "$out/uart:/bin/uart" -- sh -c "$1" >"$out/said" 2>&1
}

check "publish.c builds" "${CC:-cc}" -std=c11 -D_GNU_SOURCE -O2 -Wall -Wextra \
	-Werror -static -I"$top/include/uapi" -o "$out/publish" \
	"$top/examples/publish.c"
check "uart.c builds" "${CC:-cc}" -std=c11 -D_GNU_SOURCE -O2 -Wall -Wextra \
	-Werror -static -I"$top/include/compat" -o "$out/uart" "$top/examples/uart.c"

# shellcheck disable=SC2016 # it is for the guest's shell
in_guest '
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
grep bario-grant /proc/$$/fdinfo/3'
check "the guest ended well" test $? = 0
sed 's/^/# /' "$out/said"
line()
{
	grep -qxF -- "$1" "$out/said"
}
check "a range of a BAR is published" line "publish: ; 0"
check "as a node for root alone" line "crw-------"
check "which reaches that range, to read" \
	grep -qE '^bario-grant:\s0000:00:05.0 bar0 0x0-0x7 r--$' "$out/said"
check "a name that is taken" \
	line "publish: publish: one-bar can't be published: there is such a name; publish -w one-bar withdraws it; 1"
check "no such function" \
	line "publish: publish: there is no function 0000:00:1e.0: lspci -D lists them; 1"
check "an address without a domain" \
	line "publish: publish: 00:05.0 is not DOMAIN:BUS:DEV.FUNC, as 0000:03:00.0; 2"
check "no BAR's number" line "publish: publish: 6 is not a BAR, 0 to 5; 2"
check "a BAR that the function has not" \
	line "publish: publish: 0000:00:05.0 has no BAR 1: see its entry in lspci -v; 1"
past="publish: publish: 0000:00:05.0: BAR 0 has 0x100000 bytes, less than that range needs; 1"
check "past the end of the BAR, in part and at all" \
	test "$(grep -cxF -- "$past" "$out/said")" = 2
check "to map ports" line "publish: publish: 0000:00:04.0: BAR 0 has I/O ports, which can't be mapped: leave m out; 1"
check "no name" grep -q "^publish: publish: 0ther can't be published: a name is of letters" "$out/said"
check "the last bytes of a BAR are published" test "$(grep -cx 'publish: ; 0' "$out/said")" = 3
check "uart.c: no serial port" \
	line "uart: uart: 0000:00:05.0: class 00ff, not 0700: no serial port, nothing was written; 1"
check "uart.c: no such device" \
	line "uart: uart: 0000:00:1e.0: there is no such device, or this /dev/pci does not reach it; 1"
check "uart.c: a driver is bound" grep -q "^uart: a driver is bound: unbind it" "$out/said"
check "uart.c has not touched the wrong device" \
	grep -qE '^accesses before ([0-9]+), after \1$' "$out/said"
check "no such right" \
	line "publish: publish: 'x' is not one of the rights r, w, m; 2"
check "no number" line "publish: publish: four is not a length; 2"
check "no arguments: how it is used" grep -q 'usage: publish NAME' "$out/said"
check "nothing left to withdraw" \
	line "publish: publish: one-bar can't be withdrawn: there is no such name in /dev/bario; 1"
check "the node is gone" line "ls: /dev/bario/one-bar: No such file or directory"
check "and who has it open knows" \
	grep -qE '^bario-grant:\srevoked$' "$out/said"
finish
