/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Text from another host, before it may reach a terminal. */
#ifndef TUNNEL_VISIBLE_H
#define TUNNEL_VISIBLE_H

#include "../lib/buf.h"
#include "../lib/error.h"

/*
 * Append n bytes; what a terminal would act on (control characters other than
 * tab and line feed, those of 0x80 to 0x9f included) and what is no UTF-8
 * becomes \xNN, byte by byte.
 */
void	visible_add(struct buf *out, const char *s, size_t n);
/* The same for an error's texts. */
void	visible_error(struct error *err);

#endif
