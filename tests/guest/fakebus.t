#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Functions on a bus that a module makes up: long names of drivers, the right to read
# configuration space, slow vital product data.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

need "the bus of the test builds" test_module fakebus
need "the tool builds" make -s -C "$top" tools
guest 64/fakebus 32/fakebus -- --put "$out/fakebus/fakebus.ko:/lib/modules/fakebus.ko" \
	--put "$top/build/bario:/bin/bario"
finish
