#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# bario on QEMU's devices, with the module and without it: what it says is what the
# devices are known for.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

need "the tool builds" make -s -C "$top/tools"

# shellcheck disable=SC2016 # it is for the guest's shell
cat >"$out/inside" <<'END'
. /say.sh
for way in '' sysfs: pci:; do
	echo "== ${way:-any}"
	# What the module does by itself.
	[ "$way" != sysfs: ] || for dev in 03 05 06 07; do
		echo 1 >/sys/bus/pci/devices/0000:00:$dev.0/enable
	done
	say id bario read "${way}00:05.0" ID
	say freebsd bario read "${way}pci0:0:5:0" 0+0.4
	say second bario read "${way}1234:11e8#1" config+0.4
	say both bario read "${way}1234:11e8" config+0.4
	say none bario read "${way}1234:11e8#2" config+0.4
	say write bario write "${way}00:05.0" LIVENESS=0x12345678
	say complement bario read "${way}00:05.0" LIVENESS
	say status bario read "${way}00:06.0" STATUS
	say port bario read "${way}00:03.0" 1+0.1 1+0.2 1+0.4
	say memory bario write "${way}00:07.0" 2+0x100.4=0x04030201 2+0x104.2=0x0605 2+0x106.1=7 2+0x107.1=8
	say bytes bario dump "${way}00:07.0" 2+0x100.1 8
	say words bario read "${way}00:07.0" 2+0x100.2 2+0x104.4
	say misaligned bario read "${way}00:07.0" 2+0x101.4
	say past bario read "${way}00:05.0" 0+1M.4
	say no-bar bario read "${way}00:05.0" 1+0.4
	say port8 bario read "${way}00:03.0" 1+0.8
	say driver bario read "${way}00:04.0" 0+0.1
	say config bario config "${way}00:05.0" 0.4
	say absent bario read "${way}00:1e.0" 0+0.4
	say wide sh -c "bario write ${way}00:07.0 2+0x108.8=0x1122334455667788 && bario read ${way}00:07.0 2+0x108.8 2+0x10c.4"
	say mask sh -c "bario write ${way}00:07.0 2+0x108.8=0x55000000000000:0xff000000000000 && bario read ${way}00:07.0 2+0x108.8"
	say factorial sh -c "printf 'expect ID.MAGIC 0xed\nwrite FACTORIAL 5\npoll STATUS.COMPUTING 0 9s\nread FACTORIAL\n' | bario run ${way}00:05.0 -"
	say wait bario wait "${way}00:05.0" STATUS.COMPUTING=0 9s
	say timeout bario wait "${way}00:05.0" ID=0 20ms
	say second-step sh -c "printf 'write 2+0x100.4 9\nread 2+2.4\n' | bario run ${way}00:07.0 -"
	say untouched bario read "${way}00:07.0" 2+0x100.1
	say first sh -c "bario write ${way}00:07.0 2+0x200.4=7 2+0x202.4=1; bario write ${way}00:07.0 2+0x200.4=7 2+1M.4=1; bario read ${way}00:07.0 2+0x200.4"
	say atomic sh -c "printf 'atomic\nor 2+0x100.4 0x80\nread 2+0x100.4\n' | bario run ${way}00:07.0 -"
	say long sh -c "awk 'BEGIN { while (i++ < 1500) print \"write 0+4.4 \" i; print \"poll STATUS.COMPUTING 0 9s\\npoll STATUS.COMPUTING 0 9s\\nread 0+4.4\\nexpect 0+4.4 0\" }' | bario run ${way}00:05.0 -"
	say run-driver sh -c "printf 'read 0+0.1\n' | bario run ${way}00:04.0 -"
	say json bario read --json "${way}00:05.0" 0+0.4
	say list sh -c 'bario list | grep -c "^0000:"'
	say backend sh -c "bario info ${way}00:05.0 | grep '^back end'"
