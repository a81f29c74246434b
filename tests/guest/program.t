#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Programs of accesses: what they do, what ends them, what is refused. And what
# holds for all of our own requests.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

guest 64/program 32/program 64/progwait 64/abi 32/abi -- --device pci-testdev,addr=0x10,membar=2T
finish
