#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A reset before the next driver, where a client may have left something.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

need "the driver of the test builds" test_module module
guest 64/reset -- --put "$out/module/bario-test.ko:/lib/modules/bario-test.ko"
finish
