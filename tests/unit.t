#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The core's unit tests and a short run of its fuzz targets: one subtest for
# each program, which fails too if the program dies or runs other than it planned.
set -euo pipefail
cd "$(dirname "$0")/.."

# shellcheck source=tests/tap.sh
. tests/tap.sh

out=$PWD/build/unit

verdict()	# name, status, why it would not be ok
{
	if [ "$2" = 0 ]; then
		ok "$1"
	else
		not_ok "$1" < <(cat "$out/tap"; echo "$3")
	fi
}

# The lines "ok 1" to "ok N" of the plan "1..N", and no other result.
as_planned()	# file
{
	awk '/^1\.\.[0-9]+$/ { plan = substr($0, 4); plans++ }
	     /^not ok/ { bad++ }
	     /^ok / { bad += $2 != ++n }
	     END { exit !(plans == 1 && plan > 0 && n == plan && !bad) }' "$1"
}

run_unit()	# program
{
	local status=0

	CMOCKA_MESSAGE_OUTPUT=TAP "$out/$1" >"$out/tap" 2>"$out/err" || status=$?
	sed 's/^/    /' "$out/tap"
	cat "$out/err" >>"$out/tap"
	if [ $status = 0 ]; then
		as_planned "$out/tap" || status="not as it planned"
	fi
	verdict "unit: $1" "$status" "status $status"
}

run_fuzz()	# program
{
	local status=0

	(cd "$out" && "./$1" 300000 20260101) >"$out/tap" 2>&1 || status=$?
	verdict "$1: $(tail -n 1 "$out/tap")" "$status" \
		"status $status; the input is in $out/fuzz-crash"
}

need "the unit tests build" make -s -C tests/unit
for file in tests/unit/*.c; do
	run_unit "$(basename "$file" .c)"
done
for file in tests/fuzz/*.c; do
	name=$(basename "$file" .c)
	[ "$name" = driver ] || run_fuzz "fuzz-$name"
done
finish
