#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Tests of tests/vm/run: above all that it reports each kind of failure.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
run=$here/run
t=$(mktemp -d "${TMPDIR:-/tmp}/bario-selftest.XXXXXX")
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$t"' EXIT
# shellcheck source=../tap.sh
. "$here/../tap.sh"
# shellcheck source=kernel.sh
. "$here/kernel.sh"

same()	# got, wanted
{
	[ "$1" = "$2" ] || { printf 'got:    %q\nwanted: %q\n' "$1" "$2"; return 1; }
}

has()	# file, pattern
{
	grep -qE -- "$2" "$1" || { echo "wanted: $2"; tail -n 20 "$1"; return 1; }
}

# A module named bario that misbehaves on request.
test_module()
{
	local release=$1

	mkdir "$t/module"
	cat >"$t/module/bario.c" <<-'END'
		#include <linux/ioport.h>
		#include <linux/module.h>
		#include <linux/slab.h>
		#include <linux/string.h>

		static ulong leak;
		static bool busy, warn;
		module_param(leak, ulong, 0);
		module_param(busy, bool, 0);
		module_param(warn, bool, 0);

		static int __init start(void)
		{
			if (busy)
				__module_get(THIS_MODULE);
			if (leak && !request_mem_region(leak, 16, kstrdup("bario leak", GFP_KERNEL)))
				return -EBUSY;
			return 0;
		}

		static void __exit stop(void)
		{
			WARN_ON(warn);
		}

		module_init(start);
		module_exit(stop);
		MODULE_LICENSE("GPL");
	END
	echo 'obj-m := bario.o' >"$t/module/Makefile"
	need "the test's module builds" build_modules "$t/module" "$release"
}

# Two guests at a time; what came of NAME is in $t/NAME.{out,err,status} and $t/NAME/.
start()	# name, run's arguments...
{
	local name=$1

	shift
	while [ "$(jobs -rp | wc -l)" -ge 2 ]; do
		wait -n || true
	done
	{
		local status=0
		BARIO_VM_OUT=$t/$name "$run" --kernel "$release" "$@" >"$t/$name.out" 2>"$t/$name.err" || status=$?
		echo $status >"$t/$name.status"
	} &
}

ended()	# name, wanted
{
	same "$(<"$t/$1.status")" "$2" || { cat "$t/$1.err"; return 1; }
}

status()	# name, wanted
{
	ok "$1: exit status $2" ended "$1" "$2"
}

qemu_of()	# process id of run
{
	pgrep -P "$1" qemu || true
}

# Starts a run and waits until its qemu is there.
start_and_find_qemu()
{
	BARIO_VM_OUT=$t/killed "$run" -- sh -c 'echo first; sleep 1000' \
		>"$t/killed.out" 2>"$t/killed.err" &
	runner=$!
	qemu=
	for _ in {1..3000}; do
		qemu=$(qemu_of $runner)
		[ -z "$qemu" ] || [ ! -e "$t/killed/kernel.log" ] || break
		sleep 0.1
	done
}

gone()	# process id
{
	local _

	for _ in {1..3000}; do
		kill -0 "$1" 2>/dev/null || return 0
		sleep 0.1
	done
	return 1
}

# ---- what needs no guest ----
release=$(newest_kernel)
for arguments in "" "--" "true" "--smp" "--smp x -- true" "--smp 0 -- true" "--smp=17 -- true" "--nosuch -- true" \
	"--kernel /nosuch -- true" "--kernel=/nosuch -- true" "--put /nosuch -- true" "--icount --smp 2 -- true"; do
	code=0
	# shellcheck disable=SC2086
	BARIO_VM_MODULE=none "$run" $arguments >"$t/out" 2>"$t/err" || code=$?
	ok "'$arguments' is bad usage" same "$code" 2
	ok "'$arguments': the message says so" has "$t/err" '^run: .*--help|^run: .*nosuch'
