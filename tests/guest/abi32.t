#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The same programs, built for 32 bits, on the same 64-bit kernel.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source-path=SCRIPTDIR source=witness.sh
. "$(dirname "$0")/witness.sh"

prepare_shmem
guest "32/pciocbario $out/trace" 32/refuse 32/config 32/list 32/list15 32/bars 32/map 32/stress -- \
	--device pci-testdev,addr=0x10,membar=2T
host_witnesses
finish
