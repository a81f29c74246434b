#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Programs of accesses: what they do, what ends them, what is refused.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

guest 64/program 32/program 64/progwait
finish
