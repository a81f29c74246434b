#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The style of everything. In the environment, KERNEL: which headers sparse reads
# the module with, the newest that are installed unless told.
set -euo pipefail
cd "$(dirname "$0")/.."

tmp=$(mktemp -d "${TMPDIR:-/tmp}/bario-lint.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
# shellcheck source=tests/tap.sh
. tests/tap.sh

# Succeeds if there is no such line.
no_line()	# pattern, file...
{
	if grep -nE -- "$@" /dev/null; then
		return 1
	fi
}

# ---- the text of each file ----
licence()
{
	local file line bad=0

	for file in "$@"; do
		case $file in
		*.md | LICENSE | LICENSES/* | .gitignore) continue ;;
		# Formats without comments; debian/copyright speaks for them.
		debian/*.install | debian/*.symbols | debian/changelog | \
		debian/control | debian/copyright | debian/source/format) continue ;;
		esac
		line=$(head -n 2 "$file" | grep -oE 'SPDX-License-Identifier: .*' || true)
		line=${line#*: }
		case ${line% \*/} in
		GPL-2.0) ;;
		'GPL-2.0 OR BSD-2-Clause') ;;
		'(GPL-2.0 WITH Linux-syscall-note) OR BSD-2-Clause') ;;
		*)
			echo "$file: ${line:-no SPDX-License-Identifier in the first two lines}"
			bad=1
			;;
		esac
	done
	return "$bad"
}

licence_texts()
{
	test -s LICENSES/GPL-2.0 && test -s LICENSES/BSD-2-Clause &&
		test -s LICENSES/Linux-syscall-note
}

whitespace()
{
	local bad=0 file

	no_line '[[:blank:]]$|	 *$' "$@" || bad=1
	for file in "$@"; do
		if [ -s "$file" ] && [ -n "$(tail -c 1 "$file")" ]; then
			echo "$file: no newline at the end"
			bad=1
		fi
	done
	return "$bad"
}

# The brackets keep these patterns from finding themselves.
no_place()
{
	no_line '(^|[^[:alnum:]._$}/-])/(wor[k]|hom[e]|roo[t])/[[:alnum:]]' "$@"
}

no_registry()
{
	no_line '(deb|ftp|archive|security|snapshot)\.([d]ebian|ubunt[u])\.(org|com)|pypi\.or[g]|registry\.npmj[s]|crates\.i[o]|proxy\.golan[g]' "$@"
}

# What words.txt lists; what to write instead is printed after the lines.
words()	# file...
{
	local bad=0 pattern instead

	while IFS=$'\t' read -r pattern instead; do
		case $pattern in
		'#'* | '') continue ;;
		esac
		if grep -HnPI -e "$pattern" -- "$@"; then
			echo "	write: $instead"
			bad=1
		fi
	done <tests/words.txt
	return "$bad"
}

# Names that codespell takes for words: nd (not defined), filp, iput, mdoc's Fo.
spelling()	# file...
{
	codespell --ignore-words-list nd,filp,iput,statics,isnt,fo,pres "$@"
}

# One place knows of kernel versions.
versions()
{
	local file files=()

	for file in kernel/*; do
		[ "$file" = kernel/compat.h ] || files+=("$file")
	done
	no_line 'LINUX_VERSION_CODE|KERNEL_VERSION' "${files[@]}"
}

# ---- checkpatch ----
# No small package has it: three files out of the source of Debian's kernel.
get_checkpatch()	# directory
{
	local package file names=()

	[ ! -e "$1/checkpatch.pl" ] || return 0
	mkdir -p "$1"
	type apt-get dpkg-deb >/dev/null 2>&1 || { echo "no apt-get here"; return 1; }
	for file in checkpatch.pl spelling.txt const_structs.checkpatch; do
		names+=("--wildcards" "*/scripts/$file")
	done
	package=$(source_package)
	if [ -z "$package" ] || ! download "$package"; then
		if [ "$(id -u)" != 0 ] || ! apt-get update -qq >&2; then
			echo "can't download linux-source"
			return 1
		fi
		package=$(source_package)
		download "$package" || { echo "can't download $package"; return 1; }
	fi
	mkdir "$tmp/scripts"
	# tar ends once it has them, and those before it in the pipe with it.
	{ dpkg-deb --fsys-tarfile "$tmp"/linux-source*.deb | tar xO --wildcards '*.tar.xz' |
		tar xJ -C "$tmp/scripts" --strip-components=2 --occurrence=1 "${names[@]}"; } 2>/dev/null || true
	rm -f "$tmp"/linux-source*.deb
	# This one last: it is what says that all are there.
	for file in const_structs.checkpatch spelling.txt checkpatch.pl; do
		mv "$tmp/scripts/$file" "$1/" || { echo "$package has no $file"; return 1; }
	done
}

