# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034
# Part of tests/vm/run: the file system that the guest boots from.

pack()	# directory
{
	(cd "$1" && find . -mindepth 1 | LC_ALL=C sort | cpio --quiet -o -H newc -R 0:0)
}

# Drivers that tests load, side by side in /lib/modules, with a modules.dep; bario.ko
# will be there, too.
add_modules()	# root
{
	local name line file dep names found=" "

	names="e1000|e1000e|pci-stub|pci-pf-stub|vfio-pci|vfio_iommu_type1|kvm-amd|kvm-intel"
	mkdir -p "$1/lib/modules/$release"
	echo "../bario.ko:" >"$1/lib/modules/$release/modules.dep"
	[ -e "$modules/modules.dep" ] || return 0
	while IFS= read -r line; do
		file=${line%%:*}
		printf '../%s:' "$(basename "${file%.ko*}").ko"
		for dep in ${line#*:}; do
			printf ' ../%s' "$(basename "${dep%.ko*}").ko"
		done
		echo
		for file in ${line//:/ }; do
			name=$(basename "${file%.ko*}").ko
			[[ $found != *" $name "* ]] || continue
			found+="$name "
			case $file in
			*.xz) xz -dc "$modules/$file" ;;
			*.zst) zstd -dcq "$modules/$file" ;;
			*.gz) gzip -dc "$modules/$file" ;;
			*) cat "$modules/$file" ;;
			esac >"$1/lib/modules/$name"
		done
	done < <(grep -E "/($names)\.ko[^/]*:" "$modules/modules.dep") >>"$1/lib/modules/$release/modules.dep"
}

# The part that is the same for each run with one kernel and its directory of drivers.
base_archive()
{
	local root=$work/base applet newer file

	base=$cache/$release-$(printf %s "$modules" | cksum | cut -d ' ' -f 1).cpio
	newer=y
	for file in "$here/image.sh" "$here/init" "$here/monitor" /bin/busybox "$modules/modules.dep"; do
		[ ! "$file" -nt "$base" ] || newer=
	done
	[ -z "$newer" ] || [ ! -e "$base" ] || return 0
	mkdir -p "$root"/{bin,sbin,usr/bin,etc,proc,sys,dev,tmp,run,lib,root}
	cp /bin/busybox "$root/bin/busybox"
	for applet in $(/bin/busybox --list); do
		[ "$applet" = busybox ] || ln -s busybox "$root/bin/$applet"
	done
	ln -s ../bin/busybox "$root/sbin/modprobe"
	ln -s ../../bin/busybox "$root/usr/bin/env"
	cp "$here/init" "$root/init"
	cp "$here/monitor" "$root/bin/monitor"
	printf '%s\n' root:x:0:0:root:/:/bin/sh nobody:x:65534:65534:nobody:/:/bin/sh >"$root/etc/passwd"
	printf '%s\n' root:x:0: nogroup:x:65534: >"$root/etc/group"
	add_modules "$root"
	pack "$root" >"$base.new"
	mv "$base.new" "$base"
}

# What the dynamic programs there want of this machine, in the same places: their
# interpreter, which ldd names, too, and libraries, and the list of where these are.
put_libraries()	# root, file or directory
{
	local program library libraries

	while IFS= read -r -d '' program; do
		[[ $(readelf -lW "$program" 2>/dev/null) == *INTERP* ]] || continue
		if ! libraries=$(ldd "$program" 2>&1) || [[ $libraries == *"not found"* ]]; then
			die 124 "$program can't run in the guest: $(grep -m 1 not <<<"$libraries" | tr -d '\t')"
		fi
		while IFS= read -r library; do
			mkdir -p "$1${library%/*}"
			cp -L "$library" "$1$library"
		done < <(grep -o '/[^ ]*' <<<"$libraries")
		mkdir -p "$1/etc"
		[ ! -e /etc/ld.so.cache ] || cp /etc/ld.so.cache "$1/etc/"
	done < <(find -H "$2" -type f -perm /111 -print0)
}

put()	# root, HOST[:GUEST]
{
	local host=$2 guest=

	if [[ $2 == *:/* ]]; then
		host=${2%%:/*}
		guest=/${2#*:/}
	fi
	if [ -z "$guest" ]; then
		guest=/$(basename "$host")
		if [ -f "$host" ] && [ -x "$host" ]; then
			guest=/bin$guest
		fi
	fi
	mkdir -p "$(dirname "$1$guest")"
	if [ -d "$host" ]; then
		mkdir -p "$1$guest"
		host+=/.
	fi
	cp -RH --preserve=mode,timestamps,links "$host" "$1$guest"
	put_libraries "$1" "$host"
}

# The part of this run alone; a later archive is unpacked over an earlier one.
own_archive()
{
	local root=$work/own one

	mkdir -p "$root/etc" "$root/lib/modules"
	[ "$module" = none ] || cp "$module" "$root/lib/modules/bario.ko"
	{
		printf exec
		for one in "${command[@]}"; do
			printf " '%s'" "${one//\'/\'\\\'\'}"
		done
		echo
	} >"$root/etc/vm.cmd"
	for one in "${puts[@]}"; do
		put "$root" "$one"
	done
	pack "$root" >"$work/own.cpio"
	cat "$base" "$work/own.cpio" >"$work/initrd"
	rm -rf "$work/own" "$work/own.cpio" "$work/base"
}
