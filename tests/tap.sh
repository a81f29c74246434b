# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# TAP for the .t files. Why a test failed goes to standard error: prove hides what
# goes to standard output.
tests=0
failed=0

# What a command has printed. The file has no name, so nobody needs to remove it.
printed=$(mktemp "${TMPDIR:-/tmp}/bario-printed.XXXXXX")
exec {printed_fd}<>"$printed"
rm "$printed"
printed=/proc/$$/fd/$printed_fd

# What is on standard input, as a comment where prove shows it.
diagnose()
{
	sed 's/^\(# *\)\?/#   /' >&2
}

# ok NAME [COMMAND...]: one test, which the command decides, in this shell. If it
# fails, it is shown with what it prints.
ok()
{
	local name=$1

	shift
	if "$@" >"$printed" 2>&1; then
		tests=$((tests + 1))
		echo "ok $tests - ${name//#/\\#}"
	else
		not_ok "$name" < <(echo "failed: $*"; cat "$printed")
	fi
}

# not_ok NAME: a test that failed; why is on standard input
not_ok()
{
	tests=$((tests + 1))
	failed=$((failed + 1))
	echo "not ok $tests - ${1//#/\\#}"
	echo "# not ok $tests - $1" >&2
	diagnose
}

skip()	# name, reason
{
	tests=$((tests + 1))
	echo "ok $tests - ${1//#/\\#} # SKIP $2"
}

skip_all()	# reason
{
	echo "1..0 # SKIP $1"
	exit 0
}

finish()
{
	echo "1..$tests"
	[ $failed = 0 ]
	exit
}

# need NAME COMMAND...: without that there is nothing to test here. It is no "Bail
# out!", which would end the other files' tests, too.
need()
{
	local name=$1

	shift
	"$@" >"$printed" 2>&1 || {
		not_ok "$name" < <(echo "failed: $*"; cat "$printed")
		finish
	}
}

# Passes on the TAP of programs that ran one after the other in the guest. Renumbers,
# and drops plans after a look at them: a program that dies prints none, and that is a
# test that fails. The comments behind a test that failed say why, those with cycles
# apart.
renumber()	# number of programs, file for the counts
{
	awk -v n="$tests" -v bad="$failed" -v want="$1" -v counts="$2" '
		# The next program: what a dead one left unplanned is not its own.
		/^# (32|64)\// { own = 0 }
		/^(not )?ok [0-9]+/ {
			n++; own++
			bad += why = /^not /
			sub(/ok [0-9]+/, "ok " n)
			if (why)
				print "# " $0 >"/dev/stderr"
		}
		/^1\.\.[0-9]+/ {
			plans += substr($0, 4) + 0 == own && own > 0
			own = 0
			next
		}
		/^Bail out!/ { $0 = "# " $0; why = 1 }
		why && /^# / && !/^# cycle / { print "#   " substr($0, 3) >"/dev/stderr" }
		{ print; fflush() }
		END {
			n++
			if (plans == want) {
				print "ok " n " - all programs ran to their end"
			} else {
				print "not ok " n " - all programs ran to their end"
				print "# not ok " n " - all programs ran to their end: " \
					plans + 0 " of " want " did" >"/dev/stderr"
				bad++
			}
			print n, bad > counts
		}'
}