source_package()
{
	apt-cache depends linux-source 2>/dev/null | awk '/Depends:/ { print $2; exit }'
}

download()	# package
{
	(cd "$tmp" && apt-get download -qq "$1" >/dev/null 2>&1)
}

# ---- sparse ----
newest_headers()
{
	local dir

	for dir in /lib/modules/*/build; do
		[ ! -e "$dir/include/config/kernel.release" ] || basename "$(dirname "$dir")"
	done | sort -V | tail -n 1
}

run_sparse()	# build tree of the kernel
{
	local source

	mkdir -p "$tmp/src/include"
	cp -r kernel core "$tmp/src/"
	cp -r include/uapi "$tmp/src/include/"
	make -C "$1" M="$tmp/src/kernel" C=2 modules >"$tmp/sparse" 2>&1 || { cat "$tmp/sparse"; return 1; }
	# What is said of the kernel's own headers is not ours.
	sed "s|$tmp/src/\(kernel/\.\./\)\?||" "$tmp/sparse" >"$tmp/found"
	for source in kernel/*.c core/*.c; do
		grep -qE "^  CHECK +$source\$" "$tmp/found" || { echo "$source: not checked"; return 1; }
	done
	no_line '^(kernel|core|include)/[^ ]*: (warning|error):|: error:' "$tmp/found"
}

mapfile -t files < <(scripts/files)
mapfile -t scripts < <(grep -lE '^#!/bin/(ba)?sh|^# shellcheck shell=' "${files[@]}")

ok "each file names its licence" licence "${files[@]}"
ok "the licences' texts are there" licence_texts
ok "no blanks at the ends of lines" whitespace "${files[@]}"
ok "no file names a place on somebody's machine" no_place "${files[@]}"
ok "no file names the host of a package registry" no_registry "${files[@]}"
ok "kernel versions are compared in compat.h alone" versions

# Licences have their own words, and so does what quotes them.
mapfile -t prose < <(printf '%s\n' "${files[@]}" |
	grep -Ev '^(LICENSE|LICENSES/.*|debian/copyright|docs/bench\.svg|tests/words\.txt)$')
ok "no word of tests/words.txt" words "${prose[@]}"
ok "spelling" spelling "${prose[@]}"
ok "each file of the module calls only parts below it" tests/structure layers
ok "exported functions are named after their file" tests/structure exports
ok "names of static functions have two words" tests/structure statics kernel core lib tools

same_abi()	# compiler
{
	diff lib/libbario.abi <(scripts/abi "$1") || { echo "scripts/abi --update writes what was added"; return 1; }
}

for compiler in gcc clang; do
	if command -v "$compiler" >/dev/null; then
		ok "the library's interface is that of lib/libbario.abi, by $compiler" same_abi "$compiler"
	else
		skip "the library's interface, by $compiler" "no $compiler"
	fi
done
ok "shellcheck: ${#scripts[@]} scripts" shellcheck "${scripts[@]}"

for page in man/*.[0-9]; do
	[ ! -e "$page" ] || ok "mandoc: $page" mandoc -T lint -W warning "$page"
done

checkpatch=build/lint
if why=$(get_checkpatch "$checkpatch"); then
	for directory in kernel core include/uapi; do
		ok "checkpatch: $directory" perl "$checkpatch/checkpatch.pl" --terse -f "$directory"/*
	done
	# Userland has no macros for attributes and no strscpy(), a register is volatile,
	# and an attribute is not an argument.
	ok "checkpatch: lib and tools" perl "$checkpatch/checkpatch.pl" --terse \
		--ignore VOLATILE,PREFER_DEFINED_ATTRIBUTE_MACRO,STRCPY,FUNCTION_ARGUMENTS -f include/bario.h lib/*.[ch] tools/*.[ch]
else
	skip checkpatch "$why"
fi

kernel=${KERNEL:-$(newest_headers)}
for build in "$kernel/build" "/lib/modules/$kernel/build" ""; do
	[ ! -e "$build/Makefile" ] || break
done
if [ -n "$build" ]; then
	ok "sparse: the module, for $kernel" run_sparse "$(cd "$build" && pwd)"
else
	skip sparse "no headers of a kernel"
fi

finish
