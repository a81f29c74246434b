#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Debian's packages: built from what git has, checked, installed, used, and removed
# again, on this machine's system, of which an overlay takes all changes. As root.
set -uo pipefail

cd "$(dirname "$0")/.." || exit 1
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
n=0
failed=0

ok()	# name, command...; what it prints is shown if it fails
{
	local name=$1

	shift
	n=$((n + 1))
	if "$@" >"$tmp/out" 2>&1; then
		echo "ok $n - $name"
	else
		echo "not ok $n - $name"
		tail -n 40 "$tmp/out" | sed 's/^/# /'
		failed=$((failed + 1))
	fi
}

build()
{
	mkdir "$tmp/source" &&
		git ls-files -z | xargs -0 cp --parents -t "$tmp/source" &&
		cd "$tmp/source" && dpkg-buildpackage -us -uc -b
}

checked()
{
	# The contact is made up, as long as there is no home for one.
	lintian --allow-root --fail-on error,warning \
		--suppress-tags bogus-mail-host,initial-upload-closes-no-bugs \
		"$tmp"/*.changes
}

# The system as it is, but that what is written goes to memory.
world()	# file with commands
{
	# shellcheck disable=SC2016
	cp "$1" "$tmp/commands" && unshare -m --propagation private bash -c '
		set -e
		mkdir -p "$1/world"
		mount -t tmpfs world "$1/world"
		cd "$1/world"
		mkdir upper work root
		mount -t overlay world -o lowerdir=/,upperdir=upper,workdir=work root
		for i in proc sys dev; do mount --rbind /$i root/$i; done
		mkdir root/packages
		cp "$1"/*.deb "$1/commands" root/packages
		rm -f root/packages/*dbgsym*
		exec chroot root bash /packages/commands' - "$tmp"
}

[ "$(id -u)" = 0 ] || {
	echo "1..0 # SKIP mounting an overlay takes root"
	exit 0
}
scripts/deps build package >/dev/null || {
	echo "Bail out! what building packages takes is not there"
	exit 1
}
ok "the packages are built" build
ok "lintian has nothing against them" checked

# In a container that may not mount, the packages are built and checked only.
mkdir "$tmp/mounts"
# shellcheck disable=SC2016
unshare -m --propagation private sh -c 'cd "$1" && mount -t tmpfs t . &&
	mkdir u w m && mount -t overlay o -o lowerdir=/,upperdir=u,workdir=w m' - "$tmp/mounts" 2>"$tmp/out" || {
	for step in 3 4 5 6 7 8; do
		echo "ok $step # SKIP no overlay can be mounted here: $(head -n 1 "$tmp/out")"
	done
	echo 1..8
	exit $((failed > 0))
}

# Each function is a test; the first line of each says of what.
cat >"$tmp/commands.sh" <<'END'
installed()
{
	: they are installed, and the module is built for each kernel
	echo 'exit 101' >/usr/sbin/policy-rc.d
	chmod +x /usr/sbin/policy-rc.d
	apt-get install -y -qq --no-install-recommends /packages/*.deb
	for kernel in /lib/modules/*-amd64; do
		test ! -e "$kernel/build" || ls "$kernel"/updates/dkms/bario.ko*
	done
}

tool()
{
	: the tool runs, and has its manual
	bario --version | grep -w "$(dpkg-query -W -f '${Version}' bario)"
	bario list >/dev/null
	dpkg-query -W -f '${Depends}' bario | grep -w libpci3
	man -w 8 bario
	man -w 4 bario
}

library()
{
	: a program is built with the library
	printf '%s\n' '#include <bario.h>' '#include <stddef.h>' \
		'int main(void) { return bario_open("?", 0, NULL) == 0; }' >/tmp/first.c
	# shellcheck disable=SC2046
	cc -o /tmp/first /tmp/first.c $(pkg-config --cflags --libs bario)
	ldd /tmp/first | grep libbario.so.0
	/tmp/first
	# Containers may be set up to leave documentation out when they install.
	dpkg-deb -x /packages/libbario-dev_*.deb /tmp/dev
	make -C /tmp/dev/usr/share/doc/libbario-dev/examples identify factorial serial supervisor
	man -w 3 libbario
}

freebsd()
{
	: a program is built as for FreeBSD
	printf '%s\n' '#include <sys/pciio.h>' \
		'int main(void) { return PCIOCBARIO == 0; }' >/tmp/second.c
	cc -I/usr/include/bario/compat -o /tmp/second /tmp/second.c
	/tmp/second
}

group()
{
	: the group bario gets the nodes, and nothing loads the module at boot
	getent group bario
	grep 'GROUP="bario"' /lib/udev/rules.d/*bario*.rules
	grep -x '#bario' /etc/modules-load.d/bario.conf
	! grep -x 'bario' /etc/modules-load.d/bario.conf
}

removed()
{
	: removed, they leave nothing
	apt-get purge -y -qq bario libbario0 libbario-dev bario-dkms
	! find /usr /lib /etc /var/lib/dkms -xdev -name '*bario*' \
		! -name '*.list' ! -path '/usr/src/linux*' -newer /packages | grep .
}

for step in installed tool library freebsd group removed; do
	what=$(type "$step" | sed -n 's/^ *: \(.*\);$/\1/p')
	(set -eu; "$step") >/tmp/said 2>&1 </dev/null
	status=$?
	[ $status = 0 ] && echo "ok - $what" && continue
	echo "not ok - $what"
	tail -n 40 /tmp/said | sed 's/^/# /'
done
END
world "$tmp/commands.sh" >"$tmp/world.out" 2>"$tmp/world.err" || sed 's/^/# /' "$tmp/world.err"
while IFS= read -r line; do
	case $line in
	ok*) n=$((n + 1)) && echo "ok $n ${line#ok }" ;;
	not*) n=$((n + 1)) failed=$((failed + 1)) && echo "not ok $n ${line#not ok }" ;;
	*) echo "$line" ;;
	esac
done <"$tmp/world.out"
echo 1..8
[ $failed = 0 ] && [ $n = 8 ]
