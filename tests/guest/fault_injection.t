#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What if memory runs short? On a kernel with fault injection, whose folder is
# KERNEL, as make check-kasan has it.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

grep -qsx CONFIG_FAILSLAB=y "${KERNEL:-}/build/.config" ||
	skip_all "KERNEL is not a folder with a kernel that has fault injection: make check-kasan"
guest 64/fault_injection
finish