done
"$run" --help >"$t/help"
code=0
KERNEL=/nosuch "$run" -- true 2>"$t/err" || code=$?
ok "KERNEL in the environment is --kernel: bad usage" same $code 2
ok "KERNEL in the environment: the message names it" has "$t/err" "no kernel '/nosuch'"
ok "--help has the exit codes" has "$t/help" '^ +122 '
code=0
BARIO_VM_MODULE=/nosuch/bario.ko "$run" -- true 2>"$t/err" || code=$?
ok "no module: 124" same $code 124

# ---- dynamic programs ----
mkdir -p "$t/library" "$t/programs/deep"
echo 'int answer(void) { return 42; }' >"$t/answer.c"
echo 'int answer(void); int main(void) { return answer(); }' >"$t/dynamic.c"
"${CC:-cc}" -shared -fPIC -o "$t/library/libanswer.so" "$t/answer.c"
"${CC:-cc}" -o "$t/answer" "$t/dynamic.c" -L"$t/library" -lanswer -Wl,-rpath,"$t/library"
"${CC:-cc}" -o "$t/no-library" "$t/dynamic.c" -L"$t/library" -lanswer
cp "$t/answer" "$t/programs/deep/program"
code=0
BARIO_VM_MODULE=none "$run" --put "$t/no-library" -- true 2>"$t/err" || code=$?
ok "a library that is not here: 124" same $code 124
ok "no library: it is named" has "$t/err" '/no-library can.t run in the guest: libanswer.so => not found'

# ---- guests ----
test_module "$release"
export BARIO_VM_MODULE=$t/module/bario.ko
head -c 1048576 /dev/urandom >"$t/in.random"
# shellcheck disable=SC2059
for i in {0..255}; do printf "\\x$(printf %02x "$i")"; done >"$t/in.bytes"
mkdir "$t/directory"
echo inside >"$t/directory/file"
chmod 640 "$t/directory/file"
# shellcheck disable=SC2016
printf '#!/bin/sh\ncat /tmp/bytes /in/random\nstat -c "%%a %%n" /in/directory/file "$0" >&2\n' >"$t/both"
chmod 755 "$t/both"
start bytes --put "$t/both" --put "$t/in.bytes:/tmp/bytes" --put "$t/in.random:/in/random" \
	--put "$t/directory:/in/directory" -- both
BARIO_VM_TIMEOUT=60 start hang --smp 1 -- sleep 1000
mkdir "$t/kernel"
ln -s "/boot/vmlinuz-$release" "$t/kernel/bzImage"
ln -s "/lib/modules/$release/build" "$t/kernel/build"
start smp --kernel="$t/kernel" --smp=3 -- sh -c 'nproc; uname -r; ls /lib/modules/*.ko'
start icount --icount -- sh -c 'nproc; grep -cw erms /proc/cpuinfo'
start dynamic --put "$t/answer" --put /bin/true:/bin/dynamic-true --put "$t/programs:/programs" -- \
	sh -c 'answer; echo $?; dynamic-true && /programs/deep/program; echo $?'
# shellcheck disable=SC2016,SC1003
start status -- sh -c 'echo out; echo err >&2; printf "%s|" "$@"; env | grep -v SHLVL | sort | tr "\n" " "; exit 7' \
	- "it's" '$HOME "x" \' ''
start kmsg -- sh -c 'echo "WARNING: not really" >/dev/kmsg'
start crash -- sh -c 'echo c >/proc/sysrq-trigger'
# shellcheck disable=SC2016
start lines --device edu,addr=0x10 -- sh -c '
	echo to the line >/dev/ttyS4
	address=$(sed -n "3s/ .*//p" /sys/bus/pci/devices/0000:00:07.0/resource)
	devmem $address 32
	devmem $((address + 4)) 32 0x6f726162
	cat /sys/bus/pci/devices/0000:00:10.0/device
	monitor device_add edu,bus=rp0,id=hot
	for _ in $(seq 600); do
		[ ! -e /sys/bus/pci/devices/0000:02:00.0/device ] || break
		sleep 0.1
	done
	cat /sys/bus/pci/devices/0000:02:00.0/device
	monitor device_add nosuch || echo refused'
