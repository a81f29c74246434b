#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Grants: deriving, asking, mapping, revoking, and every way out of one.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

# What the programs fill this stretch of ivshmem's memory with, and never grant
# the right to write to.
has_range()	# FROM SIZE
{
	cmp -s -n $(($2)) -i $(($1)):0 "$out/shmem" \
		<(head -c $(($2)) /dev/zero | tr '\0' '\245')
}

truncate -s 1M "$out/shmem"
guest 64/grant 64/grantedge 64/grantdma 64/grantargs 64/granthand 64/grantmap \
	64/revoke 64/revokerace 64/revokeleft \
	32/grant 32/grantedge 32/grantdma 32/grantargs 32/granthand 32/grantmap -- \
	--device pci-testdev,addr=0x10,membar=2T
ok "host: no byte that was not granted has changed in ivshmem's memory" \
	has_range 0x80000 0x4000
finish
