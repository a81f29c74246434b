# SPDX-License-Identifier: GPL-2.0
# What people type: see "make help". What the kernel builds is in
# kernel/Kbuild.

# KERNEL, where it was given, reaches the tests through the environment; where it
# was not, each takes a kernel that it finds.
kernel := $(or $(strip $(KERNEL)),$(shell uname -r))
ifneq ($(wildcard $(kernel)/build),)
# A directory with a kernel and its build tree
KBUILD := $(abspath $(kernel)/build)
# Debian gives its kernels another release than their headers say.
RELEASE := $(or $(shell sed -n 's/^override KERNELRELEASE = //p' $(KBUILD)/.kernelvariables 2>/dev/null),\
	$(shell cat $(KBUILD)/include/config/kernel.release))
else
KBUILD := /lib/modules/$(kernel)/build
RELEASE := $(kernel)
endif
VERSION := $(shell sed -n 's/^MODULE_VERSION("\(.*\)");/\1/p' kernel/main.c)
OUT := build/$(RELEASE)
SOURCES := $(wildcard kernel/* core/* include/uapi/*)
QUICK := tests/unit.t tests/abi.t tests/lint.t
TESTS ?= $(QUICK) $(filter-out $(QUICK),\
	$(wildcard tests/*.t tests/vm/*.t tests/guest/*.t))

PREFIX ?= /usr/local
# The kernel's makefiles run in another directory.
override DESTDIR := $(abspath $(DESTDIR))
INCLUDES = $(DESTDIR)$(PREFIX)/include/bario
MANUAL = $(DESTDIR)$(PREFIX)/share/man
MODULES = $(DESTDIR)/lib/modules/$(RELEASE)
DKMS = /usr/src/bario-$(VERSION)

# Without headers of the kernel there is no module, but all the rest.
all: tools ## the default: all that can be built here
ifneq ($(wildcard $(KBUILD)),)
all: module
else
	@echo "bario.ko was not built: no headers for kernel $(kernel)." \
		"Install linux-headers-$(kernel), or name another with KERNEL=RELEASE;" \
		"make tools_install installs all the rest"
endif

lib: ## build the library, build/lib/libbario.a and libbario.so.0
	$(MAKE) -C lib

tools: lib ## build the tool, build/bario
	$(MAKE) -C tools

module: $(OUT)/bario.ko ## build bario.ko for the running kernel, or KERNEL=RELEASE|DIR

# Under a lock, as tests and a person may want it at once.
$(OUT)/bario.ko: $(SOURCES)
	@test -d $(KBUILD) || { echo "No headers for kernel $(kernel) at" \
		"$(KBUILD): install linux-headers-$(kernel), or name another" \
		"with KERNEL=RELEASE" >&2; exit 1; }
	flock kernel $(MAKE) --no-print-directory locked

# Built in a copy, so that kernels don't meet in one directory.
locked:
	mkdir -p $(OUT)/src/include
	cp -ru kernel core $(OUT)/src/
	cp -ru include/uapi $(OUT)/src/include/
	$(MAKE) -C $(KBUILD) M=$(abspath $(OUT))/src/kernel modules
	cp $(OUT)/src/kernel/bario.ko $(OUT)/bario.ko.new
	mv $(OUT)/bario.ko.new $(OUT)/bario.ko

examples: lib ## build the examples of libbario, build/examples/
	$(MAKE) -C examples out=$(abspath build/examples) STATIC=-static \
		LIBRARY=$(abspath build/lib/libbario.a)

# By the environment, so that it may have quotes of any kind, and as it was typed:
# to make itself dollars are variables.
TRY ?= bario list; bario read 00:06.0 STATUS
export TRY_LINE := $(value TRY)
try: ## run TRY, a line for a shell, with the tool in the guest
	@scripts/deps build vm >&2
	@echo "Building the tool and the module, and booting a guest: less than a minute." >&2
	@$(MAKE) -s tools
	@tests/vm/run --put build/bario -- sh -c "$$TRY_LINE"

demo: ## show it: a jailed program drives a real PCI device in a guest
	demo/run

check: ## run all tests, or TESTS="FILE..."; installs what they need
	scripts/deps build vm test lint
	prove --timer $(TESTS)

check-kasan: ## the guest's tests and a long storm on a kernel with sanitizers, built once
	scripts/deps build vm test
	kernel=$$(tests/kasan/build) && KERNEL=$$kernel HOTPLUG_ROUNDS=$${HOTPLUG_ROUNDS:-200} \
		BARIO_VM_TIMEOUT=$${BARIO_VM_TIMEOUT:-1800} \
		prove --timer tests/kasan/sanitizer_selftest.t $(wildcard tests/guest/*.t)

check-kernels: ## the module and the guest's tests on Linux 6.1, 6.12 and Debian's newest
	scripts/deps build vm test
	tests/kernels/check $(KERNELS)

bench: ## measure what an access costs, beside other interfaces
	scripts/deps build vm bench
	bench/run

unit: ## build the unit tests
	$(MAKE) -C tests/unit

lint: ## check the style of everything
	scripts/deps build lint
	prove tests/lint.t

install: modules_install tools_install ## install all (PREFIX, DESTDIR)

tools_install: tools ## install all but the module
	$(MAKE) -C lib install PREFIX=$(PREFIX) DESTDIR=$(DESTDIR)
	$(MAKE) -C tools install PREFIX=$(PREFIX) DESTDIR=$(DESTDIR)
	install -d $(INCLUDES)
	cp -R include/uapi include/compat $(INCLUDES)/
	for page in man/*.[0-9]; do \
		install -d $(MANUAL)/man$${page##*.} && \
		install -m 644 $$page $(MANUAL)/man$${page##*.}/ || exit; \
	done

# Distribution headers have no System.map, and without one the kernel's own
# modules_install leaves depmod out; nor have they a key to sign with.
# What KERNEL is, as uname says it: for tests/vm/run.
release:
	@echo $(RELEASE)

modules_install: module ## install the module alone, for KERNEL
	$(MAKE) -C $(KBUILD) M=$(abspath $(OUT))/src/kernel \
		INSTALL_MOD_PATH=$(DESTDIR) INSTALL_MOD_DIR=updates \
		$(if $(wildcard $(KBUILD)/certs/signing_key.pem),,CONFIG_MODULE_SIG_ALL=) \
		modules_install
	[ -n "$(DESTDIR)" ] || depmod $(RELEASE)

dkms: ## install the module so that dkms builds it for each kernel
	@type dkms >/dev/null || { echo "dkms is not there: apt install dkms" >&2; exit 1; }
	[ -z "$$(dkms status -m bario -v $(VERSION))" ] || \
		dkms remove -m bario -v $(VERSION) --all
	rm -rf $(DKMS)
	mkdir -p $(DKMS)/include
	cp -R kernel core $(DKMS)/
	cp -R include/uapi $(DKMS)/include/
	sed 's/@VERSION@/$(VERSION)/' packaging/dkms.conf >$(DKMS)/dkms.conf
	dkms add -m bario -v $(VERSION)
	dkms build -m bario -v $(VERSION) -k $(RELEASE)
	dkms install -m bario -v $(VERSION) -k $(RELEASE)

uninstall: ## undo install and dkms
	if [ -d $(DKMS) ] && [ -z "$(DESTDIR)" ]; then \
		dkms remove -m bario -v $(VERSION) --all; \
		rm -rf $(DKMS); \
	fi
	rm -f $(MODULES)/updates/bario.ko*
	[ -n "$(DESTDIR)" ] || [ ! -d $(MODULES) ] || depmod $(RELEASE)
	$(MAKE) -C tools uninstall PREFIX=$(PREFIX) DESTDIR=$(DESTDIR)
	$(MAKE) -C lib uninstall PREFIX=$(PREFIX) DESTDIR=$(DESTDIR)
	rm -rf $(INCLUDES)
	rm -f $(patsubst man/%,$(MANUAL)/man?/%,$(wildcard man/*.[0-9]))

clean: ## remove build/
	rm -rf build

help: ## list the targets
	@sed -n 's/^\([a-z_-]*\):.*## \(.*\)/\1	\2/p' $(MAKEFILE_LIST) | \
		expand -t 18
	@echo "KERNEL=RELEASE or DIR is for check, demo, install and dkms, too."

.PHONY: all lib tools module locked release tools_install examples try demo check check-kasan check-kernels bench unit lint install modules_install dkms \
	uninstall clean help
