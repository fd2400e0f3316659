/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sizes that a client may ask for; what a driver's host would accept is more. */
#ifndef TUNNEL_CALL_LIMITS_H
#define TUNNEL_CALL_LIMITS_H

#include "../lib/call.h"

/*
 * 0, or -1 with libvirtd's refusal: a size in the arguments is beyond the
 * protocol's limit for the array that it asks for. Negative ones of signed
 * fields are left to call_check_args.
 */
int	call_limits_check(const struct call_type *type, const void *args,
	    struct error *err);

#endif
