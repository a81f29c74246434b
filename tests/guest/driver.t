#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Drivers, removal, hot-plugging, the module itself.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

need "the driver of the test builds" test_module module
guest 64/driver 64/stub 64/probe 64/pinned -- --put "$out/module/bario-test.ko:/lib/modules/bario-test.ko"
finish