done
ls -d /sys/bus/pci/devices/* | wc -l
echo "== names"
say no-names bario list
mkdir -p /usr/share/misc
printf '1234  Technical Corp.\n\t11e8  Edu\n8086  Intel\nC 00  Old\nC 06  Bridge\n\t00  Host bridge\n' >/usr/share/misc/pci.ids
say names sh -c 'bario list | grep -E "^0000:00:0[056]"'
say class sh -c 'bario info 00:05.0 | grep -E "^id|^class"; bario info 00:00.0 | grep ^class'
printf '1234  Technical Corp.\n1234 Twice\n8086  Intel\n' >/usr/share/misc/pci.ids
say bad-names sh -c 'bario list | grep -E "^0000:00:0[56]"'
rm /usr/share/misc/pci.ids
echo "== nodes"
say node bario read /dev/bario/0000-00-05.0 0+0.4
say all bario read /dev/pci 0+0.4
say one bario read /dev/pci@00:05.0 0+0.4
say fd sh -c 'bario read fd:3 0+0.4 3<>/dev/bario/0000-00-05.0'
say read-only sh -c 'bario read fd:3 0+0.4 3</dev/bario/0000-00-05.0'
say other bario read /dev/bario/0000-00-05.0@00:06.0 0+0.4
say config-by-node sh -c 'bario write fd:3 config+4.2=0 3<>/dev/bario/0000-00-05.0'
say config-write sh -c 'bario config 00:05.0 0x3c.1=0x5a && bario config 00:05.0 0x3c.1'
say capabilities bario config 03:00.0 CAP_EXP+0.1 ECAP_AER+0.2
say no-extended bario config 00:06.0 ECAP_AER+0.2
say master sh -c 'bario config 00:05.0 COMMAND.MASTER=1; bario config 00:05.0 COMMAND.MASTER'
say bridge bario config 00:08.0 SECONDARY_BUS BRIDGE_CONTROL.RESET
say bridge-bars bario config 00:08.0 'BASE_ADDRESS[2]'
say no-bridge bario config 00:05.0 SECONDARY_BUS=1
say error-status sh -c 'bario config 03:00.0 AER_CORRECTABLE_STATUS ECAP_AER+0x10.4=1:1 EXP_DEVICE_STATUS.FATAL=1 && echo written'
say user-capability su nobody -s /bin/sh -c 'bario config sysfs:03:00.0 CAP_EXP+0.1'
say user su nobody -s /bin/sh -c 'bario read 00:05.0 0+0.4'
say user-sysfs su nobody -s /bin/sh -c 'bario read sysfs:00:05.0 0+0.4'
say user-list su nobody -s /bin/sh -c 'bario list | grep -c ^0000:'
say undecoded sh -c 'bario config 00:0c.0 4.2=0; bario read sysfs:00:0c.0 0+0.4'
say enabled sh -c 'echo 1 >/sys/bus/pci/devices/0000:00:0c.0/enable; bario config 00:0c.0 4.2=0; bario read sysfs:00:0c.0 0+0.4; bario config 00:0c.0 COMMAND.MEMORY=1; bario read sysfs:00:0c.0 0+0.4; bario config 00:0c.0 4.2=0; echo 0 >/sys/bus/pci/devices/0000:00:0c.0/enable'
say wait-name bario wait 00:05.0 ID.MAGIC=0 1ms
say options sh -c 'bario read 00:05.0 --json 0+0.4; bario read 00:05.0 0+0.4 --json'
say claimed sh -c 'exec 3<>/dev/bario/0000-00-05.0; bario read fd:3 0+0.4; bario read sysfs:00:05.0 0+0.4; bario read fd:3 0+0.4'
echo "== grants"
say show bario grant show 00:05.0
say publish bario grant publish adc 00:05.0 0+0/8:r config:r 00:06.0 1:rw
say again bario grant publish adc 00:05.0 0:r
say published bario grant show /dev/bario/adc@00:06.0
say granted bario read /dev/bario/adc@00:05.0 0+0.4
say not-granted bario read /dev/bario/adc@00:05.0 0+8.4
say not-to-write bario write /dev/bario/adc@00:05.0 0+4.4=1
say unpublish bario grant unpublish adc
say gone bario grant unpublish adc
say revoked sh -c 'bario grant publish adc 00:05.0 0:r; exec 3<>/dev/bario/adc; bario grant unpublish adc; bario info fd:3'
say user-publish su nobody -s /bin/sh -c 'bario grant publish adc 00:05.0 0:r'
say all bario grant show /dev/pci@00:05.0
say exec bario exec 00:05.0 0+0/8:r -- bario read fd:3 0+0.4
say exec-not bario exec 00:05.0 0+0/8:r -- bario read fd:3 0+8.4
untouched='was=$(bario read fd:3 0+4.4); bario write fd:3 0+4.4=0x77 $write; [ $(bario read fd:3 0+4.4) = $was ] && echo untouched'
say rights-first bario exec 00:05.0 0+0/8:rw -- sh -c "write=0+0x80.4=1; $untouched"
say rights-read bario exec 00:05.0 0+0/8:rw 0+8/8:w -- sh -c "write=0+8.4=1:1; $untouched"
say rights-config bario exec 00:05.0 -- sh -c "write=config+4.2=6; $untouched"
say rights-script bario exec 00:05.0 0+0/8:r -- sh -c 'printf "read 0+0.4\nwrite 0+4.4 1\n" | bario run fd:3 -'
say rights-joined bario exec 00:07.0 2+0/4:r 2+4/4:rw -- bario read fd:3 2+0.8 2+4.4
say rights-user su nobody -s /bin/sh -c 'bario read sysfs:00:05.0 config+0.4 0+0.4'
say exec-all bario exec 00:05.0 -- sh -c 'bario write fd:3 0+4.4=0xff && bario read fd:3 0+4.4'
say exec-status bario exec 00:05.0 -- sh -c 'exit 42'
say exec-none bario exec 00:05.0 -- nosuch
say who sh -c 'bario exec 00:05.0 -- sh -c "id; cat /proc/self/status" | grep -E "^uid|^Cap|^NoNew|^Groups"'
say files sh -c 'exec 5<>/dev/pci; bario exec 00:05.0 -- sh -c "exec ls /proc/self/fd" | sort | tr "\n" ,'
say other-user bario exec --user root 00:05.0 -- id
say no-user bario exec --user nosuch 00:05.0 -- id
say by-user su nobody -s /bin/sh -c 'bario exec 00:05.0 -- id'
say mount bario exec --mount 00:05.0 -- sh -c 'ls /dev | tr "\n" ,; bario read /dev/pci 0+0.4; bario list | grep -c ^0000:; ls /proc/self/fd | sort | tr "\n" ,; touch /dev/x'
say dev-still sh -c 'ls /dev/bario | grep -c .'
say mount-mode sh -c 'bario exec --mount 00:05.0 -- stat -c "%a %U" /dev/pci; stat -c "%a %U" /dev/bario/0000-00-05.0'
bario grant publish less 00:05.0 0+0/8:r
say mount-less bario exec --mount /dev/bario/less -- sh -c 'bario read /dev/pci 0+0.4; bario read /dev/pci 0+8.4'
bario grant unpublish less
say mount-pci bario exec --mount /dev/pci@00:05.0 -- bario read /dev/pci 0+0.4
say mount-fd sh -c 'bario exec --mount fd:3 -- true 3<>/dev/bario/0000-00-05.0'
say mount-rules bario exec --mount 00:05.0 0:r -- true
say doctor bario doctor 00:05.0
say doctor-driver bario doctor 00:04.0
say doctor-user su nobody -s /bin/sh -c 'bario doctor 00:05.0'
say doctor-decode bario doctor sysfs:00:0c.0
say trace bario trace 00:05.0 /record -- sh -c 'bario write 00:05.0 LIVENESS=5; bario read 00:05.0 0+4.4 0+0.4; bario read 00:07.0 2+0.4; bario write 00:05.0 LIVENESS=1:1; bario write 00:05.0 0+0x80.8=0x1122334455667788; exit 3'
say record cat /record
say instances ls /sys/kernel/tracing/instances
printf 'write 0+4.4 5\nread 0+4.4\nread 0+0.4\nwrite 0+4.4 1:1\nwrite 0+0x80.8 0x1122334455667788\n' >/script
say replay bario run sim:/record /script
say replay-other bario read sim:/record 0+0.4
say shown bario trace 00:05.0 -- sh -c 'exec >/dev/null 2>&1; bario read 00:05.0 ID; bario write 00:05.0 LIVENESS=5; bario config 00:05.0 COMMAND 0x3c.1=1; bario read 00:07.0 2+0.4; bario exec 00:05.0 0+0/4:r -- bario write fd:3 0+4.4=1; exit 3'
printf 'bar 0\nreg IN 4 4 ro\nreg OUT 4 4 wo\nreg NOT 8 4 ro\n' >/both.map
say shown-direction bario trace --map /both.map 00:05.0 -- sh -c 'exec >/dev/null 2>&1; bario write 00:05.0 0+4.4=1; bario read 00:05.0 0+4.4; bario write 00:05.0 0+8.4=1'
say shown-json bario trace --json 00:05.0 -- sh -c 'bario read 00:05.0 0+0x80.4 >/dev/null; bario config 00:05.0 0x3c.1=2'
# Its last event is on when it records.
records='until grep -q 1 /sys/kernel/tracing/instances/*/events/bario/bario_deny/enable 2>/dev/null; do sleep 0.1; done'
say until sh -c "bario trace 00:05.0 & $records; bario read 00:05.0 ID >/dev/null; kill \$!; wait \$!"
say until-kept sh -c "bario trace 00:05.0 /until & $records; bario read 00:05.0 ID >/dev/null; kill \$!; wait \$! && tail -n 1 /until"
# A pipe without a reader
mkfifo /pipe
say no-reader sh -c 'exec 3<>/pipe 4>/pipe 3>&-; bario trace 00:05.0 -- sh -c "bario read 00:05.0 ID >/dev/null" >&4; true'
cp /bin/bario '/tmp/a: bario_x'
say odd-task bario trace 00:05.0 -- '/tmp/a: bario_x' read 00:05.0 ID
say no-sigchld timeout -s KILL 600 /env --ignore-signal=CHLD bario trace 00:05.0 -- bario read 00:05.0 ID
say own-sigchld timeout -s KILL 600 /env --ignore-signal=CHLD bario trace 00:05.0 -- grep SigIgn /proc/self/status
say nothing-left ls /sys/kernel/tracing/instances
say trace-user su nobody -s /bin/sh -c 'bario trace 00:05.0 /tmp/record -- true'
rmmod bario
say trace-without bario trace 00:05.0 /record -- true
say doctor-without bario doctor
say without bario read 00:05.0 0+0.4
say without-pci bario read pci:00:05.0 0+0.4
exit 0
END
"$top/tests/vm/run" ${KERNEL:+--kernel "$KERNEL"} --put "$top/build/bario:/bin/bario" \
	--put "$out/inside:/inside" --put "$here/say.sh:/say.sh" --put "$(type -P env):/env" -- sh /inside >"$out/said" 2>"$out/err"
