#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# bario's answers against those of a FreeBSD kernel, which were recorded: freebsd.txt.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

# Each reason for a difference has its row in the table for people, and each row there
# still has a difference.
# shellcheck disable=SC2016 # no commands
reasons()
{
	# shellcheck disable=SC2016
	diff <(sed -n 's/^| `\([0-9a-z-]*\)` |.*/\1/p' "$top/docs/freebsd.md" | sort) \
		<(awk -F '|' '!/^#/ && NF > 2 { sub(/:.*/, "", $3); gsub(/[ \t]/, "", $3); print $3 }' \
			"$here/freebsd.txt" | sort -u)
}

# Left alone by the driver of em0, as on the machine of the recording.
cat >"$built/drivers" <<'END'
#!/bin/sh
echo none >/sys/bus/pci/devices/0000:00:10.0/driver_override
modprobe e1000 && modprobe e1000e || exit
exec 64-freebsd q35
END
chmod +x "$built/drivers"

ok "each difference has its reason in docs/freebsd.md, and no other is there" reasons
guest drivers -- --put "$built/64/freebsd:/bin/64-freebsd" --put "$here/freebsd.txt:/freebsd.txt" \
	--device e1000,addr=0x10,romfile= --device nvme,addr=0x11,serial=x --device pci-testdev,addr=0x12,membar=16M
# Firmware may place the BAR of 2 TB, and then all others, past what the processor can
# address: then the kernel has to be free to place them.
export BARIO_VM_ARGS=pci=nocrs
guest "64/freebsd unplaced" -- --put "$here/freebsd.txt:/freebsd.txt" \
	--device nvme,addr=0x11,serial=x,cmb_size_mb=8192,legacy-cmb=on --device pci-testdev,addr=0x12,membar=2T
finish
