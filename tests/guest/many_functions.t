#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A machine with many functions.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

devices=()
for slot in 11 12 13 14 15 16 17 18 19 1a 1b; do
	for function in 0 1 2 3 4 5 6 7; do
		devices+=(--device "pci-testdev,addr=0x$slot.$function,multifunction=on")
	done
done
guest 64/many_functions -- "${devices[@]}"
guest 64/units -- --icount "${devices[@]}"
finish
