# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034
# Part of tests/vm/run: the machine, and what passes between it and the host.

start()
{
	local append cpu=max,la57=off memory=512M speed=()

	# no_timer_check: on a busy host the check fails, and what the kernel does then
	# may end in a boot without a clock. KVM guests leave it out as well.
	append="console=ttyS0,115200 quiet 8250.nr_uarts=8 nokaslr no_timer_check tsc=reliable"
	append+=" panic=-1 oops=panic panic_on_warn=1"
	# A busy host can keep a processor of the guest waiting for more than a minute.
	append+=" softlockup_panic=1 sysctl.kernel.watchdog_thresh=60 sysctl.kernel.hung_task_panic=1"
	append+=" sysctl.kernel.hung_task_timeout_secs=240 rcupdate.rcu_cpu_stall_timeout=300"
	append+=" sysctl.kernel.panic_on_rcu_stall=1 printk.devkmsg=on log_buf_len=4M"
	# KASAN takes an eighth of what is mapped: for a BAR of 8 GB, 1 GB.
	if grep -qsx CONFIG_KASAN=y "$kernel/build/include/config/auto.conf"; then
		memory=2G
	fi
	if [ -n "$icount" ]; then
		speed=(-icount "shift=0,sleep=off")
		cpu+=,-erms
		append+=" clocksource=tsc"
	fi
	rm -f "$work"/{to,from,out,err,qmp.in,qmp.out} "$out/kernel.log" "$out/serial.txt"
	mkfifo "$work"/{to,from,out,err,qmp.in,qmp.out}
	cat <"$work/out" &
	copy_out=$!
	cat <"$work/err" >&2 &
	copy_err=$!
	exec {to}<>"$work/to"
	# The files are named relative to the directory, as a comma has a meaning here.
	# pdeathsig: however this script ends, qemu goes with it.
	(
		cd "$out" || exit
		exec setpriv --pdeathsig KILL qemu-system-x86_64 \
			-machine q35 -accel "$accel" -cpu "$cpu" -smp "$smp" -m "$memory" "${speed[@]}" \
			-nodefaults -no-user-config -display none -no-reboot \
			-kernel "$image" -initrd "$work/initrd" -append "$append ${BARIO_VM_ARGS:-}" \
			-chardev file,id=console,path=kernel.log -device isa-serial,index=0,irq=4,chardev=console \
			-chardev "file,id=out,path=/dev/fd/8" -device isa-serial,index=1,irq=3,chardev=out \
			-chardev "file,id=err,path=/dev/fd/9" -device isa-serial,index=2,irq=6,chardev=err \
			-chardev stdio,id=control,signal=off -device isa-serial,index=3,irq=7,chardev=control \
			-chardev "pipe,id=qmp,path=${work//,/,,}/qmp" -mon chardev=qmp,mode=control \
			-device pci-testdev,addr=0x03,membar=64K \
			-chardev file,id=line,path=serial.txt -device pci-serial,addr=0x04,chardev=line \
			-device edu,addr=0x05 \
			-device e1000,addr=0x06,romfile= \
			-object memory-backend-file,id=shmem,mem-path=shmem,size=1M,share=on \
			-device ivshmem-plain,addr=0x07,memdev=shmem \
			-device pci-bridge,id=br0,addr=0x08,chassis_nr=1 -device pci-testdev,bus=br0,addr=0x01,membar=64K \
			-device pcie-root-port,id=rp0,addr=0x09,chassis=2 \
			-device pcie-root-port,id=rp1,addr=0x0a,chassis=3 -device e1000e,bus=rp1,addr=0x00,romfile= \
			-chardev null,id=null -device pci-serial,addr=0x0b,chardev=null \
			-device edu,addr=0x0c "${devices[@]}"
	) <"$work/to" >"$work/from" 2>"$work/qemu.log" 8>"$work/out" 9>"$work/err" &
	qemu=$!
	exec {from}<"$work/from"
}

# One command for qemu's monitor; prints its answer.
ask()
{
	local answer='' request=${1//\\/\\\\}

	request=${request//\"/\\\"}
	printf '{"execute": "human-monitor-command", "arguments": {"command-line": "%s"}}\n' \
		"$request" >&"$qmp_to"
	until [[ $answer =~ ^'{"'(return|error)'":' ]]; do
		IFS= read -r -t 300 -u "$qmp_from" answer || return 0
	done
	answer=${answer#*: \"}
	answer=${answer%\"\}*}
	answer=${answer//\\\"/\"}
	printf '%b' "${answer//\\r/}"
}

open_monitor()
{
	local answer=

	[ -z "$qmp_to" ] || return 0
	# Both for reading and writing: then opening does not wait for qemu.
	exec {qmp_to}<>"$work/qmp.in" {qmp_from}<>"$work/qmp.out"
	echo '{"execute": "qmp_capabilities"}' >&"$qmp_to"
	until [[ $answer == *'"return"'* ]]; do
		IFS= read -r -t 300 -u "$qmp_from" answer || return 0
	done
}

monitor()	# for the guest
{
	open_monitor
	ask "$1" >&"$to"
	echo "end of answer" >&"$to"
}

out_of_time()	# seconds
{
	if [ -z "$up" ]; then
		echo "the guest, with $smp processors, has not come up in $1 seconds"
	elif [ -n "$ended" ]; then
		echo "the guest has not come to its end after $1 seconds$ended"
	else
		echo "the command has not ended after $1 seconds; BARIO_VM_TIMEOUT=SECONDS gives it more"
	fi
}

# Until the guest's verdict; what went wrong before that is in $problem.
follow()
{
	local line began=$SECONDS limit

	verdict=
	up=
	qmp_to=
	ended=
	problem=
	while [ -z "$problem" ] && [ -z "$verdict" ]; do
		limit=$((began + (${#up} || timeout < boot ? timeout : boot) - SECONDS))
		if IFS= read -r -t $((limit > 0 ? limit : 0)).1 -u "$from" line; then
			case $line in
			up)
				up=y
				echo $(((began + timeout - SECONDS) * 3 / 4)) >&"$to"
				;;
			"monitor "*) monitor "${line#* }" ;;
			"status "*) ended=" (the command had ended with ${line#* })" ;;
			"verdict "*) verdict=${line#* } ;;
			esac
		elif [ $? -gt 128 ]; then
			problem="120 $(out_of_time $((SECONDS - began)))"
			open_monitor
			ask "info registers -a" >"$out/registers"
		else
			problem="123 the guest switched off or qemu died before the command's end was known$ended"
		fi
	done
}

# With a verdict, what is left for the guest is to switch off.
finish()
{
	local line

	[ -z "$verdict" ] || while IFS= read -r -t 20 -u "$from" line; do :; done
	[ "${problem%% *}" = 123 ] || kill -KILL "$qemu" 2>/dev/null || true
	qemu_status=0
	wait "$qemu" 2>/dev/null || qemu_status=$?
	qemu=
	wait "$copy_out" "$copy_err" || true
	exec {to}>&- {from}<&-
	[ -z "$qmp_to" ] || exec {qmp_to}>&- {qmp_from}<&-
}

# Before the guest's init nothing of ours has run, but emulated processors go wrong
# now and then: qemu before 8.1 may run code that another one has just patched.
failed_to_boot()
{
	[ -z "$up" ] || return 1
	case $problem in
	120*) [ "$timeout" -gt "$boot" ] ;;
	*) [ "$qemu_status" = 0 ] ;;
	esac
}
