/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Changing the trees of test domains: each element is put where canonical form
 * has it and goes away when nothing is left in it.
 */
#ifndef LIB_TEST_EDIT_H
#define LIB_TEST_EDIT_H

#include "../domain_xml_util.h"
#include "../typed_param.h"
#include "test.h"

/*
 * The one tree that a change means, flags as for a query; *live_out: it is the
 * one in force while running. NULL on refusal.
 */
struct node	*edit_begin(struct test_domain *dom, unsigned int flags,
		    bool *live_out, struct error *err);
/*
 * The change is made: take over the figures, and be economical with memory.
 * Nodes of the domain's trees are not valid behind this. 0, or -1 when memory
 * ran out meanwhile.
 */
int	edit_end(struct test_host *host, struct test_domain *dom,
	    struct error *err);

/* An element below <domain>, made when missing; NULL: no memory. */
struct node	*edit_need(struct node *root, const char *name);
/* Set the text of a child, at its place in order; "0" or NULL removes it. */
void	edit_set_text(struct node *parent, const struct rule *order,
	    const char *name, const char *text);
void	edit_set_u64(struct node *parent, const struct rule *order,
	    const char *name, uint64_t value);
/* Remove an element that has neither attributes nor children; NULL is fine. */
void	edit_drop_empty(struct node *node);
/* The text of a child as number, 0 when there is none. */
uint64_t	edit_get_u64(const struct node *parent, const char *name);
/* An attribute as number, 0 when there is none. */
uint64_t	edit_attr_u64(const struct node *node, const char *name);

/* How many virtual CPUs there may be, and are there. */
unsigned int	edit_vcpus_max(const struct node *root);
unsigned int	edit_vcpus(const struct node *root);

/*
 * Answer a query for typed parameters: so many of p as were asked for. p is
 * empty then. (0 asked for tells how many there are; callers do that before
 * they look at anything.)
 */
int	edit_give_params(struct params *p, int wanted, unsigned int *n_out,
	    struct xvm_typed_param **v_out, int *nparams_out,
	    struct error *err);

#endif
