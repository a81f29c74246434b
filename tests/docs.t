#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# README.md, the examples' and the manual against what there is: their programs compile
# and do what is said of them, what they name exists, and what exists is in the manual.
set -uo pipefail

cd "$(dirname "$0")/.." || exit 1
# shellcheck source=tests/tap.sh
. tests/tap.sh
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

readme=README.md
examples=examples/README.md
headers=(include/uapi/pciio.h include/uapi/barioc.h)
# pages HEADER: the pages that describe what is in it
pages()
{
	case $1 in
	*/pciio.h) echo man/pciio.4 ;;
	*/barioc.h) echo man/barioc.4 man/bario.4 ;;
	esac
}

# none WHAT: nothing is on standard input; each line there is something WHAT
none()
{
	local line bad=0

	while IFS= read -r line; do
		echo "$line $1"
		bad=1
	done
	return "$bad"
}

# ---- the programs ----
# Each fenced C block of the README is readme1.c, readme2.c ...
readme_programs()
{
	awk -v out="$tmp/readme" '
		/^```/ { if (!inside && /^```c$/) n++; inside = !inside && /^```c$/; next }
		inside { print > (out n ".c") }' "$readme"
}

compiles()	# source
{
	"${CC:-gcc}" -Wall -Wextra -Werror -Iinclude/compat \
		-Iinclude/uapi -o "$tmp/$(basename "$1" .c)" "$1"
}

at_most()	# lines, file
{
	[ "$(wc -l <"$2")" -le "$1" ]
}

readme_programs
ok "the README has a program" test -e "$tmp/readme1.c"
for program in "$tmp"/readme*.c examples/ioctl-*.c; do
	ok "$(basename "$program") compiles without a warning" compiles "$program"
done
ok "the README's first program has less than 20 lines" at_most 19 "$tmp/readme1.c"
ok "the README has at most 280" at_most 280 "$readme"

# What the README says that its program prints stands below this command.
promised()
{
	grep -A 1 '^    \$ tests/vm/run .*-- first$' "$readme" | sed -n '2s/^ *//p'
}

# What the examples' README has run in the guest, as if typed there, and what it prints.
in_examples()
{
	sed -n '/^    \$ tests\/vm\/run /,/^$/s/^    //p' "$examples" | sed 's/^\$ .* -- /$ /'
}

guest()
{
	local command puts=()

	in_examples | sed -n 's/^\$ //p' | while IFS= read -r command; do
		printf 'echo %q\n%s\n' "\$ $command" "$command"
	done >"$tmp/examples"
	while IFS= read -r command; do
		puts+=(--put "$command")
	done < <(sed -n 's/^    \$ .*--put \([^ ]*\) .*/\1/p' "$examples" | sort -u)
	cat >"$tmp/inside" <<-'END'
		echo "first: $(readme1)"
		echo "read: $(ioctl-read /dev/bario/0000-00-05.0 0 0 4)"
		ioctl-derive /dev/bario/0000-00-05.0 grep '^bario-grant' /proc/self/fdinfo/0
		ioctl-read /dev/bario/0000-00-05.0 0 0x 4
		ioctl-read /dev/pci 0 0 4
		ioctl-derive /dev/pci true
		ioctl-run /dev/bario/0000-00-05.0
		ioctl-run /dev/bario/0000-00-03.0
	END
	tests/vm/run --put "$tmp/readme1" --put "$tmp/ioctl-read" \
		--put "$tmp/ioctl-derive" --put "$tmp/ioctl-run" --put "$tmp/inside:/inside" "${puts[@]}" --put "$tmp/examples:/examples" \
		-- sh -c '. /inside 2>&1; echo ----; . /examples 2>&1; true' >"$tmp/guest" 2>"$tmp/guest.err" ||
		{ cat "$tmp/guest" "$tmp/guest.err"; return 1; }
}

prints()	# line
{
	grep -Fqx -e "$1" "$tmp/guest" || { cat "$tmp/guest"; return 1; }
}

# Its other commands are for the host.
examples_on_host()
{
	sed -n 's/^    \$ //p' "$examples" | grep -v '^tests/vm/run ' >"$tmp/commands" &&
		sh -e "$tmp/commands"
}

examples_in_guest()
{
	diff <(in_examples) <(sed '1,/^----$/d' "$tmp/guest")
}

ok "the examples' README: its commands on the host" examples_on_host
ok "the programs run in the guest" guest
ok "the examples' README: its commands in the guest, and what they print" examples_in_guest
ok "the README's program prints what the README says" prints "first: $(promised)"
ok "ioctl-read prints the register" prints "read: $(promised)"
ok "ioctl-derive passes on what it says" \
	prints $'bario-grant:\t0000:00:05.0 bar0 0x0-0xff r--'
ok "ioctl-read checks its numbers" prints "ioctl-read: 0x is not a number of 32 bits"
ok "ioctl-read checks that the node is for one function" prints "ioctl-read: /dev/pci is for more than one function"
ok "ioctl-derive checks that, too" prints "ioctl-derive: /dev/pci is for more than one function"
ok "ioctl-run has the device compute" prints "10! is 3628800"
ok "ioctl-run checks which device it is" prints "ioctl-run: /dev/bario/0000-00-03.0 is not an edu device"

# What it shows of make try's output.
not_tried()
{
	make -s try >"$tmp/tried" 2>"$tmp/tried.err" || cat "$tmp/tried.err"
	sed -n '/^    make try$/,/^`make try TRY/s/^    \( *[^ ].*\)$/\1/p' "$readme" |
		grep -Fvx -e 'make try' -e '  ...' -f "$tmp/tried"
}

