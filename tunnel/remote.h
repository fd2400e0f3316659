/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The driver that answers calls by sending them to another host. */
#ifndef TUNNEL_REMOTE_H
#define TUNNEL_REMOTE_H

struct driver;

extern const struct driver remote_driver;

#endif