guest_ended $? "$out/said" "$out/err"

# in_part PART NAME PATTERN: the whole line
in_part()
{
	part "$out/said" "$1" >"$out/part"
	says "$out/part" "$2" "$3"
}

for way in any sysfs: pci:; do
	backend=${way%:}
	[ "$way" != any ] || backend=pci
	ok "$way: is $backend" in_part "$way" backend "back end   $backend \[0\]"
	ok "$way: edu by its address, with fields" in_part "$way" id \
		'ID 0x010000ed   MAJOR 0x1   MINOR 0x0   MAGIC 0xed edu \[0\]'
	ok "$way: edu by its address in FreeBSD's form" in_part "$way" freebsd '0x010000ed \[0\]'
	ok "$way: the second device of an ID" in_part "$way" second '0x11e81234 \[0\]'
	ok "$way: an ID of two devices is refused" in_part "$way" both '.*say which: 1234:11e8#0.* \[2\]'
	ok "$way: a third device of an ID does not exist" in_part "$way" none '.* \[3\]'
	ok "$way: a write arrives" in_part "$way" complement 'LIVENESS 0xedcba987 \[0\]'
	ok "$way: e1000's registers have names" in_part "$way" status \
		'STATUS 0x80080783 .* LU 0x1 link_up   FD 0x1 full_duplex \[0\]'
	ok "$way: ports are read at three widths" in_part "$way" port '0x[0-9a-f]{2} 0x[0-9a-f]{4} 0x[0-9a-f]{8} \[0\]'
	ok "$way: memory is written at several widths" in_part "$way" bytes \
		'0x00000100  0x01 0x02 0x03 0x04 0x05 0x06 0x07 0x08 0x00000108 \[0\]'
	ok "$way: memory is read at other widths" in_part "$way" words '0x0201 0x08070605 \[0\]'
	ok "$way: a misaligned offset is refused" in_part "$way" misaligned '.*a multiple of the width \[2\]'
	ok "$way: an offset past the end is refused" in_part "$way" past '.*the BAR has 0x100000 bytes \[2\]'
	ok "$way: a BAR that does not exist is refused" in_part "$way" no-bar '.*no such BAR \[2\]'
	ok "$way: 8 bytes in ports are refused" in_part "$way" port8 '.*no accesses of 8 bytes \[2\]'
	ok "$way: a bound driver is named" in_part "$way" driver \
		'.*the driver serial has .*>/sys/bus/pci/drivers/serial/unbind \[5\]'
	ok "$way: configuration space is read" in_part "$way" config '0x11e81234 \[0\]'
	ok "$way: a function that does not exist is refused" in_part "$way" absent '.*there is no such function.* \[3\]'
	ok "$way: 8 bytes are written and read" in_part "$way" wide '0x1122334455667788 0x11223344 \[0\]'
	ok "$way: 8 bytes are written under a mask" in_part "$way" mask '0x1155334455667788 \[0\]'
	ok "$way: a script computes" in_part "$way" factorial \
		'ID.MAGIC 0xed edu STATUS.COMPUTING 0x0 idle FACTORIAL 0x00000078 \[0\]'
	ok "$way: wait ends when the bits have the value" in_part "$way" wait 'STATUS.COMPUTING 0x0 idle \[0\]'
	ok "$way: wait ends with its time" in_part "$way" timeout '.*timed out waiting for.* \[7\]'
	ok "$way: a script with a wrong step is refused" in_part "$way" second-step 'bario: -:2: .*a multiple of the width \[2\]'
	ok "$way: a script with a wrong step has done nothing" in_part "$way" untouched '0x01 \[0\]'
	ok "$way: all places are checked before the first is written" in_part "$way" first \
		'.*a multiple of the width .* past the end: .* 0x00000000 \[0\]'
	if [ "$backend" = pci ]; then
		ok "$way: atomic" in_part "$way" atomic '0x04030201 0x04030281 \[0\]'
	else
		ok "$way: atomic can't be had" in_part "$way" atomic ".*can't keep others out.* \[1\]"
	fi
	ok "$way: a script of several programs" in_part "$way" long \
		'STATUS.COMPUTING 0x0 idle STATUS.COMPUTING 0x0 idle 0xfffffa23 bario: -:1504: .*expected 0: .* \[7\]'
	ok "$way: a script, and a driver has it" in_part "$way" run-driver '.*the driver serial has .* \[5\]'
	ok "$way: read prints JSON" in_part "$way" json \
		'\[\{"device":"0000:00:05.0","place":"0\+0.4","value":"0x10000ed"\}\] \[0\]'
