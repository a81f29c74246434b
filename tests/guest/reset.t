#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A reset before the next driver, where a client may have left something.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

ko=$(test_module bario-test)
guest 64/reset -- --put "$ko:/lib/modules/bario-test.ko"
finish
