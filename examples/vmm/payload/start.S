/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* A payload's first instructions: 32 bits, flat segments, a stack. */
	.section .text.start
	.globl start
start:
	call	payload
	cli
	hlt		/* with payload()'s result in AL */
	jmp	start
	.section .note.GNU-stack, "", @progbits
