/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Base 64 (RFC 4648), as key files and known_hosts hold it. */
#ifndef TUNNEL_BASE64_H
#define TUNNEL_BASE64_H

#include "../lib/buf.h"

/* Append n bytes as text, with or without '=' at the end. */
void	base64_encode(struct buf *out, const void *data, size_t n, bool padded);
/* Append what the n characters mean, line ends skipped. 0, or -1: malformed. */
int	base64_decode(struct buf *out, const char *s, size_t n);

#endif
