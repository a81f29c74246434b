#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The commands of docs/why.md: why.txt in the guest (its form: ../transcript.sh) has each
# command of the table. To accept what they print now:
#	UPDATE=1 tests/guest/why.t; git diff tests/guest
# shellcheck source-path=SCRIPTDIR source=transcript.sh
. "$(dirname "$0")/transcript.sh"

guest_transcript why

# The commands of the table are what its cells have in backquotes with "bario " in it.
unshown()
{
	# shellcheck disable=SC2016 # no command
	grep -E '^\| [0-9]+ \|' "$top/docs/why.md" | grep -Eo '`[^`]*`' | grep 'bario ' | tr -d '`' |
		while IFS= read -r line; do
			grep -Fxq -e "\$ $line" "$here/why.txt" || echo "not in why.txt: $line"
		done
}
all_shown()
{
	unshown | tee "$out/unshown"
	[ ! -s "$out/unshown" ]
}
ok "each command of docs/why.md was tried" all_shown
ok "it lists fifteen problems" test "$(grep -cE '^\| [0-9]+ \|' "$top/docs/why.md")" = 15
finish
