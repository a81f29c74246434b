#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# libbario on QEMU's devices: the same cases through every back end, and with the
# library's files for FreeBSD, for which bario.ko's /dev/pci is FreeBSD's.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

# build PROGRAM SYSTEM: statically, with a library of its own
build()
{
	make -s -C "$top/lib" out="$built/lib-$1" SYSTEM="$2" "$built/lib-$1/libbario.a" >&2 &&
		"${CC:-cc}" -std=gnu11 -O2 -g -Wall -Wextra -Werror -static -o "$built/$1" \
			"$here"/lib{bario,access,map}.c "$here/tap.c" "$built/lib-$1/libbario.a"
}

# Of bario.ko's own requests it has none.
pci_alone()
{
	local sources

	sources=$(ar t "$built/lib-libbario-freebsd/libbario.a" | sed 's/o$/c/')
	# shellcheck disable=SC2086
	(cd "$top/lib" && [[ $sources == *pci.c* ]] && ! grep -s BARIOC_ $sources)
}

check "the program builds" build libbario linux
check "and as on FreeBSD" build libbario-freebsd freebsd
check "without a request that FreeBSD has not" pci_alone
guest "libbario node" "libbario module" "libbario sysfs" "libbario-freebsd freebsd" \
	"libbario sim" -- --device pci-testdev,addr=0x10,membar=2T \
	--device nvme,addr=0x11,serial=x,cmb_size_mb=8192,legacy-cmb=on
finish
