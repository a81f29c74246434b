#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# PCIOCBARIO: accesses, and all that it refuses.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source-path=SCRIPTDIR source=witness.sh
. "$(dirname "$0")/witness.sh"

prepare_shmem
guest "64/pciocbario $out/trace" 64/refuse -- --device pci-testdev,addr=0x10,membar=2T
host_witnesses
finish
