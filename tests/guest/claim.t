#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What a claim takes and gives back.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

guest 64/claim
finish
