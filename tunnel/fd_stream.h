/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One or two descriptors as a stream. */
#ifndef TUNNEL_FD_STREAM_H
#define TUNNEL_FD_STREAM_H

#include "../lib/stream.h"

/*
 * in is read, out written; they may be the same. Both are made non-blocking
 * and are closed with the stream. NULL when out of memory (nothing closed).
 */
struct stream	*fd_stream(int in, int out, struct error *err);

#endif
