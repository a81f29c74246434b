#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# libbario on QEMU's devices: the same cases through the module, through sysfs, and
# with the library as FreeBSD would have it.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

# build PROGRAM FLAGS: statically, with a library of its own
build()
{
	make -s -C "$top/lib" out="$built/lib-$1" CPPFLAGS="$2" "$built/lib-$1/libbario.a" >&2 &&
		"${CC:-cc}" -std=gnu11 -O2 -g -Wall -Wextra -Werror -static -o "$built/$1" \
			"$here/libbario.c" "$here/tap.c" "$built/lib-$1/libbario.a"
}

check "the program builds" build libbario ""
check "and with plain pci(4)" build libbario-plain -DBARIO_PLAIN_PCI
guest "libbario pci:" "libbario sysfs:" "libbario-plain plain"
finish
