# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# For the .t files: builds the programs, runs some in one guest, passes their
# TAP on as one numbered list, and adds what the host has seen.
set -uo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)
built=$top/build/tests/guest
# shellcheck source=../tap.sh
. "$top/tests/tap.sh"
# shellcheck source=../vm/kernel.sh
. "$top/tests/vm/kernel.sh"

out=$(mktemp -d "${TMPDIR:-/tmp}/bario-guest.XXXXXX")
export BARIO_VM_OUT=$out

# test_module DIRECTORY: builds the module of that directory for the guest's kernel,
# in $out/DIRECTORY
test_module()
{
	cp -r "$here/$1" "$out/$1" && build_modules "$out/$1" "${KERNEL:-$(newest_kernel)}"
}

# guest "PROGRAM [ARGUMENT]..."... [-- OPTION...]: runs the programs, named
# WIDTH/NAME, one after the other in one guest; OPTION is for tests/vm/run.
# KERNEL in the environment names another kernel than the newest.
guest()
{
	local script='status=0' programs=0 puts=() one name status

	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		one=$1
		name=${one%% *}
		puts+=(--put "$built/$name:/bin/${name/\//-}")
		script+="; echo '# $name'; ${one/\//-} || status=1"
		programs=$((programs + 1))
		shift
	done
	[ $# -eq 0 ] || shift
	"$top/tests/vm/run" ${KERNEL:+--kernel "$KERNEL"} "${puts[@]}" "$@" -- sh -c "$script; exit \$status" \
		2>"$out/stderr" | tee "$out/tap" | renumber "$programs" "$out/counts"
	status=${PIPESTATUS[0]}
	read -r tests failed <"$out/counts"
	guest_ended "$status" "$out/stderr"
}

guest_ended()	# status of tests/vm/run, files with what it said
{
	ok "guest: it ended well, and its kernel's log is clean (status $1)" succeeded "$@"
	cat "${@:2}" | sed 's/^/# /'
}

succeeded()	# status, file...
{
	cat "${@:2}"
	[ "$1" = 0 ]
}

# says FILE NAME PATTERN: the line in FILE that begins with "NAME: " is exactly that,
# followed by PATTERN
says()
{
	grep -qE -- "^$2: $3 *\$" "$1" || { grep -- "^$2: " "$1"; echo "wanted: $3"; return 1; }
}

# part FILE NAME: the lines after "== NAME"
part()
{
	awk -v name="== $2" '/^== / { on = $0 == name; next } on' "$1"
}

# The files of a test that failed help to find out more.
# shellcheck disable=SC2317
leave()
{
	if [ $failed -gt 0 ]; then
		echo "# kernel.log and other files are in $out" >&2
	else
		rm -rf "$out"
	fi
}
trap leave EXIT

build_programs()
{
	(
		mkdir -p "$built"
		exec {lock}>"$built/lock"
		flock "$lock"
		make -s -C "$here"
	)
}
need "the test programs build" build_programs
