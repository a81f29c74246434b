#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Would a mistake be reported? A copy of bario.ko makes one of each kind on the
# sanitizer kernel, whose directory is KERNEL.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)
kernel=${KERNEL:-}
# shellcheck source=../tap.sh
. "$here/../tap.sh"
[ -e "$kernel/build/Makefile" ] || skip_all "KERNEL is not a sanitizer kernel's directory: make check-kasan"
kernel=$(cd "$kernel" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/bario-planted.XXXXXX")
trap 'rm -rf "$work"' EXIT

build()
{
	mkdir "$work/include"
	cp -r "$top/kernel" "$top/core" "$work/"
	cp -r "$top/include/uapi" "$work/include/"
	cp "$here/sanitizer_selftest.c" "$work/kernel/"
	echo 'bario-y += sanitizer_selftest.o' >>"$work/kernel/Kbuild"
	make -C "$kernel/build" M="$work/kernel" modules
}

# Runs a command in the guest; the run ends with that status, and says that.
reported()	# name, status, what is said, command...
{
	local name=$1 want=$2 says=$3 status=0

	shift 3
	rm -rf "$work/out"
	BARIO_VM_MODULE=$work/kernel/bario.ko BARIO_VM_OUT=$work/out \
		"$top/tests/vm/run" --kernel "$kernel" -- "$@" >"$work/said" 2>&1 || status=$?
	if [ "$status" = "$want" ] && grep -qE "$says" "$work/said" "$work/out/kernel.log"; then
		ok "$name: status $want, $says"
	else
		not_ok "$name: status $want, $says" < <(echo "status $status"; cat "$work/said")
	fi
}

planted()	# mistake, status, what is said
{
	reported "$@" sh -c "echo $1 >/sys/module/bario/parameters/planted"
}

need "a copy of the module builds, with mistakes planted" build
planted nothing 0 'bario-vm: .text'
planted use_after_free 121 'KASAN: (slab-)?use-after-free in use_after_free'
planted out_of_bounds 121 'KASAN: slab-out-of-bounds in out_of_bounds'
planted leak 121 'kmemleak: [0-9]+ new suspected'
planted lock_inversion 121 'possible circular locking'
planted sleep_in_atomic 121 'sleeping function called from invalid context'
planted undefined_shift 121 'UBSAN: shift-out-of-bounds in .*sanitizer_selftest.c'
BARIO_VM_ARGS=sysctl.kernel.hung_task_timeout_secs=5 planted hang 121 'INFO: task sh:[0-9]+ blocked'
planted claim_kept 122 'still claimed after the command'
planted module_kept 122 'module bario can.t be unloaded'
# A detector that is off finds nothing.
reported kmemleak_off 121 'kmemleak has turned itself off' sh -c 'echo off >/sys/kernel/debug/kmemleak'
finish
