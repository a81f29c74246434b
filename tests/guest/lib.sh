# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# For the .t files: builds the programs, runs some in one guest, passes their
# TAP on as one numbered list, and adds what the host has seen.
set -uo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)
built=$top/build/tests/guest
tests=0
failed=0

out=$(mktemp -d "${TMPDIR:-/tmp}/bario-guest.XXXXXX")
export BARIO_VM_OUT=$out

# check NAME COMMAND...: one test, which the command decides.
check()
{
	local name=$1

	shift
	tests=$((tests + 1))
	if "$@"; then
		echo "ok $tests - $name"
	else
		echo "not ok $tests - $name"
		failed=$((failed + 1))
	fi
}

# Renumbers, and drops plans after a look at them: a program that dies prints
# none, and that is a test that fails.
renumber()	# number of programs
{
	awk -v n="$tests" -v bad="$failed" -v want="$1" -v counts="$out/counts" '
		# The next program: what a dead one left unplanned is not its own.
		/^# (32|64)\// { own = 0 }
		/^(not )?ok [0-9]+/ {
			n++; own++
			bad += /^not /
			sub(/ok [0-9]+/, "ok " n)
		}
		/^1\.\.[0-9]+/ {
			plans += substr($0, 4) + 0 == own && own > 0
			own = 0
			next
		}
		/^Bail out!/ { $0 = "# " $0 }
		{ print; fflush() }
		END {
			n++
			if (plans == want) {
				print "ok " n " - all programs ran to their end"
			} else {
				print "not ok " n " - all programs ran to their end"
				print "# " plans + 0 " of " want " did"
				bad++
			}
			print n, bad > counts
		}'
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
		2>"$out/stderr" | tee "$out/tap" | renumber "$programs"
	status=${PIPESTATUS[0]}
	read -r tests failed <"$out/counts"
	sed 's/^/# /' "$out/stderr"
	check "the guest ended well, its kernel's log is clean (status $status)" \
		test "$status" = 0
}

finish()
{
	echo "1..$tests"
	if [ $failed -gt 0 ]; then
		echo "# $failed failed; kernel.log and other files are in $out"
		exit 1
	fi
	rm -rf "$out"
	exit 0
}

(
	mkdir -p "$built"
	exec {lock}>"$built/lock"
	flock "$lock"
	make -s -C "$here" >&2
) || {
	echo "Bail out! the test programs do not build"
	exit 1
}