done
ok "names: without a list there are none" in_part names no-names \
	'DEVICE .*0000:00:05.0 +1234:11e8 +- +0:mem/1M +- 0000:00:06.0 +8086:100e +- +0:mem/128K 1:port/64 +- 0000.* \[0\]'
ok "names: of the device, its vendor or its class" in_part names names \
	'0000:00:00.0 .* Intel 0000:00:05.0 .* Technical Corp. Edu 0000:00:06.0 .* Intel \[0\]'
ok "names: of a class" in_part names class \
	'id .* Technical Corp. Edu class .* Old \[00ff\] class .* Host bridge \[0\]'
ok "names: a malformed list is used up to its error" in_part names bad-names \
	'bario: names may be missing: .* at /usr/share/misc/pci.ids, line 2 0000:00:05.0 .* Technical Corp. 0000:00:06.0 .*/64 +- \[0\]'
ok "list has the functions of sysfs" in_part pci: list "$(part "$out/said" pci: | grep -x '[0-9]*') \[0\]"
ok "a node is read by its path" in_part nodes node '0x010000ed \[0\]'
ok "/dev/pci without a function is refused" in_part nodes all '.*this file has [0-9]+ functions .* \[2\]'
ok "/dev/pci with a function is read" in_part nodes one '0x010000ed \[0\]'
ok "an open descriptor is read" in_part nodes fd '0x010000ed \[0\]'
ok "a descriptor open for reading is refused" in_part nodes read-only '.*not open for writing \[4\]'
ok "a node's file has no other function" in_part nodes other '.*not for this file .* \[3\]'
ok "a node's descriptor writes no configuration space" in_part nodes config-by-node '.*may not write it .* \[4\]'
ok "/dev/pci writes configuration space" in_part nodes config-write '0x5a \[0\]'
ok "capabilities have names" in_part nodes capabilities '0x10 0x0001 \[0\]'
ok "extended capabilities are PCI Express's" in_part nodes no-extended '.*has no capability ECAP_AER \[8\]'
ok "a field of the command register" in_part nodes master 'COMMAND.MASTER 0x1 \[0\]'
ok "names of bridges are for bridges" in_part nodes bridge 'SECONDARY_BUS 0x01 BRIDGE_CONTROL.RESET 0x0 \[0\]'
ok "bridges have two BARs" in_part nodes bridge-bars '.*there are several registers BASE_ADDRESS: BASE_ADDRESS\[0\] to BASE_ADDRESS\[1\] .*\[2\]'
ok "names of bridges are not for devices" in_part nodes no-bridge '.*header type 0 has no such register .*\[2\]'
ok "status registers of capabilities have names" in_part nodes error-status 'AER_CORRECTABLE_STATUS 0x[0-9a-f]{8} written \[0\]'
ok "capabilities are not for all in sysfs" in_part nodes user-capability '.*takes CAP_SYS_ADMIN .* \[4\]'
ok "a user without rights: the node" in_part nodes user '.*no permission to open /dev/bario/0000-00-05.0.* \[4\]'
ok "a user without rights: sysfs" in_part nodes user-sysfs '.*no permission to open resource0.* \[4\]'
ok "a user without rights: list" in_part nodes user-list "$(part "$out/said" pci: | grep -x '[0-9]*') \[0\]"
ok "decoding is off where the system has enabled the function: the hint is a command that helps" in_part nodes enabled \
	'.*does not decode .*turn it on: bario config 0000:00:0c.0 COMMAND.MEMORY=1 0x010000ed \[0\]'
