#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The documentation compared with the code: the programs on the module's own requests do
# what is said of them, what README.md and docs/ name exists, and what exists is in the
# manual. What is shown at a prompt: prompts.t.
set -uo pipefail

cd "$(dirname "$0")/.." || exit 1
# shellcheck source=tests/tap.sh
. tests/tap.sh
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

readme=README.md
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
compiles()	# source
{
	"${CC:-gcc}" -Wall -Wextra -Werror -Iinclude/compat \
		-Iinclude/uapi -o "$tmp/$(basename "$1" .c)" "$1"
}

at_most()	# lines, file
{
	[ "$(wc -l <"$2")" -le "$1" ]
}

for program in examples/ioctl-*.c; do
	ok "$(basename "$program") compiles without a warning" compiles "$program"
done
ok "the README has at most 130 lines" at_most 130 "$readme"

guest()
{
	cat >"$tmp/inside" <<-'END'
		echo "read: $(ioctl-read /dev/bario/0000-00-05.0 0 0 4)"
		ioctl-derive /dev/bario/0000-00-05.0 grep '^bario-grant' /proc/self/fdinfo/0
		ioctl-read /dev/bario/0000-00-05.0 0 0x 4
		ioctl-read /dev/pci 0 0 4
		ioctl-derive /dev/pci true
		ioctl-run /dev/bario/0000-00-05.0
		ioctl-run /dev/bario/0000-00-03.0
	END
	tests/vm/run --put "$tmp/ioctl-read" --put "$tmp/ioctl-derive" --put "$tmp/ioctl-run" \
		--put "$tmp/inside:/inside" -- sh -c '. /inside 2>&1; true' >"$tmp/guest" 2>"$tmp/guest.err" ||
		{ cat "$tmp/guest" "$tmp/guest.err"; return 1; }
}

prints()	# line
{
	grep -Fqx -e "$1" "$tmp/guest" || { cat "$tmp/guest"; return 1; }
}

ok "the programs run in the guest" guest
ok "ioctl-read prints the register" prints "read: 0x10000ed"
ok "ioctl-derive passes on what it says" \
	prints $'bario-grant:\t0000:00:05.0 bar0 0x0-0xff r--'
ok "ioctl-read checks its numbers" prints "ioctl-read: 0x is not a number of 32 bits"
ok "ioctl-read checks that the node is for one function" prints "ioctl-read: /dev/pci is for more than one function"
ok "ioctl-derive checks that, too" prints "ioctl-derive: /dev/pci is for more than one function"
ok "ioctl-run has the device compute" prints "10! is 3628800"
ok "ioctl-run checks which device it is" prints "ioctl-run: /dev/bario/0000-00-03.0 is not an edu device"

# Without TRY, make try lists the devices and reads a register by its name.
tries()
{
	if ! make -s try >"$tmp/tried" 2>"$tmp/tried.err" ||
		! grep -q '^0000:00:05\.0  1234:11e8 ' "$tmp/tried" ||
		! grep -Fxq '  LU 0x1 link_up' "$tmp/tried"; then
		cat "$tmp/tried" "$tmp/tried.err"
		return 1
	fi
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
ok "make try lists the devices and reads a register" tries

# ---- what README.md and docs/ name ----
missing_targets()
{
	grep -Eo '(^    |`)make [a-z_-]+' "$readme" | sed 's/.*make //' | sort -u |
		grep -Fvx -f <(sed -n 's/^\([a-z_-]*\):.*/\1/p' Makefile)
}

# Each example has a line in the examples' README.
missing_examples()
{
	for path in examples/*.c; do
		grep -F "](${path#*/})" examples/README.md >/dev/null || echo "$path"
	done
}

# has_heading FILE ANCHOR: as GitHub makes anchors of headings
has_heading()
{
	sed -n 's/^##* //p' "$1" | tr '[:upper:] ' '[:lower:]-' | tr -cd 'a-z0-9\n-' | grep -Fxq -e "$2"
}

# Relative links of all Markdown, with their anchors; and what README.md has in
# backquotes, with a slash.
missing_paths()
{
	local file path to

	# shellcheck disable=SC2016
	grep -Eo '`[A-Za-z]+/[A-Za-z0-9_./-]*`' "$readme" | tr -d '`' | while read -r path; do
		[ -e "$path" ] || echo "$readme: $path"
	done
	scripts/files | grep '\.md$' | while read -r file; do
		grep -Eo '\]\([^):]+\)' "$file" | sed 's/^](\(.*\))$/\1/' | while read -r path; do
			to=${path%%#*}
			to=${to:+$(dirname "$file")/$to}
			[ -e "${to:=$file}" ] && { [[ $path != *'#'* ]] || has_heading "$to" "${path#*#}"; } ||
				echo "$file: $path"
		done
	done
}

# The figures of the README's table are those of docs/bench.md.
other_figures()
{
	grep -E '^\| .*[0-9] \|$' "$readme" | cut -d '|' -f 3- | grep -Eo '[0-9]+(\.[0-9]+)?' |
		while read -r figure; do
			grep -Fwq -e "$figure" docs/bench.md || echo "$figure"
		done
}

ok "each make target that the README names exists" none "is not a target" < <(missing_targets)
ok "each link, and each path that the README names" none "does not exist" < <(missing_paths)
ok "each example" none "has no line in examples/README.md" < <(missing_examples)
ok "each figure of the README" none "is not in docs/bench.md" < <(other_figures)

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
		grep -Fvx -f <(sed -n 's/^#define BARIO_CAUSE_\([A-Z_]*\)\t.*/\1/p' include/bario.h)
}
ok "every header in a SYNOPSIS" none "is not in include/" < <(missing_headers)
ok "every cause in bario.h's comments" none "is not a cause" < <(missing_causes)
ok "every module parameter" none "is not in the manual" \
	< <(sed -nE 's/^module_param[a-z_]*\(([a-z_]+),.*/\1/p' kernel/*.c | missing_words /barioc.h)
ok "every trace event" none "is not in the manual" \
	< <(sed -nE 's/^(TRACE_EVENT\(|DEFINE_EVENT\([a-z_]*, )([a-z_]+),.*/\2/p' kernel/*.h | missing_words /barioc.h)
ok "every counter in sysfs" none "is not in the manual" \
	< <(sed -nE 's/^\t&dev_attr_([a-z_]+)\.attr,/\1/p' kernel/*.c | missing_words /barioc.h)
finish
