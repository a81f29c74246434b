#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The interface as a compiler sees it: every header on its own, programs written
# for FreeBSD's /dev/pci against include/compat, and the assertions that hold the
# layout: a copy of the header with anything moved must not compile.

# shellcheck disable=SC2086 # $c and $cxx are lists of words
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=tests/tap.sh
. tests/tap.sh
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

CC=${CC:-gcc} CXX=${CXX:-g++}
c="$CC -std=c11 -Wall -Wextra -Wpedantic -Werror -Iinclude/compat"
cxx="$CXX -std=c++11 -Wall -Wextra -Werror -Iinclude/compat"

# compiles SUFFIX COMPILER...: standard input
compiles() {
	local suffix=$1
	shift
	{ cat; echo 'extern int not_empty;'; } >"$tmp/unit.$suffix"
	"$@" -fsyntax-only "$tmp/unit.$suffix"
}

# header BITS FILE...: included in that order, and once more, in C and in C++
header() {
	local bits=$1
	shift
	{ printf '#include "%s"\n' "$@" "$@"; } >"$tmp/includes"
	compiles c $c "$bits" -I. <"$tmp/includes" &&
	compiles cc $cxx "$bits" -I. <"$tmp/includes"
}

# client BITS FILE: a client's code, as clients are compiled
client() {
	local version
	for version in -UPCIIO_FREEBSD15 -DPCIIO_FREEBSD15; do
		$CC -std=gnu11 -O2 -Wall -Wextra -Werror -Iinclude/compat "$1" $version \
			-c "$2" -o "$tmp/client.o" || return 1
	done
}

# runs PROGRAM: here, or in the guest where this machine's kernel can't
runs() {
	"$1" 2>"$tmp/refused" && return
	[ $? = 126 ] || { cat "$tmp/refused" >&2; return 1; }
	tests/vm/run --put "$1:/bin/program" -- program
}

numbers() {
	$c "$@" -static -o "$tmp/numbers" tests/abi/numbers.c && runs "$tmp/numbers" >"$tmp/got" &&
		diff "$tmp/want" "$tmp/got"
}

# edits HEADER: writes the list $tmp/edits, a sed script a line: something put
# before each field; neighbours exchanged; something after the last field; another
# number, another direction
edits() {
	awk '/^struct [a-z_]* \{/ { inside = 1; last = 0; next }
	     /^}/ { inside = 0 }
	     inside && /;/ {
		print NR "s/^/__u64 moved;/"
		if (last && !/\[\]/)
			print last "{h;d};" NR "G"
		last = NR
	     }' "$1" >"$tmp/edits"
	awk '/^struct [a-z_]* \{/ { inside = 1 }
	     inside && /^};/ {
		inside = 0
		if (last !~ /\[\]/)
			print NR "s/^/__u64 longer;/"
	     }
	     /_IOW?R?\(/ {
		print NR "s/, \\([0-9]*\\),/, 1\\1,/"
		print NR "s/_IOWR(/_IOW(/;t;s/_IOW(/_IOR(/;t;s/_IOR(/_IOW(/"
	     }
	     { last = $0 }' "$1" >>"$tmp/edits"
	many=$(wc -l <"$tmp/edits")
}

# mutants HEADER SUFFIX COMPILER...: each line of the list $tmp/edits is a sed
# script; every copy of the header that one makes differs, and an assertion stops
# the compiler
mutants() {
	local header=$1 suffix=$2 script file i=0 left=0
	shift 2
	cp "$header" "$tmp/unchanged.$suffix"
	"$@" -fsyntax-only "$tmp/unchanged.$suffix" || return 1
	rm -f "$tmp"/mutant* "$tmp/errors"
	while read -r script; do
		i=$((i + 1))
		file=$tmp/mutant$i.$suffix
		sed "$script" "$header" >"$file"
		cmp -s "$header" "$file" && left=1 && echo "changes nothing: $script"
	done <"$tmp/edits"
	# Each change shows in the header as it is, or as it is for FreeBSD 15.
	for file in -UPCIIO_FREEBSD15 -DPCIIO_FREEBSD15; do
		printf '%s\n' "$tmp"/mutant* |
			xargs -P "$(nproc)" -n 8 "$@" $file -fsyntax-only 2>>"$tmp/errors"
	done
	for file in "$tmp"/mutant*; do
		if ! grep -q "^$file:.*error: static.assert" "$tmp/errors"; then
			left=1
			echo "compiles, or fails otherwise: ${file##*/}"
			diff "$header" "$file"
		fi
	done
	return $left
}

mapfile -t headers < <(find include/uapi include/compat -name '*.h' | sort)

for bits in -m64 -m32; do
	if ! echo '#include <stdint.h>' | compiles c $c $bits 2>/dev/null; then
		skip "$bits" "the compiler has no $bits"
		continue
	fi
	for h in "${headers[@]}"; do
		ok "$h alone, $bits" header $bits "$h"
	done
	ok "all headers together, $bits" header $bits "${headers[@]}"
	for client in tests/abi/*.c; do
		ok "$client, $bits" client $bits "$client"
	done

	if [[ $bits = -m64 ]]; then
		conf=c0307005 vpd=c0187007 mmap=c0307008 record=30 pattern=38
	else
		conf=c0247005 vpd=c0107007 mmap=c0287008 record=2c pattern=2c
	fi
	cat >"$tmp/want" <<-END
		PCIOCREAD c0147002
		PCIOCWRITE c0147003
		PCIOCATTACHED c0147004
		PCIOCGETCONF $conf
		PCIOCGETBAR c0207006
		PCIOCLISTVPD $vpd
		PCIOCBARMMAP $mmap
		PCIOCBARIO c01c7009
		sizeof(struct pci_conf) $record
		sizeof(struct pci_match_conf) $pattern
		VM_MEMATTR_UNCACHEABLE 0
		VM_MEMATTR_WRITE_COMBINING 1
		VM_MEMATTR_WEAK_UNCACHEABLE 7
		VM_MEMATTR_DEVICE 0
		PCIR_BAR(PCIR_MAX_BAR_0) 24
		PCI_BAR_IO(0xc001) 1
		PCI_BAR_IO(0xfebc0004u) 0
		PCI_BAR_MEM(0xfebc0004u) 1
	END
	ok "requests and values, $bits" numbers $bits

	if [[ $bits = -m64 ]]; then
		conf15=c030700a record15=80
	else
		conf15=c024700a record15=74
	fi
	sed -i "s/^PCIOCGETCONF .*/PCIOCGETCONF $conf15/
		s/^\(sizeof(struct pci_conf)\) .*/\1 $record15/" "$tmp/want"
	ok "requests and values for FreeBSD 15, $bits" numbers $bits -DPCIIO_FREEBSD15

	for h in include/uapi/*.h; do
		edits "$h"
		ok "$h: no field, size or request can change, C $bits ($many tried)" \
			mutants "$h" c $c $bits
	done
done
for h in include/uapi/*.h; do
	edits "$h"
	ok "$h: no field, size or request can change, C++ ($many tried)" mutants "$h" cc $cxx
done

# -fshort-enums would shrink the two enumerations.
ok "short enumerations are refused" eval \
	"! $c -fshort-enums -fsyntax-only -include include/uapi/pciio.h -x c /dev/null"

finish
