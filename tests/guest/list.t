#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What bario list and bario info say of QEMU's devices: where each one is, and who
# has its BARs, with the module and without it. list.txt is a transcript (its form:
# ../transcript.sh). To take what is said now for right:
#	UPDATE=1 tests/guest/list.t; git diff tests/guest
# shellcheck source-path=SCRIPTDIR source=transcript.sh
. "$(dirname "$0")/transcript.sh"

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
need "the driver's user builds" "${CC:-cc}" -std=gnu11 -Wall -Wextra -Werror -o "$out/serial" "$out/serial.c"
BARIO_VM_ARGS=8250.nr_uarts=8 guest_transcript list --put "$out/serial" \
	--device pci-bridge,bus=br0,addr=2,id=br1,chassis_nr=7 \
	--device pci-testdev,bus=br1,addr=3,membar=2M
finish
