/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What goes between us and the child process, both of one build on one host:
 * a header, then the texts and the bytes that it counts. One request, one
 * answer, then the child ends. The child's end of the socket is CHILD_FD.
 */
#ifndef LIB_XEN_CHILD_WIRE_H
#define LIB_XEN_CHILD_WIRE_H

#include <stddef.h>
#include <stdint.h>

#define CHILD_FD 3
#define CHILD_MAGIC 0x6c786c31u		/* "lxl1" */
#define CHILD_TEXT_MAX 4096
#define CHILD_BYTES_MAX (64u << 20)

/* Beside calls: what the watcher has done (libxl/reap.c). */
enum child_order {
	CHILD_ORDER_REAP = 0x10000,	/* text: the domain's UUID */
	CHILD_ORDER_DESTROY_OWNED,	/* autodestroy: owner's domains */
};

struct child_request {
	uint32_t magic;
	uint32_t procedure;	/* XVM_CALL_*, CHILD_ORDER_* */
	uint32_t uri_size;	/* with the NUL: the connection's URI */
	uint32_t owner_size;	/* with the NUL: who asks, see marks.h */
	uint32_t n_bytes;	/* arguments, encoded; or a text with NUL */
};

struct child_answer {
	uint32_t magic;
	int32_t rc;		/* 0: a result follows; -1: a wire error */
	uint32_t n_bytes;
};

/* All n bytes from a socket: 1, 0 at a clean end before the first, or -1. */
int	child_read(int fd, void *data, size_t n);
/* All n bytes to a socket, without SIGPIPE. 0 or -1. */
int	child_write(int fd, const void *data, size_t n);

#endif
