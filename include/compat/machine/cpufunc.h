/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR BSD-2-Clause */
/*
 * <machine/cpufunc.h>: the CPU's port instructions, in FreeBSD's order: the
 * port comes first (in Linux's <sys/io.h> the value does, so no file can
 * include both). They need iopl(2); PCIOCBARIO needs no such thing.
 */
#ifndef _COMPAT_MACHINE_CPUFUNC_H
#define _COMPAT_MACHINE_CPUFUNC_H

#if defined(__i386__) || defined(__x86_64__)

static __inline__ unsigned char inb(unsigned int port)
{
	unsigned char value;

	__asm__ __volatile__("inb %w1, %b0" : "=a" (value) : "Nd" (port));
	return value;
}

static __inline__ unsigned short inw(unsigned int port)
{
	unsigned short value;

	__asm__ __volatile__("inw %w1, %w0" : "=a" (value) : "Nd" (port));
	return value;
}

static __inline__ unsigned int inl(unsigned int port)
{
	unsigned int value;

	__asm__ __volatile__("inl %w1, %0" : "=a" (value) : "Nd" (port));
	return value;
}

static __inline__ void outb(unsigned int port, unsigned char value)
{
	__asm__ __volatile__("outb %b0, %w1" : : "a" (value), "Nd" (port));
}

static __inline__ void outw(unsigned int port, unsigned short value)
{
	__asm__ __volatile__("outw %w0, %w1" : : "a" (value), "Nd" (port));
}

static __inline__ void outl(unsigned int port, unsigned int value)
{
	__asm__ __volatile__("outl %0, %w1" : : "a" (value), "Nd" (port));
}

#endif

#endif /* _COMPAT_MACHINE_CPUFUNC_H */