ok "bario wait: the name of the register is in the message" in_part nodes wait-name \
	'bario: 0000:00:05.0 ID.MAGIC: timed out waiting for 0 after 1ms: it is 0xed \[7\]'
ok "options between and after the other arguments" in_part nodes options \
	'(\[\{"device":"0000:00:05.0","place":"0\+0.4","value":"0x10000ed"\}\] ){2}\[0\]'
ok "decoding is off, in sysfs" in_part nodes undecoded '.*does not decode .*/0000:00:0c.0/enable \[6\]'
ok "claimed by bario.ko, in sysfs" in_part nodes claimed \
	'0x010000ed bario: .* claimed by files of bario.ko .* 0x010000ed \[0\]'
ok "without the module it is sysfs" in_part grants without '0x010000ed \[0\]'
ok "without the module the module's back end is refused" in_part grants without-pci '.*modprobe bario \[3\]'
grants()
{
	in_part grants "$@"
}
ok "a node's grant" grants show '0000:00:05.0 0\+0x0:rwm .*0000:00:05.0 config\+0x0:r \[0\]'
ok "a name is published" grants publish '\[0\]'
ok "a published name is refused" grants again '.*/dev/bario/.* is published already .*bario grant unpublish .* \[2\]'
ok "a published name has its rules" grants published \
	'0000:00:05.0 0\+0x0/0x8:r 0000:00:05.0 config\+0x0:r 0000:00:06.0 1\+0x0:rw \[0\]'
