#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Debian's packages: built from what git has, checked, installed, used, and removed
# again, on this machine's system, of which an overlay takes all changes. As root.
set -uo pipefail

cd "$(dirname "$0")/.." || exit 1
# shellcheck source=tests/tap.sh
. tests/tap.sh
# shellcheck source=tests/world.sh
. tests/world.sh
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

build()
{
	mkdir "$tmp/source" &&
		scripts/files | tr '\n' '\0' | xargs -0 cp --parents -t "$tmp/source" &&
		(cd "$tmp/source" && dpkg-buildpackage -us -uc -b)
}

checked()
{
	# The contact is made up, as long as there is no home for one.
	lintian --allow-root --fail-on error,warning \
		--suppress-tags bogus-mail-host,initial-upload-closes-no-bugs \
		"$tmp"/*.changes
}

[ "$(id -u)" = 0 ] || skip_all "mounting an overlay takes root"
need "what building packages takes is there" scripts/deps build package
ok "the packages are built" build
ok "lintian has nothing against them" checked

why=$(worlds "$tmp") || {
	skip "what installing them does" "no overlay can be mounted here: $why"
	finish
}

# Each function is a test; the first line of each says of what.
cat >"$tmp/commands.sh" <<'END'
succeeded()
{
	cat /tmp/end
	[ "$status" = 0 ]
}

installed()
{
	: they are installed, and the module is built for each kernel
	echo 'exit 101' >/usr/sbin/policy-rc.d
	chmod +x /usr/sbin/policy-rc.d
	apt-get install -y -qq --no-install-recommends "$packages"/*.deb
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
	man -w 4 barioc
	man -w 4 pciio
}

library()
{
	: a program is built with the library
	printf '%s\n' '#include <bario.h>' '#include <stddef.h>' \
		'int main(void) { struct bario *dev; return bario_open("?", 0, &dev) == 0; }' >/tmp/first.c
	# shellcheck disable=SC2046
	cc -o /tmp/first /tmp/first.c $(pkg-config --cflags --libs bario)
	ldd /tmp/first | grep libbario.so.0
	/tmp/first
	# Containers may be set up to leave documentation out when they install.
	dpkg-deb -x "$packages"/libbario-dev_*.deb /tmp/dev
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
		! -name '*.list' ! -path '/usr/src/linux*' -newer "$packages/begun" | grep .
}

. tests/tap.sh
packages=$1
tests=$2
failed=$3
touch "$packages/begun"
for step in installed tool library freebsd group removed; do
	(set -eu; "$step") >/tmp/said 2>&1 </dev/null
	status=$?
	tail -n 40 /tmp/said >/tmp/end
	ok "$(type "$step" | sed -n 's/^ *: \(.*\);$/\1/p')" succeeded
done
echo "$tests $failed" >&3
END
before=$tests
rm -f "$tmp"/*dbgsym*
world "$tmp" bash "$tmp/commands.sh" "$tmp" "$tests" "$failed" 3>"$tmp/counts"
read -r tests failed <"$tmp/counts"
ok "all six were tried" test $((tests - before)) = 6
finish