mkdir "$t/lines"
printf 'spam' >"$t/lines/shmem"
truncate -s 1M "$t/lines/shmem"
# shellcheck disable=SC2016
start leak -- sh -c 'rmmod bario
	insmod /lib/modules/bario.ko busy=1 leak=$(sed -n "1s/ .*//p" /sys/bus/pci/devices/0000:00:05.0/resource)'
start warn -- sh -c 'rmmod bario; modprobe bario warn=1'
export BARIO_VM_MODULE=$t/random
start load -- true
export BARIO_VM_MODULE=$t/module/bario.ko
wait
start_and_find_qemu
kill -TERM $runner
code=0
wait $runner || code=$?
ok "TERM ends the run" same $code 143
ok "TERM leaves no qemu" gone "$qemu"
start_and_find_qemu
kill -KILL $runner
wait $runner 2>/dev/null || true
ok "KILL leaves no qemu" gone "$qemu"
start_and_find_qemu
for _ in {1..3000}; do
	[ ! -s "$t/killed.out" ] || break
	sleep 0.1
done
ok "output comes while the command runs" same "$(<"$t/killed.out")" first
kill -KILL "$qemu"
code=0
wait $runner || code=$?
ok "qemu is killed: 123" same $code 123

status status 7
# shellcheck disable=SC2016
ok "stdout is the command's, arguments and environment are right" same "$(<"$t/status.out")" "$(
	printf 'out\nit'"'"'s|$HOME "x" \\||BARIO_GUEST=1 HOME=/ PATH=/bin:/sbin:/usr/bin:/usr/sbin PWD=/ ')"
ok "stderr is apart" same "$(<"$t/status.err")" err
status bytes 0
cat "$t/in.bytes" "$t/in.random" >"$t/wanted"
ok "256 byte values and 1 MiB arrive unchanged" cmp "$t/wanted" "$t/bytes.out"
ok "--put keeps modes" same "$(<"$t/bytes.err")" "640 /in/directory/file
755 /bin/both"
status smp 0
ok "--smp and --kernel DIR, which has no drivers" same "$(<"$t/smp.out")" "3
$release
/lib/modules/bario.ko"
status icount 1
ok "--icount: one processor without ERMS" same "$(<"$t/icount.out")" "1
0"
status dynamic 0
ok "dynamic programs have their libraries, in directories, too" same "$(<"$t/dynamic.out")" "42
42"
status kmsg 121
ok "kmsg: the line is shown" has "$t/kmsg.err" 'reported: .*WARNING: not really'
status crash 121
ok "crash: the panic is shown" has "$t/crash.err" 'reported: .*(BUG|Oops|panic)'
status warn 121
ok "warn: also when the module unloads" has "$t/warn.err" 'reported: .*WARNING: CPU'
status leak 122
ok "leak: the claim is shown" has "$t/leak.err" 'still claimed .*bario leak'
ok "leak: and the module that stays" has "$t/leak.err" "can't be unloaded"
status load 124
status hang 120
ok "hang: says what ran out" has "$t/hang.err" 'the command has not ended after [0-9]+ seconds; BARIO_VM_TIMEOUT'
ok "hang: the processors' registers are kept" has "$t/hang/registers" RIP
ok "hang: the log shows who was blocked" has "$t/hang/kernel.log" 'Show Blocked State'
status lines 0
ok "lines: serial.txt has what ttyS4 sent" same "$(tr -d '\r' <"$t/lines/serial.txt")" "to the line"
ok "lines: shmem both ways, --device, hot-plugging" same "$(tr '\n' ' ' <"$t/lines.out")" \
	"0x6D617073 0x11e8 0x11e8 Error: 'nosuch' is not a valid device model name refused "
ok "lines: the host sees the guest's write" same "$(head -c 8 "$t/lines/shmem")" spambaro
finish
