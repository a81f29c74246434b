#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# libbario: its unit tests on simulated devices, with sanitizers and by valgrind,
# and what a program meets that is built with it.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

top=$PWD
out=$top/build/tests/lib
lib=$top/build/lib
tmp=$(mktemp -d "${TMPDIR:-/tmp}/bario-lib.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
# shellcheck source=tests/tap.sh
. tests/tap.sh

export CMOCKA_MESSAGE_OUTPUT=TAP

# A program of one call, in the language that the compiler is for.
cat >"$tmp/program.c" <<'END'
#include <bario.h>
#include <stdio.h>
int main(void)
{
	struct bario *dev;
	uint64_t value = 0;

	if (bario_open_sim("bar 0 port 4\nreg 0 0 4 ro 0x1234\n", "-", 0, &dev) ||
	    bario_read(dev, 0, 0, 4, &value))
		puts(bario_last_error()->message);
	bario_close(dev);
	printf("%#x\n", (unsigned int)value);
	return 0;
}
END
cp "$tmp/program.c" "$tmp/program.cc"

# Both headers named bario.h in one program.
cat >"$tmp/both.c" <<'END'
#include "uapi/pciio.h"
#include "uapi/barioc.h"
#include "bario.h"
int main(void)
{
	return BARIOC_RIGHT_READ != BARIO_RIGHT_READ ||
		BARIOC_SPACE_CONFIG != BARIO_SPACE_CONFIG || BARIOC_TO_END != BARIO_TO_END;
}
END

# builds COMPILER SOURCE [OPTION]...: as a user of what is installed does
builds()
{
	local flags

	flags=$(PKG_CONFIG_PATH=$tmp/root/lib/pkgconfig pkg-config --cflags --libs bario) || return
	# shellcheck disable=SC2086
	"$1" -Wall -Wextra -Werror -o "$tmp/program" "$2" "${@:3}" $flags
}

# prints TEXT [ARGUMENT]...: the program that was built does
prints()
{
	[ "$(LD_LIBRARY_PATH=$tmp/root/lib "$tmp/program" "${@:2}")" = "$1" ]
}

installed()	# compiler, source, option...
{
	builds "$@" && prints 0x1234
}

first_of_page()
{
	printf 'bar 0 mem 4K\nreg 0 0 4 ro 0x1234\n' >"$tmp/first.sim"
	builds "${CC:-cc}" "$tmp/page1.c" -std=c11 && prints 0x1234 "sim:$tmp/first.sim"
}

second_of_page()
{
	builds "${CC:-cc}" "$tmp/page2.c" -std=c11 && prints ""
}

# A program with names of its own that the library has inside.
cat >"$tmp/names.c" <<'END'
#include <bario.h>
int fail(int code), backends = 3, check_bar = 4;
int fail(int code)
{
	return code + backends + check_bar;
}
int main(void)
{
	struct bario *dev;

	return bario_open("foo", 0, &dev) == 0 || dev || fail(1) != 8;
}
END

own_names()	# option...
{
	builds "${CC:-cc}" "$tmp/names.c" -std=c11 "$@" && prints ""
}

# What the static library gives a program to link with, beside the API.
leaked()
{
	nm -g --defined-only "$lib/libbario.a" | sed -n 's/.* [A-Z] //p' | grep -v '^bario_[a-z_]*$'
	nm -g --defined-only "$lib/libbario.a" | sed -n 's/.* T //p' | sort | comm -3 - "$tmp/declared"
}

# Files that use each other, by the symbols of their objects.
cycles()	# directory
{
	local object

	for object in "$1"/*.o; do
		[ "$object" != "$1/libbario.o" ] || continue
		nm -g "$object" | awk -v name="$(basename "$object" .o)" '
			NF == 3 { print "1", $3, name }
			NF == 2 { print "2", $2, name }'
	done | sort | awk '
		$1 == 1 { file[$2] = $3 }
		$1 == 2 && ($2 in file) { print $3, file[$2] }' | sort -u | tsort 2>&1 >/dev/null |
		grep . || return 1
}

# Each table of a back end has each member of struct backend, in its order.
full_tables()
{
	local file members

	members=$(awk '/^struct backend {/ { inside = 1; next }
		inside && /^}/ { exit }
		inside && match($0, /\(\*[a-z_]+\)/) { print substr($0, RSTART + 2, RLENGTH - 3); next }
		inside && match($0, /[a-z_]+;$/) && /^\t(const char|bool)/ { print substr($0, RSTART, RLENGTH - 1) }' lib/backend.h)
	[ "$(wc -l <<<"$members")" -gt 20 ] || return
	grep -l '^const struct backend backend_' lib/*.c >"$tmp/tables"
	[ "$(wc -l <"$tmp/tables")" -ge 4 ] || return
	while read -r file; do
		diff <(echo "$members") <(sed -n '/^const struct backend backend_/,/^}/s/^\t\.\([a-z_]*\) = .*/\1/p' "$file") ||
			{ echo "$file"; return 1; }
	done <"$tmp/tables"
}

# A question which back end it is, outside of its own files.
branches()
{
	grep -nE 'backend(->name)? *[=!]=|[=!]= *&?backend(_|->)|strcmp\([^)]*(bario_backend|backend->name)|&backend_' lib/*.c |
		grep -vE '^lib/(sim[a-z]*|backend)\.c:'
}

# ---- the API: every function, and growth ----

# every LIBRARY COMPILER SUFFIX [OPTION]...: a library that has the same sanitizers
every()
{
	cp tests/lib/linked/every.c "$tmp/every.$3" &&
		"$2" -Iinclude -Wall -Wextra -Werror -fsanitize=address,undefined \
			-fno-sanitize-recover=all "${@:4}" -o "$tmp/every" "$tmp/every.$3" "$1" &&
		"$tmp/every"
}

# The library of another day: each structure has a member more, or the place of one.
grow()
{
	mkdir -p "$tmp/grown" && cp -r lib core include maps "$tmp/grown/" || return
	awk '
		/^struct bario_[a-z_]+ \{/ { name = $2 }
		name ~ /^bario_(info|held|run_result|model)$/ && /^\};/ { print "\tuint64_t\tgrown;" }
		name == "bario_bar_info" && /reserved\[2\];/ { print "\tuint64_t grown;"; sub(/\[2\]/, "[1]") }
		name == "bario_error" && /reserved\[7\];/ { print "\tuint32_t grown;"; sub(/\[7\]/, "[6]") }
		name == "bario_access" { sub(/reserved2;/, "grown;") }
		/^\};/ { name = "" }
		{ print }' include/bario.h >"$tmp/grown/include/bario.h" || return
	[ "$(grep -c '[[:space:]]grown;' "$tmp/grown/include/bario.h")" = 7 ] || return
	sed -i 's/^\t*copy_out(info, size, &now, sizeof(now));/now.grown = 42, &/' "$tmp/grown/lib/handle.c" &&
		grep -q 'now.grown = 42' "$tmp/grown/lib/handle.c" &&
		make -s -C "$tmp/grown/lib" "out=$tmp/grown/out"
}

growth_builds()
{
	grow && "${CC:-cc}" -std=c11 -Wall -Wextra -Werror -Iinclude -o "$tmp/growth.today" \
		tests/lib/linked/growth.c -L"$lib" -lbario &&
		"${CC:-cc}" -std=c11 -Wall -Wextra -Werror -DGROWN -I"$tmp/grown/include" -o "$tmp/growth.grown" \
			tests/lib/linked/growth.c -L"$tmp/grown/out" -lbario
}

# pair PROGRAM LIBRARY: each of them today or grown
pair()
{
	local directory=$lib

	[ "$2" = today ] || directory=$tmp/grown/out
	LD_LIBRARY_PATH=$directory ldd "$tmp/growth.$1" | grep -F "$directory/libbario.so.0" &&
		LD_LIBRARY_PATH=$directory "$tmp/growth.$1" "$2"
}

# What Debian's packages of programs depend on.
symbols()
{
	diff <(sed -n 's/^ \(bario_[a-z_]*\)@LIBBARIO_0 [0-9.]*$/\1/p' debian/libbario0.symbols) "$tmp/declared"
}

exported()	# directory
{
	nm -D --defined-only "$1/libbario.so.0" | sed -n 's/.* T \(.*\)@@LIBBARIO_0$/\1/p' | sort
}

missing()	# file; words on standard input
{
	sort -u >"$tmp/words"
	test -s "$tmp/words" && ! grep -Fvx -f <(grep -Eo '[A-Za-z0-9_-]+' "$1") "$tmp/words"
}

declared()
{
	tr '\n' ' ' <include/bario.h | grep -Eo '\*?\bbario_[a-z_]+\([^()*]' | tr -d '*' | sed 's/(.*//' | sort -u
}

need "lib builds" make -s -C lib
need "its tests build" make -s -C tests/lib
need "they build for valgrind" make -s -C tests/lib CHECKS= out="$out/valgrind"
for file in tests/lib/*.c; do
	name=$(basename "$file" .c)
	program "unit: $name" "$out/$name"
	# What was never set, too, which no sanitizer of gcc's sees; its errors are on
	# standard error.
	program "by valgrind: $name" valgrind --quiet --leak-check=full --show-leak-kinds=all \
		--errors-for-leak-kinds=all --error-exitcode=99 "$out/valgrind/$name"
done

ok "the library can be installed" make -s -C lib install PREFIX="$tmp/root"
ok "a program in C, with the shared library" installed "${CC:-cc}" "$tmp/program.c" -std=c11
ok "the program in C is linked with the shared library" grep -q 'libbario.so.0' <(ldd "$tmp/program")
ok "a program in C++" installed "${CXX:-g++}" "$tmp/program.cc" -std=c++11
ok "a static program" installed "${CC:-cc}" "$tmp/program.c" -static
ok "a program with the module's requests, too" \
	"${CC:-cc}" -std=c11 -Wall -Wextra -Werror -Iinclude -fsyntax-only "$tmp/both.c"
declared >"$tmp/declared"
exported "$lib" >"$tmp/exported"
ok "the shared library has what the header declares, and nothing else" \
	diff "$tmp/declared" "$tmp/exported"
ok "the header declares functions" test -s "$tmp/declared"
ok "a program with an int fail() of its own" own_names
ok "a static one" own_names -static
ok "the static library has what the header declares, and nothing else" \
	test -z "$(leaked | tee /dev/stderr)"
ok "no files of the library use each other" test -z "$(cycles "$lib" | tee /dev/stderr)"
ok "each back end's table is full" full_tables
ok "nothing outside of the tables asks which back end it is" \
	test -z "$(branches | tee /dev/stderr)"
gcc_library=$out/lib/libbario.a clang_library=$out/clang/libbario.a
ok "every function, in C11" every "$gcc_library" "${CC:-cc}" c -std=c11
ok "in C++17" every "$gcc_library" "${CXX:-g++}" cc -std=c++17
if command -v clang++ >/dev/null; then
	ok "the library builds with clang" make -s -C lib CC=clang out="$out/clang" \
		CFLAGS="-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all" "$clang_library"
	ok "every function, by clang with -Wconversion" \
		every "$clang_library" clang c -std=c11 -Wconversion
	ok "in C++17, by clang with -fsanitize=enum" \
		every "$clang_library" clang++ cc -std=c++17 -Wconversion -fsanitize=enum
else
	skip "every function, by clang" "no clang"
fi
ok "every function is in that program" missing tests/lib/linked/every.c <"$tmp/declared"
ok "a library builds whose structures have grown" growth_builds
ok "a program of today, with the library of today" pair today today
ok "a program of today, with a grown library" pair today grown
ok "a program with a grown header, with the library of today" pair grown today
ok "a program with a grown header, with a grown library" pair grown grown
ok "Debian's list of symbols is whole" symbols
ok "the library builds from its files for FreeBSD" \
	make -s -C lib SYSTEM=freebsd out="$out/freebsd"
exported "$out/freebsd" >"$tmp/exported"
ok "no files of that use each other" test -z "$(cycles "$out/freebsd" | tee /dev/stderr)"
ok "the library for FreeBSD has the same functions" diff "$tmp/declared" "$tmp/exported"

# ---- the manual ----
# Each literal display of the page that has a main() is NAME1.c, NAME2.c ...
programs()	# page, name
{
	awk -v out="$tmp/$2" '
		/^\.Bd -literal/ { text = ""; inside = 1; next }
		/^\.Ed/ {
			if (text ~ /\nmain\(/)
				printf "%s", text > (out (++n) ".c")
			inside = 0
		}
		inside { gsub(/\\e/, "\\"); text = text $0 "\n" }' "$1"
}

programs man/libbario.3 page
ok "the manual's first program" first_of_page
ok "the manual's second one" second_of_page
ok "the manual has every function" missing man/libbario.3 <"$tmp/declared"
ok "the manual has every cause" missing man/libbario.3 \
	< <(sed -n 's/^\t\t\[BARIO_CAUSE_.*\] = "\(.*\)",/\1/p' lib/error.c)
ok "bario-sim.5 has every line and behaviour" missing man/bario-sim.5 \
	< <(sed -n 's/^\t\(\[SIM_[A-Z0-9]*\] = \)\?{ "\([a-z0-9]*\)".*/\2/p' lib/simtext.c)
ok "the library can be uninstalled" make -s -C lib uninstall PREFIX="$tmp/root"
ok "uninstalling the library leaves nothing" test -z "$(find "$tmp/root" ! -type d)"

finish
