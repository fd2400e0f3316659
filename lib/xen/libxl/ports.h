/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Ports of graphics that are chosen when a domain is started. */
#ifndef LIB_XEN_LIBXL_PORTS_H
#define LIB_XEN_LIBXL_PORTS_H

#include "../../error.h"

struct doc;

/*
 * The document of a domain that is to be started, with a port that is free now
 * where one is to be chosen; the caller's. NULL: none is free, or no memory.
 */
struct doc	*ports_choose(const struct doc *doc, struct error *err);

#endif
