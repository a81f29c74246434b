#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What bario list and bario info say of QEMU's devices: where each one is, and who
# has its BARs, with the module and without it. list.txt is a transcript (its form:
# ../transcript.sh). To take what is said now for right:
#	UPDATE=1 tests/guest/list.t; git diff tests/guest
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source-path=SCRIPTDIR source=../transcript.sh
. "$top/tests/transcript.sh"

tmp=$out

ok()	# name
{
	check "$1" true
}

not_ok()	# name; why is on standard input
{
	sed 's/^/# /'
	check "$1" false
}

# Another part of the kernel that has a BAR: the driver of serial ports, told by its
# user that one of them is there.
cat >"$out/serial.c" <<'END'
#include <fcntl.h>
#include <linux/serial.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>

int main(int argc, char **argv)
{
	struct serial_struct serial = { .type = PORT_16550A, .baud_base = 115200 };
	int fd = open("/dev/ttyS6", O_RDWR | O_NONBLOCK);

	if (argc != 2)
		return 2;
	serial.port = strtoul(argv[1], NULL, 16);
	if (fd < 0 || ioctl(fd, TIOCSSERIAL, &serial)) {
		perror("ttyS6");
		return 1;
	}
	return 0;
}
END
{ make -s -C "$top" tools && "${CC:-cc}" -std=gnu11 -Wall -Wextra -Werror -o "$out/serial" "$out/serial.c"; } >&2 || {
	echo "Bail out! the tool does not build"
	exit 1
}
# shellcheck disable=SC2016 # it is for the guest's shell
echo 'tmp=/tmp/work; mkdir $tmp; . /transcript.sh; transcript /list.txt' >"$out/inside"
BARIO_VM_ARGS=8250.nr_uarts=8 "$top/tests/vm/run" ${KERNEL:+--kernel "$KERNEL"} --put "$top/build/bario" --put "$out/serial" \
	--put "$top/tests/transcript.sh:/transcript.sh" --put "$here/list.txt:/list.txt" \
	--put "$out/inside:/inside" --device pci-bridge,bus=br0,addr=2,id=br1,chassis_nr=7 \
	--device pci-testdev,bus=br1,addr=3,membar=2M -- sh /inside >"$out/now" 2>"$out/err"
check "the guest ended well, its kernel's log is clean (status $?)" test $? = 0
sed 's/^/# /' "$out/err"
[ -z "${UPDATE:-}" ] || cp "$out/now" "$here/list.txt"
compare "$here/list.txt" "$out/now" list
finish
