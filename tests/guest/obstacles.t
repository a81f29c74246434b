#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What the tool says where an access is not possible: virtual functions, devices that
# lost their addresses, sleep, bridges, and users without rights. obstacles.txt is a
# transcript (its form: ../transcript.sh). To take what is said now for right:
#	UPDATE=1 tests/guest/obstacles.t; git diff tests/guest
# shellcheck source-path=SCRIPTDIR source=transcript.sh
. "$(dirname "$0")/transcript.sh"

# The disk has two virtual functions; the IDE controller has addresses that are in none
# of its registers.
guest_transcript obstacles --device nvme-subsys,id=subsys \
	--device nvme,serial=x,subsys=subsys,addr=0x12,sriov_max_vfs=2,max_ioqpairs=8,sriov_vq_flexible=4,sriov_vi_flexible=4,msix_qsize=9 \
	--device piix3-ide,addr=0x13
finish
