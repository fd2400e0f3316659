/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* virtd's log. */
#ifndef TUNNEL_LOG_H
#define TUNNEL_LOG_H

#include "server.h"

/* What is logged (that level and graver ones), and where. */
void	log_open(enum log_level level, bool syslog_wanted);

#endif