# The line reaches the guest's shell as it was typed.
try_line()	# line, how: by the command line or the environment
{
	local got shown

	# shellcheck disable=SC2016 # it is for make
	shown=$(printf 'shown:\n\t@printf "%%s\\n" "$$TRY_LINE"\n')
	got=$(if [ "$2" = environment ]; then
		TRY=$1 make -s -f Makefile -f - shown <<<"$shown"
	else
		make -s -f Makefile -f - shown "TRY=$1" <<<"$shown"
	fi) || return
	[ "$got" = "$1" ] || { echo "wanted $1, got $got"; return 1; }
}

# shellcheck disable=SC2016 # it is for the guest's shell
for how in "command line" environment; do
	ok "make try has its line from the $how as it is" try_line 'echo $HOME "$(id)" $$ #'"'x'" "$how"
done
ok "make try prints what the README says" none "was not printed" < <(not_tried)

# ---- what the README names ----
missing_targets()
{
	grep -Eo '(^    |`)make [a-z_-]+' "$readme" | sed 's/.*make //' | sort -u |
		grep -Fvx -f <(sed -n 's/^\([a-z_-]*\):.*/\1/p' Makefile)
}

# Each link of the examples' README; and each example is there.
missing_examples()
{
	grep -Eo '\]\([^):]+\)' "$examples" | sed 's/^](\(.*\))$/\1/' | while read -r path; do
		[ -e "examples/$path" ] || echo "$path"
	done
	for path in examples/*.c; do
		grep -F "](${path#*/})" "$examples" >/dev/null || echo "$path, without a line in the README,"
	done
}

# In backquotes or a link: relative, and with a slash.
missing_paths()
{
	# shellcheck disable=SC2016
	{
		grep -Eo '`[A-Za-z]+/[A-Za-z0-9_./-]*`' "$readme" | tr -d '`'
		grep -Eo '\]\([^):]+\)' "$readme" | sed 's/^](\(.*\))$/\1/'
		sed -n 's/^    \$ \([a-z]*\/[^ ]*\) .*/\1/p' "$readme"
	} | sort -u | while read -r path; do
		case $path in
		'#'*) grep -Eixq "##+ ${path//[#-]/.}" <(sed 's/^\(##* \)/\1#/' "$readme") ;;
		*) [ -e "$path" ] ;;
		esac || echo "$path"
	done
}

# Headings, with their numbers, and promises of the demo; the rest of its output
# depends on the run.
missing_in_demo()
{
	grep -h '^step "' demo/guest.sh demo/run |
		sed -f <(sed -n 's/^\([a-z]*\)=\([0-9:.]*\)$/s!$\1\\>!\2!g/p' demo/guest.sh) |
		awk '{ sub(/^step "/, ++n ". "); print }' >"$tmp/steps"
	sed -nE 's/^    ([0-9]+\. )/\1/p' "$readme" | while IFS= read -r text; do
		grep -Fq -e "$text" "$tmp/steps" || echo "$text"
	done
	sed -n 's/^      -> as promised: //p' "$readme" | while IFS= read -r text; do
		grep -Fq -e "$text" demo/guest.sh demo/run || echo "$text"
	done
}

ok "each make target that the README names exists" none "is no target" < <(missing_targets)
ok "each path that it names exists" none "does not exist" < <(missing_paths)
ok "each link of the examples' README" none "does not exist" < <(missing_examples)
ok "what it quotes of the demo is the demo's" none "is not in demo/" < <(missing_in_demo)

# ---- what the manual must have ----
# missing_words HEADER: those of the words on standard input that its pages lack
missing_words()
{
	sort -u >"$tmp/words"
	[ -s "$tmp/words" ] || echo "(no word was found, which)"
	# shellcheck disable=SC2046 # there are several
	grep -Fvx -f <(grep -Eho '[A-Za-z0-9_]+' $(pages "$1")) "$tmp/words"
}

