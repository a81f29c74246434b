#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What README.md's table of pains shows: readme.txt in the guest (its form:
# ../transcript.sh), which has each command of that table. To take what is said now
# for right:
#	UPDATE=1 tests/guest/readme.t; git diff tests/guest
# shellcheck source-path=SCRIPTDIR source=transcript.sh
. "$(dirname "$0")/transcript.sh"

guest_transcript readme

# The commands of the table are what its cells have in backquotes with "bario " in it.
unshown()
{
	# shellcheck disable=SC2016 # no command
	grep -E '^\| [0-9]+ \|' "$top/README.md" | grep -Eo '`[^`]*`' | grep 'bario ' | tr -d '`' |
		while IFS= read -r line; do
			grep -Fxq -e "\$ $line" "$here/readme.txt" || echo "not in readme.txt: $line"
		done
}
all_shown()
{
	unshown | tee "$out/unshown"
	[ ! -s "$out/unshown" ]
}
ok "each command of README.md's table was tried" all_shown
ok "of fifteen pains" test "$(grep -cE '^\| [0-9]+ \|' "$top/README.md")" = 15
finish
