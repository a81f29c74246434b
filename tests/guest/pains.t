#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What README.md's table of pains shows: pains.txt in the guest (its form:
# ../transcript.sh), which has each command of that table. To take what is said now
# for right:
#	UPDATE=1 tests/guest/pains.t; git diff tests/guest
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source-path=SCRIPTDIR source=../transcript.sh
. "$top/tests/transcript.sh"

tmp=$out

ok()	# name
{
	check "$1" true
}

not_ok()	# name; why is on standard input
{
	sed 's/^/# /'
	check "$1" false
}

make -s -C "$top" tools >&2 || {
	echo "Bail out! the tool does not build"
	exit 1
}
# shellcheck disable=SC2016 # it is for the guest's shell
echo 'tmp=/tmp/work; mkdir $tmp; . /transcript.sh; transcript /pains.txt' >"$out/inside"
"$top/tests/vm/run" ${KERNEL:+--kernel "$KERNEL"} --put "$top/build/bario:/bin/bario" \
	--put "$top/tests/transcript.sh:/transcript.sh" --put "$here/pains.txt:/pains.txt" \
	--put "$out/inside:/inside" -- sh /inside >"$out/now" 2>"$out/err"
check "the guest ended well, its kernel's log is clean (status $?)" test $? = 0
sed 's/^/# /' "$out/err"
[ -z "${UPDATE:-}" ] || cp "$out/now" "$here/pains.txt"
compare "$here/pains.txt" "$out/now" pains

# The commands of the table are what its cells have in backquotes with "bario " in it.
unshown()
{
	# shellcheck disable=SC2016 # no command
	grep -E '^\| [0-9]+ \|' "$top/README.md" | grep -Eo '`[^`]*`' | grep 'bario ' | tr -d '`' |
		while IFS= read -r line; do
			grep -Fxq -e "\$ $line" "$here/pains.txt" || echo "# not in pains.txt: $line"
		done
}
unshown >"$out/unshown"
cat "$out/unshown"
check "each command of README.md's table was tried" test ! -s "$out/unshown"
check "of fifteen pains" test "$(grep -cE '^\| [0-9]+ \|' "$top/README.md")" = 15
finish
