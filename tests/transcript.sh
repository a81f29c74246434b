# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# Transcripts: files in which "$ " begins a command for sh, and what it says
# follows: standard output as it is (an empty line as "~"), standard error behind
# "! ", and the exit status in brackets if it is not 0. "#" begins a comment.
# For the guest's shell, too. $tmp is a folder, which commands have as $T.

run()	# command
{
	T=$tmp sh -c "$1" >"$tmp/1" 2>"$tmp/2" </dev/null
	status=$?
	sed "s|$tmp|TMP|g; s/^\$/~/" "$tmp/1"
	sed "s|$tmp|TMP|g; s/^/! /; s/ \$//" "$tmp/2"
	[ "$status" = 0 ] || echo "[$status]"
}

# transcript FILE: its commands again, with what is said now
transcript()
{
	while IFS= read -r line; do
		case $line in
		'$ '*)
			printf '%s\n' "$line"
			run "${line#\$ }"
			;;
		'#'* | '') printf '%s\n' "$line" ;;
		esac
	done <"$1"
}

# Paragraphs by their commands, so that each is a test.
cut_up()	# file, folder
{
	mkdir -p "$2"
	awk -v out="$2" '/^\$ / { n++ } n { print > sprintf("%s/%04d", out, n) }' "$1"
}

# compare FILE NOW NAME: sets of paragraphs, each a test of its own; "ok" and
# "not ok" are functions of who calls, with the test's name; the latter gets why on
# standard input.
compare()
{
	cut_up "$1" "$tmp/want.$3"
	cut_up "$2" "$tmp/got.$3"
	for want in "$tmp/want.$3"/*; do
		name=$(head -n 1 "$want")
		if diff "$want" "$tmp/got.$3/${want##*/}" >"$tmp/diff" 2>&1; then
			ok "$name"
		else
			not_ok "$name" <"$tmp/diff"
		fi
	done
}
