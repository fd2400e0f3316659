/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What drivers read from a domain's tree in canonical form, and change in it:
 * each element is put where canonical form has it and goes away when nothing
 * is left in it.
 */
#ifndef LIB_DOMAIN_EDIT_H
#define LIB_DOMAIN_EDIT_H

#include "domain_xml_util.h"

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

/* Canonical order, for order above and for rule_need. */
extern const struct rule domain_memtune_children[], domain_numatune_children[],
    domain_blkiotune_children[], domain_blkio_device_children[];

/* How many virtual CPUs there may be, and are there. */
unsigned int	edit_vcpus_max(const struct node *root);
unsigned int	edit_vcpus(const struct node *root);
/* domain_vcpus.c: the first n are there, the others are not. */
void	edit_set_vcpus(struct node *root, unsigned int n);
/* Those at the end go, with what is said of them; new ones are not there. */
void	edit_set_vcpus_max(struct node *root, unsigned int max);
bool	edit_vcpu_is_online(const struct node *root, unsigned int i);

#endif
