#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# bario on simulated devices: the transcripts in tests/tool/*.txt, command by
# command (their form: transcript.sh). To take what is said now for right:
#	UPDATE=1 tests/tool.t; git diff tests/tool
# shellcheck source-path=SCRIPTDIR source=transcript.sh
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
. tests/transcript.sh
# shellcheck source=tap.sh
. tests/tap.sh

top=$PWD
tmp=$(mktemp -d "${TMPDIR:-/tmp}/bario-tool.XXXXXX")
trap 'rm -rf "$tmp"' EXIT

# The tool itself has sanitizers here.
need "the tool builds" \
	make -s -C tools out="$top/build/tests/tool" program="$top/build/tests/tool/bario" \
	library="$top/build/tests/tool/lib/internal.a" \
	CFLAGS="-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all"
PATH=$top/build/tests/tool:$PATH
cd tests/tool || exit 1

for file in *.txt; do
	transcript "$file" >"$tmp/now"
	if [ -n "${UPDATE:-}" ]; then
		cp "$tmp/now" "$file"
	fi
	compare "$file" "$tmp/now" "$file"
done

# A file cut anywhere, or with a strange character: used, or refused, and where.
garbage()	# file, step, statuses, command with FILE in it
{
	local at status size command said

	size=$(stat -c %s "$1")
	for ((at = 1; at < size; at += $2)); do
		head -c "$at" "$1" >"$tmp/cut"
		{
			head -c "$at" "$1"
			printf '\\%03o' $((at % 32)) | xargs -0 printf %b
			tail -c +"$at" "$1"
		} >"$tmp/odd"
		for command in "${4/FILE/$tmp/cut}" "${4/FILE/$tmp/odd}"; do
			status=0
			said=$($command 2>&1) || status=$?
			case $status in
			0) ;;
			[$3]) [[ $said =~ ${tmp##*/}/(cut|odd):([0-9]+:[0-9]+:|\ there)\ |NUL ]] ;;
			*) false ;;
			esac || echo "$command, at $at: status $status: $said"
		done
	done
}

for what in "maps|../../maps/16550.map|37|2|bario read --map FILE sim:uart.sim 0+3.1" \
	"maps of configuration space|../../maps/config.map|67|2|bario read --map FILE sim:uart.sim 0+3.1" \
	"scripts|factorial.script|1|2|bario run --dry-run sim:edu.sim FILE" \
	"devices|edu.sim|5|2|bario info sim:FILE"; do
	IFS='|' read -r name file step statuses command <<<"$what"
	silent "$name cut anywhere, or with a strange character: used, or refused with the place" \
		garbage "$file" "$step" "$statuses" "$command"
done

# What shells make of a line and a tab, in a directory with one file
completes()	# shell
{
	local row lines=()

	mkdir -p "$tmp/fake" "$tmp/empty"
	touch "$tmp/empty/edu.sim"
	# shellcheck disable=SC2016 # it is for the shell that runs it
	printf '#!/bin/sh\n[ "$*" != list ] || exec printf "DEVICE ID\\n0000:00:05.0  x\\n0000:00:06.0  y\\n"\nexec %s "$@"\n' \
		"$top/build/tests/tool/bario" >"$tmp/fake/bario"
	chmod +x "$tmp/fake/bario"
	while IFS= read -r row; do
		lines+=("${row%%|*}")
		echo "${row#*|}"
	done >"$tmp/want"
	(cd "$tmp/empty" && PATH=$tmp/fake:$PATH timeout 600 zsh -f "$top/tests/complete.zsh" "$1" "$top/completions" "${lines[@]}") >"$tmp/got"
	diff "$tmp/want" "$tmp/got"
}

bash_completes()	# shell
{
	completes "$1" <<-'END'
		bario re|bario read |
		bario d|bario d|diff doctor dump
		bario read --j|bario read --json |
		bario list --|bario list --|--json --tree
		bario list --t|bario list --tree |
		bario list |bario list |
		bario read 0000:00:05|bario read 0000:00:05.0 |
		bario read |bario read 0000:00:0|0000:00:05.0 0000:00:06.0
		bario diff ed|bario diff edu.sim |
		bario x|bario x|
	END
}

zsh_completes()
{
	completes zsh <<-'END'
		bario re|bario read |
		bario d|bario d|diff -- compare two dumps made with --json doctor -- say what is in the way, and what mends it dump -- show a stretch of registers
		bario read --j|bario read --json |
		bario list --|bario list --|--json --tree
		bario list --t|bario list --tree |
		bario list |bario list |
		bario read 0000:00:05|bario read 0000:00:05.0 |
		bario read |bario read |0000:00:05.0 0000:00:06.0 edu.sim
		bario diff ed|bario diff edu.sim |
		bario x|bario x|
	END
}

# zsh drives bash, too.
for test in "zsh_completes zsh" "bash_completes bash" "bash_completes bash-colons"; do
	if ! type zsh >/dev/null 2>&1; then
		skip "completion: ${test#* }" "no zsh"
	else
		# shellcheck disable=SC2086
		ok "completion: ${test#* }" $test
	fi
done

# A terminal, as script(1) makes one: colours and progress are there, and elsewhere
# nothing of them.
terminal()
{
	local esc=$'\033' red plain progress

	red="NO|$esc\[31mNO"
	printf 'bar 0 mem 16M\nram 0 0 16M\n' >"$tmp/big.sim"
	on() { script -qec "$1" /dev/null </dev/null; }
	[[ $(TERM=xterm on "bario doctor sim:held.sim") =~ ($red) ]] || echo "no NO on a terminal"
	[[ $(TERM=xterm on "bario doctor sim:held.sim") == *"$esc"* ]] || echo "no colour on a terminal"
	[[ $(TERM=dumb on "bario doctor sim:held.sim") != *"$esc"* ]] || echo "colour on a dumb one"
	[[ $(TERM=xterm NO_COLOR=1 on "bario doctor sim:held.sim") != *"$esc"* ]] || echo "colour with NO_COLOR"
	[[ $(TERM=xterm bario doctor sim:held.sim) != *"$esc"* ]] || echo "colour without a terminal"
	progress=$(TERM=xterm on "bario dump sim:$tmp/big.sim 0.4 >/dev/null")
	[[ $progress =~ [0-9]%.*$'\r    \r'$ ]] || echo "no progress on a terminal: '$progress'"
	plain=$(bario dump "sim:$tmp/big.sim" 0.4 2>&1 >/dev/null)
	[[ -z $plain ]] || echo "progress without a terminal: $plain"
}

silent "colours and progress are for terminals" terminal

# What dump prints is what read takes: the offset before each line, and from there
# each value, which write takes.
typed_again()	# width
{
	local at value rest shown

	bario dump sim:uart.sim "2+0x38.$1" 0x18 | while read -r at rest; do
		for value in $rest; do
			shown=$(bario read sim:uart.sim "2+$at.$1") || echo "$at is not taken"
			[ "$shown" = "$value" ] || echo "$at: dump $value, read $shown"
			bario write sim:uart.sim "2+$at.$1=$value" || echo "$value is not taken"
			at=$(printf '0x%x' $((at + $1)))
		done
	done
}

for width in 1 2 4 8; do
	silent "what dump prints at width $width can be typed" typed_again $width
done

# The manual has each command and each exit status.
none_missing()
{
	bario --help | sed -n 's/^  \([a-z]*\) .*/.It Cm \1/p' >"$tmp/words"
	sed -n 's/^#define EXIT_[A-Z_]*\t\([0-9]\).*/.It \1/p' ../../tools/tool.h >>"$tmp/words"
	! cut -d, -f1 ../../man/bario.8 | grep -Fvx -f - "$tmp/words"
}

ok "bario(8) has all commands and exit statuses" none_missing

# The manual's JSON has the members that come out, and no others. Those of grant and
# trace come out in the guest alone: tests/guest/tool.t.
members()
{
	bario dump --json sim:edu.sim 0+0.4 0x8 >"$tmp/old"
	sed 's/0x10000ed/0x0/' "$tmp/old" >"$tmp/new"
	{
		cat "$tmp/old"
		bario info --json sim:edu.sim
		bario read --json sim:edu.sim ID
		bario config --json sim:edu.sim COMMAND
		bario wait --json sim:edu.sim 0+0.4=0x010000ed 1ms
		bario run --json sim:edu.sim factorial.script
		bario diff --json "$tmp/old" "$tmp/new"
		bario doctor --json sim:edu.sim
		bario read --json sim:edu.sim 0+2M.4 2>&1
	} | grep -o '"[a-z0-9_-]*":' | tr -d '":' >"$tmp/out"
	printf '%s\n' all rules rule time task space >>"$tmp/out"
	sed -n '/^\.Ss JSON/,/^\.Sh/s/^\.Va //p' ../../man/bario.8 |
		tr -s ' ,' '\n' | grep -v '^[.]*$' | sort -u >"$tmp/said"
	sort -u "$tmp/out" | diff - "$tmp/said"
}

ok "bario(8) has all members of JSON" members
finish
