#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Library and tool for FreeBSD: compiled with its headers and linked with its C
# library, by a compiler that brings both. Nothing here runs them: what they do is
# tested in tests/guest/libbario.t, on the same requests.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

version=14.0
out=$PWD/build/tests/freebsd
zig=$PWD/build/zig/node_modules/.bin/zig
tmp=$(mktemp -d "${TMPDIR:-/tmp}/bario-freebsd.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
export ZIG_GLOBAL_CACHE_DIR=$PWD/build/zig/cache ZIG_LOCAL_CACHE_DIR=$PWD/build/zig/cache
# shellcheck source=tests/tap.sh
. tests/tap.sh

# compiles FILE [OPTION]...
compiles()
{
	$cc -Wall -Wextra -Werror -c -o "$tmp/object.o" "${@:2}" "$1"
}

# fails FILE: a static assertion stops the compiler
fails()
{
	! compiles "$@" 2>"$tmp/errors" && grep 'static assertion failed' "$tmp/errors"
}

# The layout of our pciio.h, of FreeBSD's, which is release 15's: all but the two
# fields that this compiler's copy does not have yet, where the spare part begins.
layout()	# file
{
	printf '#define PCIIO_FREEBSD15\n#include <sys/types.h>\n#include <sys/pciio.h>\n#include <stddef.h>\n' >"$1"
	sed -n '/^#ifdef __cplusplus/,/^#undef/p' include/uapi/pciio.h |
		grep -vE 'pc_(secbus|subbus|spare)\)' >>"$1"
	echo '#endif' >>"$1"
}

# What the tool is linked with has FreeBSD in its ports. Here pkg-config finds
# libraries that have the same headers and names as Debian's, and are empty.
ports()
{
	local package name shared directory

	mkdir -p "$tmp/lib" "$tmp/include" "$tmp/pc"
	for package in "${packages[@]}"; do
		name=$(pkg-config --libs-only-l "$package" | sed 's/^-l//; s/ .*//')
		shared=$(${CC:-cc} -print-file-name="lib$name.so")
		nm -D --defined-only "$shared" | awk '$2 == "T" { sub(/@.*/, "", $3); print "void " $3 "(void) {}" }' |
			sort -u >"$tmp/$name.c"
		test -s "$tmp/$name.c" &&
			$cc -shared -fPIC -o "$tmp/lib/lib$name.so" "$tmp/$name.c" || return
		directory=$(pkg-config --variable=includedir "$package")
		ln -s "$directory/$name" "$tmp/include/" || return
		printf '%s\n' "Name: $name" "Version: 0" "Description: $name" \
			"Cflags: -I$tmp/include" "Libs: -L$tmp/lib -l$name" >"$tmp/pc/$package.pc"
	done
}

library()
{
	make -s -C lib out="$out/lib" CC="$cc" AR="$zig ar"
}

tool()
{
	PKG_CONFIG_LIBDIR=$tmp/pc make -s -C tools out="$out/tools" program="$out/bario" \
		library="$out/lib/internal.a" CC="$cc" AR="$zig ar" STATIC=
}

# A program that FreeBSD takes for its own.
freebsds()
{
	readelf -n "$out/bario" | grep '^ *FreeBSD .*NT_VERSION' &&
		readelf -p .interp "$out/bario" | grep /libexec/ld-elf.so.1
}

# Without the commands that are about Linux.
portable()
{
	nm "$out/bario" | grep ' T run_read$' && ! nm "$out/bario" | grep -E 'run_(exec|trace)$'
}

# It has what bario.h declares.
exported()
{
	tr '\n' ' ' <include/bario.h | grep -Eo '\*?\bbario_[a-z_]+\([^()*]' | tr -d '*' |
		sed 's/(.*//' | sort -u >"$tmp/declared"
	nm -D --defined-only "$out/lib/libbario.so.0" | sed -n 's/.* T \([a-z_]*\)@@LIBBARIO_0$/\1/p' |
		sort | diff "$tmp/declared" -
}

# Everything else is FreeBSD's, by the version of its symbols.
foreign()
{
	! nm -D --undefined-only "$out/lib/libbario.so.0" | grep -v '@FBSD_'
}

type npm >/dev/null 2>&1 ||
	skip_all "no npm here, by which the compiler comes that has FreeBSD's headers"
scripts/deps freebsd >&2 ||
	skip_all "npm does not give the compiler that has FreeBSD's headers"
mkdir -p "$out"
cc="$zig cc -target $(uname -m)-freebsd.$version-none"
# As tools/Makefile has them.
read -ra packages < <(sed -n 's/^LIBS .*--libs \(.*\))$/\1/p' tools/Makefile)

ok "the library builds for FreeBSD $version" library
ok "the library has what its header declares" exported
ok "the library needs only FreeBSD's C library" foreign
ok "the libraries that the tool needs can be imitated" ports
ok "the tool builds" tool
ok "the tool is a program for FreeBSD" freebsds
ok "the tool has neither exec nor trace" portable
layout "$tmp/layout.c"
ok "structures and requests are laid out as FreeBSD's" compiles "$tmp/layout.c"
sed 's/pbi_width), 20, 20/pbi_width), 16, 16/' "$tmp/layout.c" >"$tmp/moved.c"
ok "a field that is elsewhere would be noticed" fails "$tmp/moved.c"
for client in tests/abi/*.c; do
	ok "$client is a program for FreeBSD" compiles "$client" -D_GNU_SOURCE
done

finish
