# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# For scripts in the guest, whose output a .t file judges by says() of lib.sh.

# say NAME COMMAND...: one line, "NAME: OUTPUT [STATUS]"
say()
{
	echo "$1: $(shift; "$@" 2>&1; echo "[$?]")" | tr '\n' ' ' | sed 's/ *$//'
	echo
}
