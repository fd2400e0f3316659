/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A growing buffer of bytes, always with a NUL behind the last one. A failed
 * allocation sticks: later writes do nothing, buf_detach answers NULL.
 */
#ifndef LIB_BUF_H
#define LIB_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct buf {
	char *data;		/* NULL while nothing was written */
	size_t len;
	size_t size;
	bool failed;		/* out of memory */
};

#define BUF_INIT { 0 }

void	buf_release(struct buf *b);
void	buf_clear(struct buf *b);	/* keeps the memory */
/* Make room for n more bytes; NULL when out of memory. */
char	*buf_reserve(struct buf *b, size_t n);
void	buf_add(struct buf *b, const void *data, size_t n);
void	buf_puts(struct buf *b, const char *s);
void	buf_putc(struct buf *b, char c);
void	buf_fill(struct buf *b, char c, size_t n);	/* n times c */
void	buf_printf(struct buf *b, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));
void	buf_vprintf(struct buf *b, const char *fmt, va_list ap)
	    __attribute__((format(printf, 2, 0)));
/* Drop n bytes at the front. */
void	buf_consume(struct buf *b, size_t n);
/* The text so far, never NULL ("" when empty); borrowed. */
const char	*buf_str(const struct buf *b);
/* Give the text away; NULL when out of memory. b is empty then. */
char	*buf_detach(struct buf *b);

#endif
