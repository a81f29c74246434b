#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Eight clients on two processors while a device is plugged in and out. In the
# environment, HOTPLUG_ROUNDS: how many times (20).
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

rounds=${HOTPLUG_ROUNDS:-20}
need "HOTPLUG_ROUNDS is a number of rounds: $rounds" test "$rounds" -gt 0
BARIO_VM_TIMEOUT=$((${BARIO_VM_TIMEOUT:-2700} + 12 * rounds)) guest "64/hotplug_stress $rounds"
finish
