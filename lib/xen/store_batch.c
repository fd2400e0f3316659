/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is to be asked of xenstore, and what it answered. */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "store.h"

void
store_batch_release(struct store_batch *b)
{
	free(b->v);
	buf_release(&b->paths);
	buf_release(&b->values);
	memset(b, 0, sizeof(*b));
}

unsigned int
store_add(struct store_batch *b, enum store_op op, const char *fmt, ...)
{
	struct store_question *q;
	va_list ap;

	if (b->n == b->size) {
		unsigned int size = b->size != 0 ? 2 * b->size : 64;

		q = b->n < STORE_QUESTIONS_MAX ?
		    reallocarray(b->v, size, sizeof(*q)) : NULL;
		if (q == NULL) {
			b->failed = true;
			return 0;
		}
		b->v = q;
		b->size = size;
	}
	q = &b->v[b->n];
	memset(q, 0, sizeof(*q));
	q->op = op;
	q->path = b->paths.len;
	q->errnum = ENOENT;
	va_start(ap, fmt);
	buf_vprintf(&b->paths, fmt, ap);
	va_end(ap);
	buf_putc(&b->paths, '\0');
	b->failed |= b->paths.failed;
	return b->n++;
}

const char *
store_value(const struct store_batch *b, unsigned int i, size_t *len_out)
{
	if (i >= b->n || b->v[i].errnum != 0)
		return NULL;
	if (len_out != NULL)
		*len_out = b->v[i].len;
	return b->values.data + b->v[i].value;
}

const char *
store_next_name(const struct store_batch *b, unsigned int i,
    const char *name)
{
	size_t len;
	const char *all = store_value(b, i, &len);

	if (all == NULL)
		return NULL;
	name = name == NULL ? all : name + strlen(name) + 1;
	return name < all + len && *name != '\0' ? name : NULL;
}