# Comments out, blanks to one, a line for each field.
fields()
{
	sed -e 's@/\*.*\*/@@' -e '/^#/d' | tr -s ' \t' ' ' | sed -e 's/ $//' -e 's/^ //' -e '/^$/d'
}

# structures FILE...: name and fields of each, in order
structures()
{
	cat "$@" | sed -n '/^struct [a-z_]* {$/,/^};$/p' | fields
}

# Each in a file of its own, for the pages may have another order.
split_structures()	# directory
{
	mkdir -p "$1"
	awk -v RS='};\n' -v out="$1" '{ print $0 "};" > (out "/" $2) }'
}

different_structures()	# header
{
	local name

	name=$(basename "$1" .h)
	structures "$1" | split_structures "$tmp/want/$name"
	# shellcheck disable=SC2046 # there are several
	structures $(pages "$1") | split_structures "$tmp/got/$name"
	diff -r "$tmp/want/$name" "$tmp/got/$name"
}

# "Errors of REQUEST: EFAULT, ..." in the comments of a header: a line for each.
errors_of_header()	# header
{
	awk '
		/^ \* Errors of / { line = "" ; inside = 1 }
		inside { sub(/^ \* /, ""); line = line " " $0 }
		inside && /\.$/ { print line; inside = 0 }' "$1" |
		sed 's/^ Errors of //; s/[,:.]//g' | tr -s ' '
}

# The lists under the pages' headings that are requests, likewise.
errors_of_pages()	# page...
{
	awk '
		function flush() { if (request) print request errors; request = "" }
		/^\.S[sh] / { flush() }
		/^\.Ss [A-Z]*IOC[A-Z_]*$/ { request = $2; errors = "" }
		request && /^\.It Bq Er / && $4 != last { errors = errors " " $4 }
		/^\.It Bq Er / { last = $4 }
		/^\.Bl/ { last = "" }
		END { flush() }' "$@"
}

different_errors()	# header
{
	# shellcheck disable=SC2046 # there are several
	diff <(errors_of_header "$1" | sort) <(errors_of_pages $(pages "$1") | sort)
}

for header in "${headers[@]}"; do
	ok "$header: its structures in the manual" different_structures "$header"
	ok "$header: each request is in the manual" none "is missing" \
		< <(sed -n 's/^#define \([A-Z]*IOC[A-Z_]*\)\t_IO.*/\1/p' "$header" | missing_words "$header")
	ok "$header: each constant" none "is missing" \
		< <(sed -nE 's/^#define ([A-Z][A-Z0-9_]+)[[:blank:](].*/\1/p; s/^\t([A-Z][A-Z0-9_]+)[[:blank:]]+= .*/\1/p' \
			"$header" | grep -Ev '^BARIOC_(ASSERT|IOC_TYPE)$' | missing_words "$header")
	ok "$header: the errors of each request, in their order" different_errors "$header"
done

# Headers of this tree, and the C library's sys/ioctl.h; a cause after an errno is the library's.
missing_headers()
{
	sed -n '/^\.Sh SYNOPSIS/,/^\.Sh DESCRIPTION/s/^\.In //p' man/*.4 | while read -r header; do
		[ -e "include/compat/$header" ] || [ -e "include/uapi/$header" ] ||
			[ "$header" = sys/ioctl.h ] || echo "$header"
	done
}

missing_causes()
{
	grep -Eo -- '-E[A-Z0-9]+: [A-Z_]{2,}(, [A-Z_]{2,})*' include/bario.h |
		sed 's/.*: //; s/, /\n/g' | sort -u |
		grep -Fvx -f <(sed -n 's/^\tBARIO_CAUSE_\([A-Z_]*\).*/\1/p' include/bario.h)
}
ok "every header in a SYNOPSIS" none "is not in include/" < <(missing_headers)
ok "every cause in bario.h's comments" none "is no cause" < <(missing_causes)
ok "every module parameter" none "is not in the manual" \
	< <(sed -nE 's/^module_param[a-z_]*\(([a-z_]+),.*/\1/p' kernel/*.c | missing_words /barioc.h)
ok "every trace event" none "is not in the manual" \
	< <(sed -nE 's/^(TRACE_EVENT\(|DEFINE_EVENT\([a-z_]*, )([a-z_]+),.*/\2/p' kernel/*.h | missing_words /barioc.h)
ok "every counter in sysfs" none "is not in the manual" \
	< <(sed -nE 's/^\t&dev_attr_([a-z_]+)\.attr,/\1/p' kernel/*.c | missing_words /barioc.h)
finish
