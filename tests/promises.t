#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Each errno that pciio(4), barioc(4) and bario(4) promise has a test whose name says so;
# each test program says which section of which page it tests. To see which test is for
# which promise: tests/promises.t --list
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=tests/tap.sh
. tests/tap.sh
tmp=$(mktemp -d "${TMPDIR:-/tmp}/bario-promises.XXXXXX")
trap 'rm -rf "$tmp"' EXIT

pages=(man/pciio.4 man/barioc.4 man/bario.4)
need "the names of the tests are found" eval "perl tests/names.pl tests/guest/*.c >$tmp/names && test -s $tmp/names"

# promises [LIST] [NAMES] [PAGE]...
promises()
{
	perl tests/promises.pl "$@"
}

if [ "${1:-}" = --list ]; then
	promises tests/promises.txt "$tmp/names" "${pages[@]}" | column -t -s $'\t'
	exit
fi

# ---- errnos ----
complaints()
{
	promises "$@" | sed -n 's/^!//p'
}

found()
{
	local many

	many=$(promises tests/promises.txt "$tmp/names" "${pages[@]}" | grep -c $'\t')
	echo "$many promises"
	[ "$many" -ge 100 ]
}

# noticed WORDS COMMAND...: with the list, the names or the page that the command makes
# of the right ones
noticed()
{
	local words=$1

	shift
	cp tests/promises.txt "$tmp/list"
	cp "$tmp/names" "$tmp/other"
	cp man/pciio.4 "$tmp/pciio.4"
	"$@" || return
	complaints "$tmp/list" "$tmp/other" "$tmp/pciio.4" man/barioc.4 man/bario.4 | grep -F -- "$words"
}

silent "each errno of the pages has a test" complaints tests/promises.txt "$tmp/names" "${pages[@]}"
ok "promises: there are more than a hundred" found
ok "promises: an errno without a test is noticed" noticed 'no test for pciio(4)	PCIOCLISTVPD	EINTR' \
	sed -i '/PCIOCLISTVPD.*EINTR/d' "$tmp/other"
ok "promises: a new errno of a page is noticed" noticed 'no test for pciio(4)	PCIOCREAD	EDOM' \
	sed -i '0,/^\.Ss PCIOCATTACHED/s/^\(\.Ss PCIOCATTACHED\)/.Ss PCIOCREAD\n.Bl -tag\n.It Bq Er EDOM\nx\n.El\n\1/' "$tmp/pciio.4"
ok "promises: a second reason for an errno is noticed" noticed '2 promises are PCIOCLISTVPD EINTR' \
	sed -i 's/^\.It Bq Er EINTR/.It Bq Er EINTR\nx\n&/' "$tmp/pciio.4"
ok "promises: a line of the list for a test that is gone is noticed" \
	noticed 'no test with "port BAR: 8-byte read"' sed -i '/port BAR: 8-byte read/d' "$tmp/other"
ok "promises: a line of the list for a promise that is gone is noticed" noticed 'no page promises PCIOCREAD EDOM: x' \
	eval "echo 'PCIOCREAD EDOM | x | y' >>$tmp/list"
ok "promises: an exception that is tested is noticed" noticed 'PCIOCREAD EIO is tested, too' \
	eval "echo 'PCIOCREAD EIO | did not respond | not tested: no way' >>$tmp/list"
ok "promises: a line of the list that is none is noticed" noticed 'list:1: not "REQUEST' \
	sed -i '1s/.*/PCIOCREAD EIO/' "$tmp/list"

# The header names the errnos, in the order of the page.
header_differs()
{
	local request list

	sed -n '/^ \* Errors of BARIOC_/,/\.$/p' include/uapi/barioc.h | tr -d '*\n' |
		grep -Eo 'Errors of BARIOC_[A-Z]+: [A-Z0-9, ]+' | tr -s ' ' | sed 's/Errors of //' >"$tmp/header"
	[ -s "$tmp/header" ] || echo "barioc.h names no errnos"
	while IFS=: read -r request list; do
		diff <(tr -d ' ' <<<"$list" | tr , '\n') \
			<(sed -n "/^\.Ss $request\$/,/^\.S[hs] /s/^\.It Bq Er //p" man/barioc.4) | sed "s/^/$request: /"
	done <"$tmp/header"
}
silent "barioc.h names the errnos of barioc(4), in its order" header_differs

# ---- programs ----
# Its first comment begins with "Tests PAGE(N): SECTION."
sections()
{
	local file comment page section

	for file; do
		comment=$(awk '/\/\*/ { on = 1 } on { print } /\*\// { exit }' "$file" | tr -d '\n' | sed 's/[*\/]*[[:blank:]]\+/ /g')
		[[ $comment =~ ^\ *Tests\ ([a-z-]+)\(([0-9])\):\ ([^.]+)\. ]] ||
			{ echo "$file does not say \"Tests PAGE(N): SECTION.\""; continue; }
		page=man/${BASH_REMATCH[1]}.${BASH_REMATCH[2]} section=${BASH_REMATCH[3]}
		grep -qsxE "\.S[hs] \"?$section\"?" "$page" || echo "$file: $page has no section $section"
	done
}

programs()
{
	grep -lE '^int main\(' tests/guest/*.c | grep -v tests/guest/libbario.c
}

# Each program is one that a .t file names.
unnamed()
{
	grep -ohE '\b(64|32)/[a-z0-9_]+|[$]here/[a-z0-9_]+\.c' tests/guest/*.t |
		sed 's|.*/|tests/guest/|; s/\.c$//; s/$/.c/' | sort -u >"$tmp/named"
	programs | grep -Fvx -f "$tmp/named" | sed 's/$/ is named by no .t file/'
	while read -r file; do
		[ -e "$file" ] || echo "$file is named by a .t file and does not exist"
	done <"$tmp/named"
}

mapfile -t files < <(programs)
silent "each test program is named by a .t file, and exists" unnamed
silent "each test program says which section of which page it tests" sections "${files[@]}"
printf '/* Tests pciio(4): NOTHING. */\n' >"$tmp/planted.c"
ok "programs: a section that does not exist is noticed" test -n "$(sections "$tmp/planted.c")"
printf '/* Something */\n' >"$tmp/planted.c"
ok "programs: a comment without a section is noticed" test -n "$(sections "$tmp/planted.c")"
finish
