#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A device that is open through VFIO belongs to VFIO's user alone.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

export BARIO_VM_ARGS="${BARIO_VM_ARGS:-} intel_iommu=on"
guest 64/vfio -- --device intel-iommu,intremap=off
finish
