/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is wrong with a call's arguments whatever the driver: flags that
 * exclude each other, texts that may not be empty, counts of zero. A table,
 * in the order and words of libvirt's API functions.
 */
#ifndef LIB_CALL_CHECK_H
#define LIB_CALL_CHECK_H

#include "call.h"

/* 0, or -1 with the refusal. Local drivers are called after this only. */
int	call_check_args(const struct call_type *type, const void *args,
	    struct error *err);
/*
 * For drivers: any flag of flags outside supported is refused, in the error
 * domain from: "unsupported flags (0x..) in function NAME". 0 or -1.
 */
int	call_check_flags(unsigned int flags, unsigned int supported, int from,
	    const char *function, struct error *err);

#endif
