/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is refused alike in the module and in its child. */
#ifndef LIB_XEN_CHECK_H
#define LIB_XEN_CHECK_H

#include "../call_check.h"

/* call_check_flags, as this driver's error. */
static inline int
xen_check_flags(unsigned int flags, unsigned int supported,
    const char *function, struct error *err)
{
	return call_check_flags(flags, supported, XVM_FROM_LIBXL, function,
	    err);
}

#endif
