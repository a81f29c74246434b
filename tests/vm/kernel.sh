# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Which kernel a guest boots, and what modules for it are built with.

# The newest kernel in /boot that has its headers in /lib/modules
newest_kernel()
{
	local dir release

	for dir in /lib/modules/*/build; do
		release=$(basename "$(dirname "$dir")")
		if [ -e "/boot/vmlinuz-$release" ] && [ -e "$dir/Makefile" ]; then
			echo "$release"
		fi
	done | sort -V | tail -n 1
}

# The build tree of a release, or of a directory with a kernel
kernel_headers()	# kernel
{
	if [ -d "$1/build" ]; then
		(cd "$1/build" && pwd)
	else
		echo "/lib/modules/$1/build"
	fi
}

# build_modules DIRECTORY KERNEL: DIRECTORY is a copy that may be written
build_modules()
{
	make -s -C "$(kernel_headers "$2")" M="$1" modules
}
