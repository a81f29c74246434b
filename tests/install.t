#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What make install and uninstall do to a system, of which an overlay takes the
# changes. As root.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=tests/tap.sh
. tests/tap.sh
# shellcheck source=tests/world.sh
. tests/world.sh
tmp=$(mktemp -d "${TMPDIR:-/tmp}/bario-install.XXXXXX")
trap 'rm -rf "$tmp"' EXIT

[ "$(id -u)" = 0 ] || skip_all "installing takes root"
why=$(worlds "$tmp") || skip_all "no overlay can be mounted here: $why"
need "the tool builds" make -s tools

cat >"$tmp/first.c" <<'END'
#include <bario.h>
int main(void)
{
	struct bario *dev;

	return bario_open("?", 0, &dev) == 0;
}
END
# A machine without kernels of its own, as a container is one.
cat >"$tmp/inside" <<'END'
set -e
rm -rf /lib/modules
find /usr/local -name '*bario*' | grep . && exit 1
step() { echo "$1" >"$tmp/step"; }
tmp=$1
step install
make -s tools_install KERNEL=none
step run
bario --version
for page in "$PWD"/man/*.[0-9]; do
	test -e "/usr/local/share/man/man${page##*.}/$(basename "$page")"
done
cc -o /tmp/first "$tmp/first.c" -lbario
/tmp/first
step uninstall
make -s uninstall KERNEL=none
step left
! ldconfig -p | grep libbario.so.0
! find /usr/local \( -name '*bario*' -o -name 'pciio*' -o -path '*/uapi/*' \) | grep .
step ""
END
reached()	# step
{
	[ -z "$(<"$tmp/step")" ] || {
		cat "$tmp/said"
		[ "$(<"$tmp/step")" != "$1" ] && [ "$(<"$tmp/step")" != begin ]
	}
}
echo begin >"$tmp/step"
world "$tmp" sh "$tmp/inside" "$tmp" >"$tmp/said" 2>&1
ok "the tool, the library, headers and manual are installed" reached install
ok "tool and library can be used at once" reached run
ok "without /lib/modules they are uninstalled" reached uninstall
ok "uninstalling leaves nothing" reached left
ok "all steps were done" test -z "$(<"$tmp/step")"
finish
