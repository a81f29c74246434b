#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Published names, files beside a driver, and who has a BAR.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

guest 64/publish 32/publish
finish
