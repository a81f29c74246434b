# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# Transcripts: files in which "$ " begins a command for sh, and its output follows:
# standard output as it is (an empty line as "~"), standard error after "! ", and the
# exit status in brackets if it is not 0. "#" begins a comment. The guest's shell
# reads this file as well. $tmp is a directory, which commands have as $T.

run()	# command
{
	T=$tmp sh -c "$1" >"$tmp/1" 2>"$tmp/2" </dev/null
	status=$?
	sed "s|$tmp|TMP|g; s/^\$/~/" "$tmp/1"
	sed "s|$tmp|TMP|g; s/^/! /; s/ \$//" "$tmp/2"
	[ "$status" = 0 ] || echo "[$status]"
}

# transcript FILE: its commands again, with their output of now
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
cut_up()	# file, directory
{
	mkdir -p "$2"
	awk -v out="$2" '/^\$ / { n++ } n { print > sprintf("%s/%04d", out, n) }' "$1"
}

# compare FILE NOW NAME: sets of paragraphs, each a test of its own
compare()
{
	cut_up "$1" "$tmp/want.$3"
	cut_up "$2" "$tmp/got.$3"
	for want in "$tmp/want.$3"/*; do
		ok "${3%.txt}: $(head -n 1 "$want")" diff "$want" "$tmp/got.$3/${want##*/}"
	done
}
