#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# PCIOCREAD, PCIOCWRITE, PCIOCATTACHED, PCIOCGETCONF, PCIOCGETBAR, PCIOCLISTVPD.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

# The BAR that finds no place moves all 64-bit ones past 4 GB.
guest 64/config 64/list 64/list15 64/bars -- --device pci-testdev,addr=0x10,membar=2T
finish
