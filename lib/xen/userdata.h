/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What libxl keeps of a running domain, a file each:
 * /var/lib/xen/userdata-d.ID.UUID.NAME. They are replaced by rename, so that
 * they can be read as they are, without libxl's lock.
 */
#ifndef LIB_XEN_USERDATA_H
#define LIB_XEN_USERDATA_H

#include <stdbool.h>

#include "../error.h"
#include "../uuid.h"

struct buf;

#define USERDATA_DIR "/var/lib/xen"
#define USERDATA_CONFIG "libxl-json"	/* there once it is wholly built */
#define USERDATA_XML "libvirt-xml"	/* our document, or libvirt's */

bool	userdata_exists(int id, const unsigned char *uuid, const char *name);
/* 1 and the content appended, 0: there is none, -1. */
int	userdata_read(int id, const unsigned char *uuid, const char *name,
	    struct buf *out, struct error *err);

#endif
