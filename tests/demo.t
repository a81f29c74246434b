#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The demo: keeps what it promises, says so, and notices where it does not.
set -uo pipefail

cd "$(dirname "$0")/.." || exit 1
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
# shellcheck source=tests/tap.sh
. tests/tap.sh

# All that the demo said, the first time that something was otherwise.
show()
{
	[ "$failed" = "$failed_before" ] && cat "$tmp/said" "$tmp/stderr"
	return 1
}

said()	# pattern, its times
{
	[ "$(grep -Ec -e "$1" "$tmp/said")" = "${2:-1}" ] && return
	echo "wanted ${2:-1} times: $1"
	show
}

ended()	# status
{
	[ "$status" = "$1" ] && return
	echo "wanted status $1, got $status"
	show
}

demo()	# directory that has demo/, argument...
{
	local directory=$1

	shift
	BARIO_VM_OUT=$tmp/out "$directory/demo/run" "$@" </dev/null >"$tmp/said" 2>"$tmp/stderr"
	status=$?
	failed_before=$failed
	last=$(tail -n 1 "$tmp/said")
}

demo .
ok "the demo succeeds" ended 0
steps=$(grep -Ec '^[0-9]+\. ' "$tmp/said")
ok "the demo takes nine steps or more" [ "$steps" -ge 9 ]
ok "the demo says that all was as promised" [ "$last" = "$steps steps, all as promised." ]
ok "the demo has no broken promise" said 'NOT AS PROMISED' 0
ok "the demo shows EBUSY of a bound driver, and what to do" said 'unbind it with echo 0000:00:04.0 >'
ok "the demo shows ENODEV of another device" said '^ +ENODEV \(No such device\)$'
ok "the demo shows EINVAL, past the end and misaligned" said '^ +EINVAL \(Invalid argument\)$' 3
ok "the demo shows EACCES" said '^ +EACCES \(Permission denied\)$'
ok "the 16550 was claimed while it was used" said '^ +[0-9a-f]+-[0-9a-f]+ : bario$'
ok "the text came out on the host" grep -q '^Hello from a jail' "$tmp/out/serial.txt"
ok "the demo shows the text" said '^      Hello from a jail'
ok "the demo writes no colours to a file" said $'\033' 0

# Where another errno is expected, and something else is sent, it must fail. The
# module is the one that was just built.
release=$(sed -n 's/.*Linux version \([^ ]*\) .*/\1/p' "$tmp/out/kernel.log")
mkdir "$tmp/copy"
cp -r demo "$tmp/copy/"
for directory in build examples include scripts tests; do
	ln -s "$PWD/$directory" "$tmp/copy/$directory"
done
sed -i 's/^refused ENODEV/refused ENOENT/; s/^for line; do/for line in other; do/' \
	"$tmp/copy/demo/guest.sh"
BARIO_VM_MODULE=${BARIO_VM_MODULE:-$PWD/build/$release/bario.ko} demo "$tmp/copy"
ok "a demo with a broken promise fails" ended 1
ok "a demo with a broken promise marks it" said 'NOT AS PROMISED: (refused: ENOENT|the text has arrived)' 2
ok "a demo with two broken promises marks both" said 'NOT AS PROMISED' 2
ok "a demo with two broken promises names both steps" said '^Failed: [0-9]+\. ' 2
ok "a demo with two broken promises counts them" said "^2 of $steps steps not as promised\."

# A reader that has seen enough.
mkdir "$tmp/left"
cut_short()
{
	TMPDIR=$tmp/left demo/run </dev/null 2>"$tmp/stderr" | head -n 1 >"$tmp/said"
	ls "$tmp/left" >&2
	[ -z "$(ls "$tmp/left")" ]
}
ok "the demo leaves nothing behind where nobody reads on" cut_short
ok "a reader that leaves has read the first line" [ "$(wc -l <"$tmp/said")" = 1 ]

demo . --kernel no-such-kernel
ok "a demo without a guest fails" ended 2
ok "a demo without a guest says why" grep -q "no kernel 'no-such-kernel'" "$tmp/stderr"
ok "a demo without a guest says nothing of promises" said '[Aa][Ss] [Pp][Rr][Oo][Mm][Ii][Ss][Ee][Dd]' 0

finish
