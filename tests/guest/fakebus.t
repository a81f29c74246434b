#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Functions on a bus that a module makes up: long names of drivers, the right to read
# configuration space, slow vital product data.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

# The guest's kernel is that which the bus is built for.
if [ -z "${KERNEL:-}" ]; then
	KERNEL=$(for dir in /lib/modules/*/build; do
		release=$(basename "$(dirname "$dir")")
		[ ! -e "/boot/vmlinuz-$release" ] || echo "$release"
	done | sort -V | tail -n 1)
fi

build()
{
	local headers=/lib/modules/$KERNEL/build

	[ ! -d "$KERNEL/build" ] || headers=$(cd "$KERNEL/build" && pwd)
	mkdir "$out/fakebus"
	cp "$here"/fakebus/* "$out/fakebus/"
	make -s -C "$headers" M="$out/fakebus" modules >&2
}

check "the bus builds" build
check "and the tool" make -s -C "$top" tools
guest 64/fakebus 32/fakebus -- --put "$out/fakebus/fakebus.ko:/lib/modules/fakebus.ko" \
	--put "$top/build/bario:/bin/bario"
finish
