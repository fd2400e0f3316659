/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Old calls that today's calls replace (DOMAIN_CREATE by
 * DOMAIN_CREATE_WITH_FLAGS), answered by those for every local driver: see
 * driver_dispatch. A driver fills the old one's slot only where its answer is
 * to differ from today's with the flags that the old one stands for.
 */
#ifndef LIB_LEGACY_CALLS_H
#define LIB_LEGACY_CALLS_H

#include "driver.h"

/* The number of the call that replaces it, 0: it is no old one. */
int	legacy_call_today(int number);
/* Answer an old call by the handler of today's. 0, or -1 with call->err. */
int	legacy_call_answer(driver_handler *handler, void *state,
	    struct call *call);

#endif
