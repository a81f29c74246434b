#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# libbario on QEMU's devices: the same cases through every back end, and with the
# library's files for FreeBSD, for which bario.ko's /dev/pci is FreeBSD's.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

# build PROGRAM SYSTEM: statically, with a library of its own
build()
{
	make -s -C "$top/lib" out="$built/lib-$1" SYSTEM="$2" "$built/lib-$1/"{libbario,internal}.a >&2 &&
		"${CC:-cc}" -std=gnu11 -O2 -g -Wall -Wextra -Werror -static -o "$built/$1" \
			-I"$top"/{core,include/uapi,include/compat} \
			"$here"/lib{bario,access,map}.c "$here/tap.c" "$built/lib-$1/libbario.a"
}

# Of bario.ko's own requests it has none.
pci_alone()
{
	local sources

	sources=$(ar t "$built/lib-libbario-freebsd/internal.a" | sed 's/o$/c/')
	# shellcheck disable=SC2086
	(cd "$top/lib" && [[ $sources == *pci.c* ]] && ! grep -s BARIOC_ $sources)
}

# The tool with that library, and what it says in the guest.
build_tool()
{
	make -s -C "$top/tools" SYSTEM=freebsd out="$built/tools-freebsd" program="$built/bario-freebsd" \
		library="$built/lib-libbario-freebsd/internal.a" >&2
}

cat >"$built/tool-freebsd" <<'END'
#!/bin/sh
. /tap.sh
matches()	# pattern, argument...
{
	pattern=$1
	shift
	got=$(echo $(bario "$@" 2>&1; echo "[$?]"))
	echo "$got"
	case $got in
	$pattern) ;;
	*) return 1 ;;
	esac
}

# says NAME PATTERN ARGUMENT...: all that bario prints, and its status after it
says()
{
	name=$1
	shift
	ok "freebsd: bario $name" matches "$@"
}

says read 'ID 0x010000ed * edu [[]0]' read 00:05.0 ID
says write '[[]0]' write 00:05.0 LIVENESS=0x12345678
says reads 'LIVENESS 0xedcba987 [[]0]' read pci0:0:5:0 LIVENESS
says config '0x11e81234 [[]0]' config 00:05.0 0.4
says run '* 0x00000078 [[]0]' run 00:05.0 /script
says info '*back end*pci*[[]0]' info 00:05.0
says list "*0000:00:05.0 *0000:00:07.0 *[[]0]" list
says '8 bytes' '*32 bits for a value* [[]1]' read 00:07.0 2+0.8
says driver '*serial has this BAR* devctl detach pci0:0:4:0 [[]5]' read 00:04.0 0+0.1
says tree '*00:0a.0 * 0000:03:00.0 * 0000:00:0b.0 *[[]0]' list --tree
says holder '*holder unknown*[[]0]' info 00:04.0
says decoding '*decoding is turned on for an access*[[]0]' info 00:05.0
says grant '*grants need bario.ko, which is for Linux [[]1]' grant show 00:05.0
says sysfs '*names no device* [[]2]' read sysfs:00:05.0 0+0.4
finish
END
chmod +x "$built/tool-freebsd"
printf 'expect ID.MAGIC 0xed\nwrite FACTORIAL 5\npoll STATUS.COMPUTING 0 9s\nread FACTORIAL\n' >"$out/script"

ok "the program builds for Linux" build libbario linux
ok "the program builds as on FreeBSD" build libbario-freebsd freebsd
ok "the tool builds as on FreeBSD" build_tool
ok "the library as on FreeBSD has no request of barioc.h" pci_alone
# Firmware may place the BAR of 2 TB, and then all others, past what the processor can
# address: then the kernel has to be free to place them.
export BARIO_VM_ARGS=pci=nocrs
guest "libbario node" "libbario module" "libbario sysfs" "libbario-freebsd freebsd" \
	tool-freebsd "libbario sim" -- --put "$built/bario-freebsd:/bin/bario" --put "$out/script:/script" --put "$top/tests/tap.sh:/tap.sh" \
	--device pci-testdev,addr=0x10,membar=2T \
	--device nvme,addr=0x11,serial=x,cmb_size_mb=8192,legacy-cmb=on
finish
