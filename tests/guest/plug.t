#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Devices that come and go: hot-plugging, removal, drivers, resets, sleep, the
# module; and what is recorded.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

guest 64/trace 64/plug 64/bind 64/sleep 64/unload
# ACPI has the port plugged by default; here the port does it itself.
native_hotplug()
{
	mkdir "$out/bin"
	printf '#!/bin/sh\nexec %s -global %s "$@"\n' "$(command -v qemu-system-x86_64)" \
		ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off >"$out/bin/qemu-system-x86_64"
	chmod +x "$out/bin/qemu-system-x86_64"
	PATH=$out/bin:$PATH
}

native_hotplug
guest "64/bind native" "64/plug native"
finish
