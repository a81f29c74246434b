#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The core's unit tests and a short run of its fuzz targets: one test for each program.
set -euo pipefail
cd "$(dirname "$0")/.."

# shellcheck source=tests/tap.sh
. tests/tap.sh

out=$PWD/build/unit

run_fuzz()	# program
{
	(cd "$out" && "./$1" 300000 20260101) || {
		echo "status $?; the input is in $out/fuzz-crash"
		return 1
	}
}

export CMOCKA_MESSAGE_OUTPUT=TAP
need "the unit tests build" make -s -C tests/unit
for file in tests/unit/*.c; do
	name=$(basename "$file" .c)
	program "unit: $name" "$out/$name"
done
for file in tests/fuzz/*.c; do
	name=$(basename "$file" .c)
	[ "$name" = driver ] || ok "fuzz: 300000 inputs for $name" run_fuzz "fuzz-$name"
done
finish
