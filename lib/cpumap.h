/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* CPU maps of calls, a bit a CPU, lowest first, from and to sets of CPUs. */
#ifndef LIB_CPUMAP_H
#define LIB_CPUMAP_H

#include "domain/domain_xml_util.h"

#define CPUMAPS_MAX 8388608	/* bytes that fit into a result */

void	cpumap_read(const char *map, size_t n, struct cpuset *out);
/* Write n bytes; what the set has beyond them is left out. */
void	cpumap_write(const struct cpuset *set, char *map, size_t n);
/* n zeroed maps of length len each; NULL with err set. */
char	*cpumap_alloc(int n, int len, struct error *err);
/* The highest one in the set, -1 when it is empty. */
int	cpumap_last(const struct cpuset *set);

/*
 * Where something runs: the cpuset attribute of pin; without pin, that of
 * <vcpu>; without both, CPUs 0 to n_all - 1.
 */
void	cpumap_effective(const struct node *root, const struct node *pin,
	    unsigned int n_all, struct cpuset *out);

/*
 * Pin by an element below <cputune> that has the attribute with value id (id
 * NULL: it is the only one of its name). It stands before others of its name
 * with a higher id.
 */
void	cpumap_pin(struct node *root, const char *name, const char *id_attr,
	    unsigned int id, const struct cpuset *set);
/* Bring those elements into the order of n ids. */
void	cpumap_sort_pins(struct node *root, const char *name,
	    const char *id_attr, const unsigned int *ids, unsigned int n);
/* The element that cpumap_pin made, NULL: none. */
struct node	*cpumap_find_pin(const struct node *root, const char *name,
		    const char *id_attr, unsigned int id);

#endif
