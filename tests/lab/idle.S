/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A paravirtual kernel that does nothing: it blocks for ever. A guest of it
 * takes 8 MiB and no processor time, so that hundreds fit. With a command line
 * that begins with "p", "r" or "c" it ends at once instead: powered off, for a
 * reboot, crashed.
 */

/* The hypercall that gives the processor away, and its operations. */
#define HYPERVISOR_SCHED_OP	29
#define SCHEDOP_BLOCK		1
#define SCHEDOP_SHUTDOWN	2
#define SHUTDOWN_POWEROFF	0
#define SHUTDOWN_REBOOT		1
#define SHUTDOWN_CRASH		3

/* In the page that rsi points to (struct start_info). */
#define START_INFO_CMD_LINE	128

/* What the builder is told; the numbers are Xen's. */
#define NOTE_ENTRY		1
#define NOTE_HYPERCALL_PAGE	2
#define NOTE_VIRT_BASE		3
#define NOTE_XEN_VERSION	5
#define NOTE_GUEST_OS		6
#define NOTE_GUEST_VERSION	7
#define NOTE_LOADER		8
#define NOTE_PAE_MODE		9

	.macro	note type, directive, value:vararg
	.balign	4
	.long	4, 2f - 1f, \type
	.asciz	"Xen"
1:	\directive \value
2:	.balign	4
	.endm

	.section .note.Xen, "a", @note
	note	NOTE_GUEST_OS, .asciz, "idle"
	note	NOTE_GUEST_VERSION, .asciz, "1"
	note	NOTE_XEN_VERSION, .asciz, "xen-3.0"
	note	NOTE_LOADER, .asciz, "generic"
	note	NOTE_PAE_MODE, .asciz, "yes"
	note	NOTE_VIRT_BASE, .quad, 0
	note	NOTE_ENTRY, .quad, start
	note	NOTE_HYPERCALL_PAGE, .quad, hypercalls

	.text
	.globl	start
start:
	movb	START_INFO_CMD_LINE(%rsi), %al
	movl	$SHUTDOWN_POWEROFF, reason(%rip)
	cmpb	$'p', %al
	je	end
	movl	$SHUTDOWN_REBOOT, reason(%rip)
	cmpb	$'r', %al
	je	end
	movl	$SHUTDOWN_CRASH, reason(%rip)
	cmpb	$'c', %al
	je	end
idle:
	movl	$SCHEDOP_BLOCK, %edi
	xorl	%esi, %esi
	call	hypercalls + HYPERVISOR_SCHED_OP * 32
	jmp	idle
end:
	movl	$SCHEDOP_SHUTDOWN, %edi
	leaq	reason(%rip), %rsi
	call	hypercalls + HYPERVISOR_SCHED_OP * 32
	jmp	idle
	.balign	4
reason:
	.long	0

	/* Xen writes its entries here. */
	.balign	4096
hypercalls:
	.skip	4096

	.bss
	.balign	4096
	.skip	4096
