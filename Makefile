# SPDX-License-Identifier: GPL-2.0
# What people type. What the kernel builds stands in kernel/Kbuild.

KERNEL ?= $(shell uname -r)
ifneq ($(wildcard $(KERNEL)/build),)
# A folder with a kernel and its build tree
KBUILD := $(abspath $(KERNEL)/build)
RELEASE := $(shell cat $(KBUILD)/include/config/kernel.release)
else
KBUILD := /lib/modules/$(KERNEL)/build
RELEASE := $(KERNEL)
endif
OUT := build/$(RELEASE)
SOURCES := $(wildcard kernel/* core/* include/uapi/*)

all: module

# Built in a copy, so that kernels don't meet in one folder.
module: $(OUT)/bario.ko

$(OUT)/bario.ko: $(SOURCES)
	@test -d $(KBUILD) || { echo "No headers for kernel $(KERNEL) at" \
		"$(KBUILD): install linux-headers-$(KERNEL), or name another" \
		"with KERNEL=RELEASE" >&2; exit 1; }
	mkdir -p $(OUT)/src/include
	cp -ru kernel core $(OUT)/src/
	cp -ru include/uapi $(OUT)/src/include/
	$(MAKE) -C $(KBUILD) M=$(abspath $(OUT))/src/kernel modules
	cp $(OUT)/src/kernel/bario.ko $@

clean:
	rm -rf build

.PHONY: all module clean
