# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# For the .t files that run a transcript (its form: ../transcript.sh) of the tool in
# the guest.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source-path=SCRIPTDIR source=../transcript.sh
. "$top/tests/transcript.sh"

tmp=$out

# guest_transcript NAME [OPTION]...: NAME.txt; OPTION is for tests/vm/run
guest_transcript()
{
	local name=$1

	shift
	# shellcheck disable=SC2016 # it is for the guest's shell
	echo 'tmp=/tmp/work; mkdir $tmp; . /transcript.sh; transcript /commands' >"$out/inside"
	"$top/tests/vm/run" ${KERNEL:+--kernel "$KERNEL"} --put "$top/build/bario" \
		--put "$top/tests/transcript.sh:/transcript.sh" --put "$here/$name.txt:/commands" \
		--put "$out/inside:/inside" "$@" -- sh /inside >"$out/now" 2>"$out/err"
	guest_ended $? "$out/err"
	[ -z "${UPDATE:-}" ] || cp "$out/now" "$here/$name.txt"
	compare "$here/$name.txt" "$out/now" "$name"
}

need "the tool builds" make -s -C "$top" tools
