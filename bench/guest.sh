#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# In the guest: all paths, on the same two devices.
set -eu

bind()	# function; prints its group
{
	echo vfio-pci >"/sys/bus/pci/devices/$1/driver_override"
	echo "$1" >/sys/bus/pci/drivers_probe
	basename "$(readlink "/sys/bus/pci/devices/$1/iommu_group")"
}

uname -r
insmod /barebar.ko
measure paths
measure list
modprobe vfio-pci
modprobe vfio_iommu_type1 allow_unsafe_interrupts=1
ports=$(bind 0000:00:03.0)
memory=$(bind 0000:00:07.0)
measure vfio "$ports" "$memory"
