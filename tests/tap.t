#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# tests/tap.sh: prove shows why a test failed, and no other file prints results.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=tests/tap.sh
. tests/tap.sh
tmp=$(mktemp -d "${TMPDIR:-/tmp}/bario-tap.XXXXXX")
trap 'rm -rf "$tmp"' EXIT

# proves: what prove shows of a test file, which is on standard input
proves()
{
	{ echo '#!/bin/bash'; echo ". $PWD/tests/tap.sh"; cat; } >"$tmp/failing.t"
	prove "$tmp/failing.t" >"$tmp/shown" 2>&1
}

shown()	# pattern
{
	grep -qE -- "$1" "$tmp/shown" || { cat "$tmp/shown"; return 1; }
}

hidden()	# pattern
{
	! grep -E -- "$1" "$tmp/shown"
}

proves <<'END'
says() { echo "on output"; echo "# on error" >&2; return 1; }
tap() { printf '%s\n' "$@"; }
ok "nothing is wrong" true
ok "something is" says
ok "and something silent" test 1 = 2
silent "a word" echo too much
silent "no word" true
program "a good program" tap 'ok 1' 'ok 2' 1..2
program "a bad test" tap 'not ok 1' 'ok 2' 1..2
program "a short program" tap 'ok 1' 1..2
program "a dead program" sh -c 'echo ok 1; echo 1..1; exit 3'
need "this is there" true
need "this is not" says
ok "what is never tried" true
finish
END
ok "tap.sh: prove shows which test failed" shown '^# not ok 2 - something is'
ok "tap.sh: prove shows what its command printed" shown '^#   on output'
ok "tap.sh: prove shows what its command printed on standard error" shown '^#   on error'
ok "tap.sh: prove shows its command, which may be silent" shown '^#   failed: test 1 = 2'
ok "tap.sh: prove does not show the tests that passed" hidden 'nothing is wrong|this is there|no word|a good program'
ok "tap.sh: silent fails on output" shown '^#   too much'
ok "tap.sh: program fails on a test that failed" shown '^# not ok 7 - a bad test'
ok "tap.sh: program fails on a plan that was not kept" shown '^# not ok 8 - a short program'
ok "tap.sh: program fails on an exit status" shown '^# not ok 9 - a dead program'
ok "tap.sh: need is one failure, and the end" shown 'Failed 7/10 subtests'
ok "tap.sh: need does not end the other files" hidden 'Bail|never tried'

# What a program in the guest prints
proves <<END
printf '%s\n' '# 64/one' 'ok 1 - good' '# of no use' 'not ok 2 - bad' '# expected 1, got 2' '# cycle 1' 'ok 3 - good' 1..3 \
	'# 64/two' 'Bail out! no device' | renumber 2 "$tmp/counts"
read -r tests failed <"$tmp/counts"
finish
END
ok "guest: prove shows which test failed" shown '^# not ok 2 - bad'
ok "guest: prove shows why" shown '^#   expected 1, got 2'
ok "guest: prove shows why a program gave up" shown '^#   Bail out! no device'
ok "guest: a program that gave up is a failure" shown '^# not ok 4 - guest: each program ran to its end: 1 of 2 did'
ok "guest: it is counted" shown 'Failed 2/4 subtests'
ok "guest: prove shows nothing else" hidden 'of no use|cycle 1|good'

# Another harness would need all these tests again.
mapfile -t scripts < <(scripts/files | grep '^tests/' | xargs grep -lE '^#!/bin/(ba)?sh|^# shellcheck shell=' |
	grep -vxE 'tests/tap\.(sh|t)')

harnesses()	# file...
{
	grep -nE '^[[:blank:]]*(function )?(ok|not_ok|check|isnt|like|skip|skip_all|done_testing)[[:blank:]]*\(\)' "$@"
	grep -nE '(echo|printf).*["'\''](ok |not ok |Bail out!|1\.\.)' "$@"
	grep -nE '\b(tests|failed)=\$\(\(' "$@"
}

strangers()
{
	local file

	for file in tests/*.t tests/*/*.t; do
		grep -qE '^\. .*/(tap|lib|transcript)\.sh"?$' "$file" || echo "$file does not use tests/tap.sh"
	done
}

planted()
{
	printf '%s\n' "$1" >"$tmp/planted.sh"
	[ -n "$(harnesses "$tmp/planted.sh")" ]
}

# shellcheck disable=SC2016 # no expansions
for line in 'ok() {' 'check()	# name' 'echo "ok $n - $1"' "printf 'not ok 1'" 'echo "1..$n"' 'tests=$((tests + 1))'; do
	ok "tap.sh: another harness is noticed by $line" planted "$line"
done
silent "tap.sh: each test file uses it" strangers
silent "tap.sh: no other file counts or prints results" harnesses "${scripts[@]}"
finish
