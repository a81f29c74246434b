# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC3043
# TAP for the .t files, and for scripts in the guest: the one place that prints and
# counts results. The reason of a failure goes to standard error, because prove hides
# standard output.
tests=0
failed=0

# What a command printed. The file has no name, so nothing has to remove it.
printed=$(mktemp "${TMPDIR:-/tmp}/bario-printed.XXXXXX")
exec 7<>"$printed"
rm "$printed"
printed=/proc/$$/fd/7

# Shows standard input as a comment.
diagnose()
{
	sed 's/^\(# *\)\?/#   /' >&2
}

# result "ok"|"not ok" NAME [DIRECTIVE]: the line of a test; a # in a name is escaped
result()
{
	tests=$((tests + 1))
	case $2 in
	*'#'*) echo "$1 $tests - $(echo "$2" | sed 's/#/\\#/g')${3:-}" ;;
	*) echo "$1 $tests - $2${3:-}" ;;
	esac
}

# ok NAME COMMAND...: a test that passes if the command succeeds. The command runs in
# this shell; if it fails, it is shown with what it printed.
ok()
{
	local name="$1"

	shift
	if "$@" >"$printed" 2>&1; then
		result ok "$name"
	else
		not_ok "$name" failed: "$@" <"$printed"
	fi
}

# silent NAME COMMAND...: a test that passes if the command prints nothing
silent()
{
	local name="$1"

	shift
	"$@" >"$printed" 2>&1 || true
	if [ -s "$printed" ]; then
		not_ok "$name" printed by: "$@" <"$printed"
	else
		result ok "$name"
	fi
}

# not_ok NAME [WORD]...: a test that failed; WORDs and standard input say why
not_ok()
{
	failed=$((failed + 1))
	result 'not ok' "$1"
	echo "# not ok $tests - $1" >&2
	shift
	[ $# -eq 0 ] || echo "$*" | diagnose
	diagnose
}

skip()	# name, reason
{
	result ok "$1" " # SKIP $2"
}

skip_all()	# reason
{
	echo "1..0 # SKIP $1"
	exit 0
}

finish()
{
	echo "1..$tests"
	[ "$failed" = 0 ]
	exit
}

# need NAME COMMAND...: ends the file if the command fails. That is one failed test,
# not a "Bail out!", which would end the other files' tests as well.
need()
{
	local name="$1"

	shift
	"$@" >"$printed" 2>&1 || {
		not_ok "$name" failed: "$@" <"$printed"
		finish
	}
}

# program NAME COMMAND...: a program that prints TAP is one test. It passes if the
# program succeeds and prints the plan "1..N" and the lines "ok 1" to "ok N".
program()
{
	local name="$1"

	shift
	ok "$name" as_planned "$@"
}

# shellcheck disable=SC2317
as_planned()
{
	{ "$@"; echo "status $?"; } | awk '
		{ print }
		/^1\.\.[0-9]+$/ { plan = substr($0, 4); plans++ }
		/^not ok/ { bad++ }
		/^ok / { bad += $2 != ++n }
		END {
			if (plans == 1 && plan > 0 && n == plan && !bad && $0 == "status 0")
				exit
			print "this is not success, with the results of the plan"
			exit 1
		}'
}

# renumber PROGRAMS FILE: passes on the TAP of programs that ran one after the other
# in the guest, as one list, and leaves the two counts in FILE. A plan is compared
# with the results before it, and dropped: a program that dies prints none, which is
# a failure. The comments after a failed test, cycles apart, are its reason.
renumber()
{
	awk -v n="$tests" -v bad="$failed" -v want="$1" -v counts="$2" '
		# The next program, whatever a dead one left without a plan
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
				print "ok " n " - guest: each program ran to its end"
			} else {
				print "not ok " n " - guest: each program ran to its end"
				print "# not ok " n " - guest: each program ran to its end: " \
					plans + 0 " of " want " did" >"/dev/stderr"
				bad++
			}
			print n, bad > counts
		}'
}
