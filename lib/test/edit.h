/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Changing the trees of test domains, by what domain_edit.h has for that. */
#ifndef LIB_TEST_EDIT_H
#define LIB_TEST_EDIT_H

#include "../domain/domain_edit.h"
#include "../typed_param.h"
#include "test.h"

/*
 * What calls begin with once their arguments are checked: the domain, and the
 * one tree that flags mean; *live_out (NULL: no matter): it is the one in force
 * while running. NULL on refusal.
 */
struct test_domain	*edit_enter(void *state, const struct xvm_domain *ref,
			    unsigned int flags, struct node **root_out,
			    bool *live_out, struct error *err);
/* The tree for those that only read; of flags TEST_AFFECT counts. */
struct node	*edit_query(void *state, const struct xvm_domain *ref,
		    unsigned int flags, struct error *err);
/*
 * The change is made: take over the figures, and be economical with memory.
 * Nodes of the domain's trees are not valid behind this. 0, or -1 when memory
 * ran out meanwhile.
 */
int	edit_end(struct test_host *host, struct test_domain *dom,
	    struct error *err);

/*
 * Answer a query for typed parameters: so many of p as were asked for. p is
 * empty then. (0 asked for tells how many there are; callers do that before
 * they look at anything.)
 */
int	edit_give_params(struct params *p, int wanted, unsigned int *n_out,
	    struct xvm_typed_param **v_out, int *nparams_out,
	    struct error *err);

#endif
