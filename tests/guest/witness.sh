# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
# What the host sees of the programs bario and map: every cycle that reached a
# device, the 16550's line, ivshmem's memory.

prepare_shmem()
{
	truncate -s 1M "$out/shmem"
	printf 'what the host has written' |
		dd of="$out/shmem" bs=4096 seek=1 conv=notrunc status=none
}

# The bytes that writes of 1, 2, 4 and 8 bytes leave, at 16 bytes each.
shared_bytes()
{
	diff <(od -An -v -tx1 -j $((0x3000)) -N 64 "$out/shmem" | tr -s ' ') - <<-'END'
		 11 aa aa aa aa aa aa aa 99 aa aa aa aa aa aa aa
		 11 22 aa aa aa aa aa aa 99 aa aa aa aa aa aa aa
		 11 22 33 44 aa aa aa aa 99 aa bb cc aa aa aa aa
		 11 22 33 44 00 00 00 00 99 aa bb cc 00 00 00 00
	END
}

# What qemu has traced, one cycle a line, with no more of a value than was asked
# for: some devices answer a narrow read with all of the register.
traced_cycles()
{
	awk '
		/^memory_region_ops_/ && /(e1000-io|edu-mmio|ahci).$/ {
			for (i = 1; i < NF; i++)
				field[$i] = $(i + 1)
			value = substr(field["value"], 3)
			digits = 2 * field["size"]
			if (length(value) > digits)
				value = substr(value, length(value) - digits + 1)
			sub(/^0+/, "", value)
			gsub(/\047/, "", $NF)
			sub(/memory_region_ops_/, "", $1)
			print $1, field["addr"], "0x" (value ? value : "0"), field["size"], $NF
		}
		/^Invalid .* region .(e1000-io|edu-mmio|ahci).,.*unaligned/ {
			sub(/^Invalid /, "")
			sub(/, reason.*/, "")
			print
		}' "$out/trace"
}

# Against what the program says it has done.
same_cycles()
{
	grep -q '^# cycle' "$out/tap" &&
		diff <(sed -n 's/^# cycle //p' "$out/tap") <(traced_cycles)
}

host_witnesses()
{
	ok "host: each access was one cycle of its width, and there was no other" \
		same_cycles
	ok "host: the text came out of the 16550's line" \
		cmp "$out/serial.txt" <(echo 'sixteen fifty and five hundred')
	ok "host: ivshmem's memory holds what was written, and no more" \
		shared_bytes
}
