/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The drivers that xvsh and libxvm open connections with (conn_open). */
#ifndef TUNNEL_DRIVERS_H
#define TUNNEL_DRIVERS_H

struct driver;

extern const struct driver *const client_drivers[];

#endif
