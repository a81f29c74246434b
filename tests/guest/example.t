#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The examples that the demo does not show, built as the README says and run.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"


# in_guest COMMAND: output and status are in $out/said; one boot for all.
in_guest()
{
	"$top/tests/vm/run" ${KERNEL:+--kernel "$KERNEL"} \
		--put "$out/publish:/bin/publish" -- sh -c "$1" >"$out/said" 2>&1
}

check "publish.c builds" "${CC:-cc}" -std=c11 -D_GNU_SOURCE -O2 -Wall -Wextra \
	-Werror -static -I"$top/include/uapi" -o "$out/publish" \
	"$top/examples/publish.c"

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
show publish other 0000:00:05.0 0 x
show publish other 0000:00:05.0 0 r 0 four
show publish
show publish -w one-bar
show publish -w one-bar
ls $n 2>&1
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
	line "publish: publish: one-bar can't be published: File exists; 1"
check "no such function" \
	line "publish: publish: other can't be published: No such device; 1"
check "an address without a domain" \
	line "publish: publish: 00:05.0 is not DOMAIN:BUS:DEV.FUNC, as 0000:03:00.0; 2"
check "no such BAR" line "publish: publish: 6 is not a BAR, 0 to 5; 2"
check "no such right" \
	line "publish: publish: 'x' is not one of the rights r, w, m; 2"
check "no number" line "publish: publish: four is not a length; 2"
check "no arguments: how it is used" grep -q 'usage: publish NAME' "$out/said"
check "nothing left to withdraw" \
	line "publish: publish: one-bar can't be withdrawn: No such file or directory; 1"
check "the node is gone" line "ls: /dev/bario/one-bar: No such file or directory"
check "and who has it open knows" \
	grep -qE '^bario-grant:\srevoked$' "$out/said"
finish
