# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# For tests that install: this machine's system, of which an overlay takes all changes.

# An overlay must not have its lower layer change, so what dpkg and apt know is copied,
# while neither of them runs.
copy_lists()	# directory
{
	perl -MFcntl=:DEFAULT,:seek -e '
		open(my $lock, "+>>", "/var/lib/dpkg/lock-frontend") or die $!;
		my $how = pack("ssx4qqix4", F_WRLCK, SEEK_SET, 0, 0, 0);
		fcntl($lock, F_SETLKW, $how) or die $!;
		exit(system(@ARGV) >> 8)' \
		sh -c 'tar -C / -cf - var/lib/dpkg var/lib/apt | tar -C "$0" -xf -' "$1"
}
export -f copy_lists

# world DIR COMMAND...: the command, in a world of which DIR and the current
# directory are no part: they stay as they are
world()
{
	# shellcheck disable=SC2016
	unshare -m --propagation private bash -c '
		set -e
		here=$PWD directory=$1
		shift
		mkdir -p "$directory/world"
		mount -t tmpfs world "$directory/world"
		cd "$directory/world"
		mkdir upper work root
		copy_lists upper
		mount -t overlay world -o lowerdir=/,upperdir=upper,workdir=work root
		for i in /proc /sys /dev "$here" "$directory"; do
			mkdir -p "root$i"
			mount --rbind "$i" "root$i"
		done
		exec chroot root sh -c "cd \"\$0\" && exec \"\$@\"" "$here" "$@"' - "$@"
}

# Some containers may not mount.
worlds()	# directory
{
	local why

	# shellcheck disable=SC2016
	why=$(unshare -m --propagation private sh -c 'cd "$1" && mount -t tmpfs t . && mkdir u w m &&
		mount -t overlay o -o lowerdir=/,upperdir=u,workdir=w m' - "$1" 2>&1) ||
		{ head -n 1 <<<"$why"; return 1; }
}
