#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Published names, files that share BARs with a driver, and holders of BARs.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

guest 64/publish 32/publish
finish
