#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Drivers, removal, hot-plugging, the module itself.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

ko=$(test_module bario-test)
guest 64/driver 64/stub 64/probe 64/pinned -- --put "$ko:/lib/modules/bario-test.ko"
finish
