/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Starting, with the host, the domains that are marked for it. */
#ifndef TUNNEL_AUTOSTART_H
#define TUNNEL_AUTOSTART_H

#include "../lib/conn.h"

/*
 * Start every domain that is marked for autostart and does not run; one that
 * fails does not keep the others. uri NULL: Xen's. 0, or -1 with err set when
 * one or more failed, which has been logged.
 */
int	autostart_run(const struct driver *const *drivers, const char *uri,
	    struct error *err);

#endif