ok "a published name allows what its rules allow" grants granted '0x010000ed \[0\]'
ok "a published name does not allow another register" grants not-granted '.*grant of this file does not cover it .* \[4\]'
ok "a published name for reading does not allow a write" grants not-to-write '.*grant of this file does not cover it .* \[4\]'
ok "a name is unpublished" grants unpublish '\[0\]'
ok "an unpublished name is gone" grants gone '.*is not published \[3\]'
ok "a file whose rights were taken back lists nothing" grants revoked '.*the right to it was taken back \[3\]'
ok "only root publishes" grants user-publish '.* \[4\]'
ok "/dev/pci has everything" grants all 'everything \[0\]'
ok "exec: the command has the descriptor" grants exec '0x010000ed \[0\]'
ok "exec: the descriptor has the rules" grants exec-not '.*does not cover it .* \[4\]'
ok "rights: all are checked before the first write" grants rights-first '.*does not cover it .* untouched \[0\]'
ok "rights: a mask takes the right to read" grants rights-read '.*does not cover it .* untouched \[0\]'
ok "rights: those of configuration space are checked before the first write" grants rights-config '.*config.0x4.2: .* untouched \[0\]'
ok "rights: those of a script are checked before the first write" grants rights-script 'bario: -:2: .*does not cover it .* \[4\]'
ok "rights: two rules can cover an access" grants rights-joined '0x[0-9a-f]{16} 0x[0-9a-f]{8} \[0\]'
ok "rights: those of files in sysfs are checked first" grants rights-user 'bario: .*no permission to open resource0.* \[4\]'
ok "exec: without rules the command has all BARs" grants exec-all '0xffffff00 \[0\]'
ok "exec: the exit status is the command's" grants exec-status '\[42\]'
ok "exec: a command that does not exist is refused" grants exec-none 'bario: nosuch: .* \[1\]'
ok "exec: the command has no privileges" grants who \
	'uid=65534.* Groups:[[:space:]]+CapInh:[[:space:]]0+ CapPrm:[[:space:]]0+ CapEff:[[:space:]]0+ CapBnd:[[:space:]]0+ CapAmb:[[:space:]]0+ NoNewPrivs:[[:space:]]1 \[0\]'
