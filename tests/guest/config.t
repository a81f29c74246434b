#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# PCIOCREAD, PCIOCWRITE, PCIOCATTACHED, PCIOCGETCONF, PCIOCGETBAR, PCIOCLISTVPD.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

guest 64/config 64/list 64/bars
finish
