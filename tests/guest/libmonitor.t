#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# libbario's monitor on a kernel: functions that arrive and go.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

build()
{
	make -s -C "$top/lib" out="$built/lib-libmonitor" "$built/lib-libmonitor/libbario.a" >&2 &&
		"${CC:-cc}" -std=gnu11 -O2 -g -Wall -Wextra -Werror -static -o "$built/libmonitor" \
			-I"$top/include/uapi" "$here/libmonitor.c" \
			"$built"/64/{tap,guest,request,derive,record,hold,hot}.o \
			"$built/lib-libmonitor/libbario.a" -lpthread
}

need "libmonitor builds with the library" build
guest libmonitor
finish