ok "exec: the command has no other file" grants files '0,1,2,3,4, *\[0\]'
ok "exec: running as root is refused" grants other-user '.*has root.s rights.* \[2\]'
ok "exec: a user that does not exist is refused" grants no-user '.*no user nosuch.* \[2\]'
ok "exec: a user without rights is refused" grants by-user '.*only root.* \[4\]'
ok "exec --mount: a /dev with this device" grants mount \
	'null,pci,zero,0x010000ed 1 0,1,2,3, ?touch: .*Read-only file system \[1\]'
ok "exec --mount: the machine keeps its own" grants dev-still "$(part "$out/said" pci: | grep -x '[0-9]*') \[0\]"
ok "exec --mount: the user has the device, and elsewhere nothing more" grants mount-mode '600 nobody 600 root \[0\]'
ok "exec --mount: of a published node it is that" grants mount-less '0x010000ed .*does not cover it .* \[4\]'
ok "exec --mount: of the node of all it is the function's" grants mount-pci '0x010000ed \[0\]'
ok "exec --mount: not of a descriptor" grants mount-fd '.*fd:3 is neither .* \[2\]'
ok "exec --mount: no rules" grants mount-rules '.*for all of a device.* \[2\]'
ok "trace: the command's output and status" grants trace \
	'0xfffffffa 0x010000ed 0x[0-9a-f]{8} \[3\]'
