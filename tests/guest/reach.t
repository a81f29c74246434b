#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Accesses reach the register, or an error says that they did not.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

guest 64/reach
finish
