#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Requests while memory runs short, on a kernel with fault injection, whose directory is
# KERNEL, as in make check-kasan.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

grep -qsx CONFIG_FAILSLAB=y "${KERNEL:-}/build/.config" ||
	skip_all "KERNEL is not a directory with a kernel that has fault injection: make check-kasan"
guest 64/fault_injection
finish
