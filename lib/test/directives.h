/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Elements of a domain's document that tell the test driver what to do with
 * it; they are in a namespace of their own, libvirt's test driver's.
 */
#ifndef LIB_TEST_DIRECTIVES_H
#define LIB_TEST_DIRECTIVES_H

#include <stdbool.h>

#include "../error.h"
#include "../tree.h"

struct test_directives {
	int run_state;		/* XVM_DOMAIN_*, XVM_DOMAIN_SHUTOFF: not run */
	bool transient;
	bool managed_save;
	unsigned int n_snapshots;
	bool any;		/* there were some */
};

/* Read them and take them out of the document. 0, or -1: a senseless one. */
int	test_directives_take(struct node *domain, struct test_directives *out,
	    struct error *err);

#endif
