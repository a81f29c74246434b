// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * vmm [ARGUMENT]... <PAYLOAD
 *
 * A small virtual machine monitor: boots PAYLOAD under KVM and passes it the one
 * PCI function that /dev/pci shows. It opens /dev/kvm and /dev/pci and nothing
 * else; README.md beside this file explains it. PAYLOAD ends with HLT, and its AL
 * is the exit status; 120: it ended otherwise; 121: the monitor failed.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>
#include "vmm.h"

/* Where in the guest's memory: arguments, one string behind the other; payload. */
#define ARGUMENTS	0x0800
#define PAYLOAD		0x1000

/* The machine's ports, besides those of the passed function. */
#define PORT_CONSOLE	0xe9	/* write 1: a character to standard output */
#define PORT_CLOCK	0xec	/* read 4: microseconds */
#define PORT_CONFIG	0xcf8	/* configuration mechanism #1: the address ... */
#define PORT_CONFIG_DATA 0xcfc	/* ... and a window on those four bytes */
#define CONFIG_ENABLE	0x80000000

/* Where the guest finds the function: bus 0, device 1, function 0. */
#define CONFIG_WHERE	(1 << 11)

#define ENDED_OTHERWISE	120
#define FAILED		121

/* Intel's processors want three pages for themselves; no BAR is mapped over them. */
#define TSS_ADDRESS	0xfffbd000

static int vm, vcpu;
static struct kvm_run *run;
static uint32_t config_address;

bool machine_map(unsigned int number, uint64_t address, uint64_t size, void *memory)
{
	struct kvm_userspace_memory_region region = {
		.slot = number,
		.guest_phys_addr = address,
		.memory_size = size,
		.userspace_addr = (uintptr_t)memory,
	};

	if (ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region) == 0)
		return true;
	log_failure("KVM_SET_USER_MEMORY_REGION", errno, "memory %u, %#llx bytes at %#llx", number,
		    (unsigned long long)size, (unsigned long long)address);
	return false;
}

static uint8_t *make_ram(void)
{
	void *ram = mmap(NULL, RAM_SIZE, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (ram == MAP_FAILED)
		err(FAILED, "no memory for the guest");
	return ram;
}

static void load(uint8_t *ram, char *arguments[])
{
	size_t length, used = 0;
	ssize_t got;

	for (; *arguments; arguments++, used += length) {
		length = strlen(*arguments) + 1;
		/* An empty string behind them is their end. */
		if (used + length >= PAYLOAD - ARGUMENTS)
			errx(FAILED, "the arguments are too long");
		memcpy(ram + ARGUMENTS + used, *arguments, length);
	}
	for (used = PAYLOAD; used < RAM_SIZE; used += got) {
		got = read(STDIN_FILENO, ram + used, RAM_SIZE - used);
		if (got < 0)
			err(FAILED, "standard input, the payload");
		if (got == 0)
			break;
	}
	if (used == PAYLOAD)
		errx(FAILED, "no payload on standard input");
	if (used == RAM_SIZE)
		errx(FAILED, "the payload is too large: the guest has %#llx bytes", RAM_SIZE);
}

/* 32 bits, flat segments, no paging: what a boot loader would hand over. */
static void set_registers(void)
{
	struct kvm_regs regs = { .rip = PAYLOAD, .rsp = RAM_SIZE, .rflags = 2 };
	struct kvm_segment flat = { .limit = ~0U, .present = 1, .db = 1, .s = 1, .g = 1 };
	struct kvm_sregs sregs;

	if (ioctl(vcpu, KVM_GET_SREGS, &sregs))
		err(FAILED, "KVM_GET_SREGS");
	flat.type = 3;	/* data, written, accessed */
	flat.selector = 0x10;
	sregs.ds = sregs.es = sregs.fs = sregs.gs = sregs.ss = flat;
	flat.type = 11;	/* code, read, accessed */
	flat.selector = 0x08;
	sregs.cs = flat;
	sregs.cr0 |= 1;	/* protected mode */
	if (ioctl(vcpu, KVM_SET_SREGS, &sregs) || ioctl(vcpu, KVM_SET_REGS, &regs))
		err(FAILED, "KVM_SET_SREGS, KVM_SET_REGS");
}

static void make_machine(char *arguments[])
{
	int kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC), size;
	uint8_t *ram = make_ram();

	if (kvm < 0)
		err(FAILED, "/dev/kvm can't be opened: is the module loaded, the node yours?");
	if (ioctl(kvm, KVM_GET_API_VERSION, 0) != KVM_API_VERSION)
		errx(FAILED, "/dev/kvm: not the API that this program was built for");
	vm = ioctl(kvm, KVM_CREATE_VM, 0);
	if (vm < 0)
		err(FAILED, "KVM_CREATE_VM");
	if (ioctl(vm, KVM_SET_TSS_ADDR, TSS_ADDRESS))
		err(FAILED, "KVM_SET_TSS_ADDR");
	vcpu = ioctl(vm, KVM_CREATE_VCPU, 0);
	if (vcpu < 0)
		err(FAILED, "KVM_CREATE_VCPU");
	size = ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
	if (size < 0)
		err(FAILED, "KVM_GET_VCPU_MMAP_SIZE");
	run = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, vcpu, 0);
	if (run == MAP_FAILED)
		err(FAILED, "the processor's shared page");
	load(ram, arguments);
	if (!machine_map(0, 0, RAM_SIZE, ram))
		errx(FAILED, "no memory for the guest");
	set_registers();
}

