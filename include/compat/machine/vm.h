/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR BSD-2-Clause */
/* <machine/vm.h>: <vm/vm.h> has what a client of /dev/pci takes from it. */
#include <vm/vm.h>