ok "trace: the record has what the command did to that device" grants record \
	'address 0000:00:05.0 id 1234:11e8 subsystem 1af4:1100 class 00ff00 revision 0x10 bar 0 mem 0x100000 replay write 0 0x4 4 0x5 replay read 0 0x4 4 0xfffffffa replay read 0 0x0 4 0x10000ed replay read 0 0x4 4 0xfffffffa replay write 0 0x4 4 0xfffffffb replay write 0 0x80 8 0x1122334455667788 \[0\]'
ok "trace: nothing is left of it" grants instances '\[0\]'
ok "trace: the record is a device" grants replay '0xfffffffa 0x010000ed 0xfffffffa \[0\]'
ok "trace: another access than the record's is refused" grants replay-other '.*the record has another access next.* \[1\]'
n='[0-9.]+ (bario|<...>)-[0-9]+ +'
ok "trace: shown" grants shown \
	"${n}claim +bar0 ${n}read +ID 0x10000ed ${n}release bar0 ${n}claim +bar0 ${n}write +LIVENESS 0x5 ${n}release bar0 ${n}read +COMMAND 0x[0-9a-f]+ ${n}write +INTERRUPT_LINE 0x1 .*${n}deny +bar0: Permission denied .*\[3\]"
ok "trace: only that device is shown" grants shown '([^2]|2[^+])*'
n='"time":"[0-9.]+","task":"(bario|<...>)-[0-9]+",'
ok "trace: a register's name that fits what is done to it" grants shown-direction \
	'.* write +OUT 0x1 .* read +IN 0x.* write +NOT 0x1 .*\[0\]'
ok "trace: shown as JSON" grants shown-json \
	"\{$n\"what\":\"claim\",\"space\":\"bar0\",\"errno\":0\} \{$n\"what\":\"read\",\"place\":\"0\+0x80.4\",\"register\":null,\"value\":\"0x[0-9a-f]+\",\"errno\":0\} .*\"place\":\"config\+0x3c.1\",\"register\":\"INTERRUPT_LINE\",\"value\":\"0x2\",\"errno\":0\} \[0\]"
ok "trace: until it is ended" grants until '.* read +ID 0x10000ed .*\[0\]'
ok "trace: kept until it is ended" grants until-kept 'replay read 0 0x0 4 0x10000ed \[0\]'
ok "trace: nobody reads what is shown" grants no-reader 'bario: standard output: Broken pipe \[0\]'
ok "trace: a task of any name" grants odd-task \
	'.* claim +bar0 .* read +ID 0x10000ed .*-[0-9]+ +release bar0 \[0\]'
ok "trace: where the end of a child is ignored" grants no-sigchld '.* read +ID 0x10000ed .*\[0\]'
ok "trace: the command has SIGCHLD as it was" grants own-sigchld 'SigIgn:[[:space:]]0+1000[0-9a-f] \[0\]'
ok "trace: nothing is left of all that" grants nothing-left '\[0\]'
ok "trace: a user without rights is refused" grants trace-user '.* \[4\]'
ok "trace: without the module it is refused" grants trace-without '.*modprobe bario \[3\]'
ok "doctor: nothing is in the way" grants doctor \
	'ok  the module is loaded.* you may open it to read and write registers \[0\]'
ok "doctor: a driver is bound" grants doctor-driver '.*NO  the driver serial has .*/unbind .*\[7\]'
ok "doctor: a user has no permission" grants doctor-user '.*NO  no permission to open /dev/bario/0000-00-05.0 .*\[7\]'
ok "doctor: decoding is off" grants doctor-decode '.*NO  BAR 0: the function does not decode .*/enable .*\[7\]'
ok "doctor: the module is not loaded" grants doctor-without 'ok  the module is not loaded.*modprobe bario .*\[0\]'
finish
