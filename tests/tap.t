#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A test that fails says why where prove shows it.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=tests/tap.sh
. tests/tap.sh
tmp=$(mktemp -d "${TMPDIR:-/tmp}/bario-tap.XXXXXX")
trap 'rm -rf "$tmp"' EXIT

# proves: how prove shows a test file, which is on standard input
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
ok "nothing is wrong" true
ok "something is" says
ok "and something silent" test 1 = 2
need "this is there" true
need "this is not" says
ok "what is never tried" true
finish
END
ok "prove shows which test has failed" shown '^# not ok 2 - something is'
ok "what it has printed" shown '^#   on output'
ok "on standard error, too" shown '^#   on error'
ok "and its command, which may be silent" shown '^#   failed: test 1 = 2'
ok "not which have passed" hidden 'nothing is wrong|this is there'
ok "what the rest needs is one failure, and the end" shown 'Failed 3/4 subtests'
ok "it ends no other file's tests" hidden 'Bail|never tried'

# What a program in the guest prints.
proves <<END
printf '%s\n' '# 64/one' 'ok 1 - good' '# of no use' 'not ok 2 - bad' '# expected 1, got 2' '# cycle 1' 'ok 3 - good' 1..3 \
	'# 64/two' 'Bail out! no device' | renumber 2 "$tmp/counts"
read -r tests failed <"$tmp/counts"
finish
END
ok "prove shows which of a guest's tests has failed" shown '^# not ok 2 - bad'
ok "and why" shown '^#   expected 1, got 2'
ok "why a program has given up" shown '^#   Bail out! no device'
ok "that it has" shown '^# not ok 4 - all programs ran to their end: 1 of 2 did'
ok "which is a failure" shown 'Failed 2/4 subtests'
ok "not what is of no use" hidden 'of no use|cycle 1|good'

# Whatever else prints TAP would need the same again.
others()
{
	grep -LE 'tests/tap\.sh|/tap\.sh|/lib\.sh|/transcript\.sh' tests/*.t tests/*/*.t
	grep -nE 'echo.*"(Bail out!|not ok \$|1\.\.)' tests/*.t tests/*/*.t tests/guest/*.sh | grep -v freebsd:
}

none()
{
	test -z "$("$@" | tee /dev/stderr)"
}
ok "all files have this one way to say it" none others
finish
