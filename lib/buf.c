/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A growing buffer of bytes. */
#include "buf.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
buf_release(struct buf *b)
{
	free(b->data);
	memset(b, 0, sizeof(*b));
}

void
buf_clear(struct buf *b)
{
	b->len = 0;
	if (b->data != NULL)
		b->data[0] = '\0';
}

char *
buf_reserve(struct buf *b, size_t n)
{
	size_t size = b->size ? b->size : 64;
	char *p;

	if (b->failed || n > SIZE_MAX / 4 - b->len) {
		b->failed = true;
		return NULL;
	}
	while (size < b->len + n + 1)
		size *= 2;
	if (size != b->size) {
		p = realloc(b->data, size);
		if (p == NULL) {
			b->failed = true;
			return NULL;
		}
		b->data = p;
		b->size = size;
	}
	return b->data + b->len;
}

void
buf_add(struct buf *b, const void *data, size_t n)
{
	char *p = buf_reserve(b, n);

	if (p == NULL)
		return;
	if (n > 0)
		memcpy(p, data, n);
	p[n] = '\0';
	b->len += n;
}

void
buf_puts(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void
buf_putc(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

void
buf_fill(struct buf *b, char c, size_t n)
{
	char *p = buf_reserve(b, n);

	if (p == NULL)
		return;
	memset(p, c, n);
	p[n] = '\0';
	b->len += n;
}

void
buf_vprintf(struct buf *b, const char *fmt, va_list ap)
{
	va_list again;
	char *p;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (n < 0 || (p = buf_reserve(b, (size_t)n)) == NULL) {
		b->failed = true;
		return;
	}
	(void)vsnprintf(p, (size_t)n + 1, fmt, ap);
	b->len += (size_t)n;
}

void
buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	buf_vprintf(b, fmt, ap);
	va_end(ap);
}

void
buf_consume(struct buf *b, size_t n)
{
	if (n >= b->len) {
		buf_clear(b);
		return;
	}
	memmove(b->data, b->data + n, b->len - n + 1);
	b->len -= n;
}

const char *
buf_str(const struct buf *b)
{
	return b->data == NULL ? "" : b->data;
}

char *
buf_detach(struct buf *b)
{
	char *s;

	if (b->failed || (b->data == NULL && buf_reserve(b, 0) == NULL)) {
		buf_release(b);
		return NULL;
	}
	b->data[b->len] = '\0';
	s = b->data;
	memset(b, 0, sizeof(*b));
	return s;
}
