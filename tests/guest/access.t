#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Users, capabilities, jails, lockdown.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

guest 64/access
finish
