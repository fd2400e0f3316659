/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The one place where words are quoted for the shell of the other end. */
#ifndef TUNNEL_QUOTE_H
#define TUNNEL_QUOTE_H

#include "../lib/buf.h"

/* Append a word so that a POSIX shell reads it back as one. */
void	quote_word(struct buf *out, const char *word);

#endif