static uint32_t microseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000ULL + now.tv_nsec / 1000;
}

/* What a guest prints must not reach a terminal as anything but text. */
static void console(uint8_t byte)
{
	putchar(byte == '\n' || (byte >= ' ' && byte < 0x7f) ? byte : '.');
	if (byte == '\n')
		fflush(stdout);
}

/* The window of mechanism #1: bytes of the register that the address names. */
static uint32_t config(bool write, unsigned int byte, unsigned int width, uint32_t value)
{
	unsigned int offset = (config_address & 0xfc) + byte;

	if (!(config_address & CONFIG_ENABLE) || byte % width ||
	    (config_address & ~(CONFIG_ENABLE | 0xff)) != CONFIG_WHERE)
		return all_ones(width);
	if (!write)
		return device_config_read(offset, width);
	device_config_write(offset, width, value);
	return value;
}

/* One access to a port. A port that nobody has reads all ones. */
static uint32_t port_access(bool write, uint16_t port, unsigned int width, uint32_t value)
{
	uint64_t data = value;

	if (port == PORT_CONFIG && width == 4) {
		if (write)
			config_address = value & ~3U;
		return config_address;
	}
	if (port >= PORT_CONFIG_DATA && port + width <= PORT_CONFIG_DATA + 4)
		return config(write, port - PORT_CONFIG_DATA, width, value);
	if (port == PORT_CONSOLE && width == 1 && write) {
		console(value);
		return value;
	}
	if (port == PORT_CLOCK && width == 4 && !write)
		return microseconds();
	if (device_access(true, write, port, width, &data))
		return data;
	return all_ones(width);
}

/* A string instruction comes as one exit, and is as many accesses. */
static void port_exit(void)
{
	uint8_t *data = (uint8_t *)run + run->io.data_offset;
	bool write = run->io.direction == KVM_EXIT_IO_OUT;
	uint32_t value;

	for (unsigned int i = 0; i < run->io.count; i++, data += run->io.size) {
		value = 0;
		if (write)
			memcpy(&value, data, run->io.size);
		value = port_access(write, run->io.port, run->io.size, value);
		if (!write)
			memcpy(data, &value, run->io.size);
	}
}

static void memory_exit(void)
{
	uint64_t value = 0;

	if (run->mmio.is_write)
		memcpy(&value, run->mmio.data, run->mmio.len);
	if (!device_access(false, run->mmio.is_write, run->mmio.phys_addr, run->mmio.len, &value))
		value = all_ones(run->mmio.len);
	if (!run->mmio.is_write)
		memcpy(run->mmio.data, &value, run->mmio.len);
}

static int halted(void)
{
	struct kvm_regs regs;

	if (ioctl(vcpu, KVM_GET_REGS, &regs))
		err(FAILED, "KVM_GET_REGS");
	return regs.rax & 0xff;
}

/* Until the guest ends; returns the exit status. */
static int run_guest(void)
{
	for (;;) {
		if (ioctl(vcpu, KVM_RUN, 0)) {
			if (errno == EINTR || (errno == EFAULT && device_unmapped()))
				continue;
			warn("KVM_RUN");
			return FAILED;
		}
		switch (run->exit_reason) {
		case KVM_EXIT_IO:
			port_exit();
			break;
		case KVM_EXIT_MMIO:
			memory_exit();
			break;
		case KVM_EXIT_HLT:
			return halted();
		case KVM_EXIT_SHUTDOWN:
			warnx("the guest has ended by a triple fault");
			return ENDED_OTHERWISE;
		case KVM_EXIT_INTERNAL_ERROR:
			warnx("the guest did what KVM can't emulate (suberror %u)",
			      run->internal.suberror);
			return ENDED_OTHERWISE;
		default:
			warnx("the guest ended with exit %u", run->exit_reason);
			return ENDED_OTHERWISE;
		}
	}
}

int main(int argc, char *argv[])
{
	int status;

	if (argc < 1 || isatty(STDIN_FILENO))
		errx(FAILED, "usage: vmm [ARGUMENT]... <PAYLOAD");
	make_machine(argv + 1);
	device_open();
	status = run_guest();
	log_end();
	if (fflush(stdout))
		err(FAILED, "standard output");
	return status;
}
