#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Programs written for FreeBSD's /dev/pci, as Debian has them: see docs/freebsd.md.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

clients=$top/build/clients

build_clients()
{
	(
		mkdir -p "$clients"
		exec {lock}>"$clients/lock"
		flock "$lock"
		make -s -j2 -C "$top/tests/clients"
	)
}

# What Debian's mirror does not give here can't be tested.
build_clients >"$out/built" 2>&1
status=$?
[ $status = 0 ] || [ ! -e "$clients/apt/missing" ] || skip_all "$(<"$clients/apt/missing")"
need "the clients can be fetched and build" succeeded $status "$out/built"

# With the guest's own there are 40 functions: more than a client asks for at once.
more=()
for slot in 10 11 12; do
	for function in 0 1 2 3 4 5 6 7; do
		more+=(--device "pci-testdev,addr=$slot.$function,multifunction=on")
	done
done

"$top/tests/vm/run" ${KERNEL:+--kernel "$KERNEL"} "${more[@]}" --put "$clients/bin:/bin" \
	--put "$top/tests/clients/guest.sh:/clients.sh" --put "$top/tests/tap.sh:/tap.sh" -- /clients.sh 2>"$out/stderr" |
	tee "$out/tap" | renumber 1 "$out/counts"
status=${PIPESTATUS[0]}
read -r tests failed <"$out/counts"
guest_ended "$status" "$out/stderr"
finish
