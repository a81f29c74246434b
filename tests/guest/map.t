#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# PCIOCBARMMAP.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source-path=SCRIPTDIR source=witness.sh
. "$(dirname "$0")/witness.sh"

prepare_shmem
guest 64/map -- --device pci-testdev,addr=0x10,membar=2T
ok "host: ivshmem's memory holds what a mapping wrote" \
	grep -qa 'written through a mapping' "$out/shmem"
finish
