#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What the documentation shows at a prompt: each command is run, in the guest or on this
# machine, and prints what is shown.
#
# In Markdown these are the indented blocks that begin with "$ ", in manual pages the
# literal displays that do, or that begin with "# ". A line "..." stands for any lines.
# In Markdown only bario and tests/vm/run are for the guest. A comment that begins with
# "$ " is run before the commands that follow it, and not shown. In a manual page a
# display without a prompt is the file that the next command names, if that ends in
# .map or .sim; and what cat shows is written to the file first.
set -uo pipefail

cd "$(dirname "$0")/.." || exit 1
# shellcheck source=tests/tap.sh
. tests/tap.sh
tmp=$(mktemp -d "${TMPDIR:-/tmp}/bario-prompts.XXXXXX") || exit 1
trap 'rm -rf "$tmp"' EXIT

documents=(README.md docs/*.md examples/README.md examples/vmm/README.md man/*.[0-9])

# Blocks at a prompt, as lines "$ COMMAND" with what is printed below; "+ COMMAND" is
# run silently. Files go into a directory.
markdown()	# file
{
	awk '
		/^<!-- \$ .* -->$/ { print "+ " substr($0, 8, length($0) - 11); next }
		!/^    / { inside = 0; next }
		!inside && !/^    \$ / { next }
		{ inside = 1; print substr($0, 5) }' "$1"
}

manual_page()	# file, directory
{
	awk -v dir="$2" '
		function end_display(  lines, n, i, name)
		{
			n = split(text, lines, "\n") - 1
			if (text !~ /^[$#] /) {
				file = text
				return
			}
			name = lines[1]
			if (match(name, /[a-z]+\.(map|sim)/) && file != "")
				printf "%s", file > (dir "/" substr(name, RSTART, RLENGTH))
			file = ""
			for (i = 1; i <= n; i++) {
				if (lines[i] ~ /^[$#] /)
					name = substr(lines[i], 3)
				else if (name ~ /^cat [a-z]+$/)
					print lines[i] > (dir "/" substr(name, 5))
				sub(/^# /, "$ ", lines[i])
				print lines[i]
			}
		}
		/^\.\\" \$ / { print "+ " substr($0, 6) }
		/^\.Bd -literal/ { text = ""; inside = 1; next }
		/^\.Ed/ && inside { end_display(); inside = 0 }
		inside { gsub(/\\&/, ""); gsub(/\\e/, "\\"); text = text $0 "\n" }' "$1"
}

# for_guest FILE: succeeds if $line is run in the guest
for_guest()
{
	case $1:$line in
	man/*:'$ podman '*) return 1 ;;	# tests/guest/cdi.t does
	man/* | *:'+ '* | *:'$ bario '* | *:'$ tests/vm/run '*) ;;
	*) return 1 ;;
	esac
}

# Sorts a document's commands: $1/guest.sh, $1/want for the guest, $1/host.sh.
sort_out()	# directory, file
{
	local line command want=/dev/null

	while IFS= read -r line; do
		command=${line#* -- }
		case $line in
		'$ tests/vm/run '*) puts "$line" ;;
		*) command=${line#? } ;;
		esac
		case $line in
		'$ '* | '+ '*)
			want=/dev/null
			if ! for_guest "$2"; then
				[[ $2 == man/* ]] || printf '%s\n' "$command" >>"$1/host.sh"
				continue
			fi
			;;
		esac
		case $line in
		'+ '*) printf '%s\n' "{ $command; } >/dev/null 2>&1" >>"$1/guest.sh" ;;
		'$ '*)
			want=$1/want
			echo "\$ $command" >>"$want"
			printf 'echo %q\n%s\n' "\$ $command" "$command" >>"$1/guest.sh"
			;;
		*) printf '%s\n' "$line" >>"$want" ;;
		esac
	done
}

# The options --put of a command of tests/vm/run.
puts()	# line
{
	local words word last=

	read -r -a words <<<"${1%% -- *}"
	for word in "${words[@]}"; do
		[ "$last" != --put ] || put[$word]=1
		last=$word
	done
}

# Fails, and says where, unless the lines of a file are those of another, in which
# "..." stands for any lines. The time and task of a trace differ each time.
as_shown()	# file that has "...", file
{
	awk '
		{ sub(/^[0-9]+\.[0-9]+ [^ ]+-[0-9]+ +/, "TIME TASK ") }
		NR == FNR { want[++n] = $0; next }
		{ got[++m] = $0 }
		END {
			for (i = j = 1; i <= n; i++) {
				if (want[i] ~ /^ *\.\.\.$/) {
					skip = 1
					continue
				}
				while (skip && j <= m && got[j] != want[i] && got[j] !~ /^\$ /)
					j++
				skip = 0
				if (j > m || got[j] != want[i]) {
					print "shown:   " want[i]
					print "printed: " (j > m ? "nothing" : got[j])
					exit 1
				}
				j++
			}
			if (j <= m && !skip) {
				print "not shown: " got[j]
				exit 1
			}
		}' "$1" "$2"
}

declare -A put=([build/bario]=1)
number=0
for document in "${documents[@]}"; do
	number=$((number + 1))
	mkdir -p "$tmp/documents/$number"
	case $document in
	*.md) markdown "$document" ;;
	*) manual_page "$document" "$tmp/documents/$number" ;;
	esac | sed 's/[[:blank:]]*$//' >"$tmp/found"
	sort_out "$tmp/documents/$number" "$document" <"$tmp/found"
done

need "the tool builds" make -s tools

number=0
for document in "${documents[@]}"; do
	number=$((number + 1))
	[ ! -e "$tmp/documents/$number/host.sh" ] || {
		shown_on_host=1
		ok "$document: its commands on the host" sh -e "$tmp/documents/$number/host.sh"
	}
done
ok "there are commands for the host" test -n "${shown_on_host:-}"

cat >"$tmp/inside" <<'END'
for directory in /documents/*; do
	[ -e "$directory/guest.sh" ] || continue
	echo "==== ${directory##*/}"
	(cd "$directory" && . ./guest.sh) 2>&1 </dev/null
	# Drivers are bound again as after booting.
	rmmod e1000 2>/dev/null
	echo 0000:00:04.0 >/sys/bus/pci/drivers_probe
done
END
options=()
for one in "${!put[@]}"; do
	options+=(--put "$one")
done
in_guest()
{
	tests/vm/run ${KERNEL:+--kernel "$KERNEL"} "${options[@]}" --put "$tmp/documents:/documents" \
		--put "$tmp/inside:/inside" -- sh /inside >"$tmp/guest" 2>"$tmp/guest.err" ||
		{ cat "$tmp/guest" "$tmp/guest.err"; return 1; }
}
ok "the guest runs the commands" in_guest

number=0
for document in "${documents[@]}"; do
	number=$((number + 1))
	[ -e "$tmp/documents/$number/want" ] || continue
	shown_in_guest=$((${shown_in_guest:-0} + $(grep -c '^\$ ' "$tmp/documents/$number/want")))
	sed -n "/^==== $number\$/,/^==== /{/^==== /!s/[[:blank:]]*\$//p}" "$tmp/guest" >"$tmp/got"
	ok "$document: its commands in the guest print what it shows" \
		as_shown "$tmp/documents/$number/want" "$tmp/got"
done
ok "there are commands for the guest (${shown_in_guest:-0})" test "${shown_in_guest:-0}" -ge 30
finish
