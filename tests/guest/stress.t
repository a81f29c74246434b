#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Many callers, and any bytes.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

guest 64/stress
finish
