#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A model stands for its device: one driver makes the same accesses, and gets the same
# values, on QEMU's edu through libbario and the module and on a model of edu. What
# happens on the device is recorded by the module's tracepoints, not by the library.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

# build OUT OPTION...: the driver and the model, with a library of their own
build()
{
	local lib=$built/lib-$1

	make -s -C "$top/lib" out="$lib" CFLAGS="${*:2}" "$lib/libbario.a" &&
		"${CC:-cc}" -std=gnu11 -Wall -Wextra -Werror "${@:2}" -o "$built/$1" \
			"$here"/edu/*.c "$lib/libbario.a" -pthread
}

# How often a driver polls depends on the device: of reads of one register that follow
# each other the last is kept.
without_polls()
{
	awk '{ place = $1 " " $2 }
	     NR > 1 && !(place == last && $1 == "read") { print line }
	     { last = place; line = $0 }
	     END { if (NR) print line }'
}

cat >"$out/drive" <<'END'
cd /sys/kernel/tracing && [ -e events/bario ] || { echo "== no tracepoints"; exit; }
echo 0 >events/bario/enable
: >trace
echo 1 >events/bario/bario_access/enable
echo 1 >events/bario/bario_config/enable
edu 0000:00:05.0; status=$?
echo "== traced"
# Of this program alone
sed -n 's/^ *edu-[0-9].* bario_[a-z]*: 0000:00:05.0 //p' trace
echo "== ended"
echo "$status"
END

ok "the driver and the model build" build edu -O2 -g -static
ok "and with sanitizers" build edu-sanitized -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all
"$built/edu-sanitized" >"$out/model" 2>"$out/error"
ok "the driver runs on the model" succeeded $? "$out/error"
ok "which has recorded it" test "$(wc -l <"$out/model")" -gt 100
"$top/tests/vm/run" ${KERNEL:+--kernel "$KERNEL"} --put "$built/edu:/bin/edu" --put "$out/drive:/drive" \
	-- sh /drive >"$out/said" 2>"$out/stderr"
guest_ended $? "$out/stderr"
if grep -q "^== no tracepoints" "$out/said"; then
	skip "the driver runs on the device" "this kernel has no tracepoints"
	skip "the accesses are the same" "this kernel has no tracepoints"
else
	ok "the driver runs on the device" test "$(part "$out/said" ended)" = 0
	part "$out/said" traced | without_polls >"$out/traced"
	without_polls <"$out/model" >"$out/recorded"
	ok "the accesses are the same" diff "$out/recorded" "$out/traced"
fi
finish
