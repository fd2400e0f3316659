/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What all local drivers answer alike, in libvirt's words. */
#ifndef LIB_LOCAL_ANSWERS_H
#define LIB_LOCAL_ANSWERS_H

#include <stdbool.h>

#include "call.h"

/* The libvirt whose answers these are: major * 1000000 + minor * 1000. */
#define LOCAL_LIB_VERSION 9000000

/* Is the feature, one of libvirt's numbers, there? */
bool	local_has_feature(int number);

/* A result of the n first of stats, max at the most. 0, or -1: no memory. */
int	local_give_memory_stats(const struct xvm_domain_memory_stat *stats,
	    unsigned int n, unsigned int max,
	    struct xvm_domain_memory_stats_ret *ret, struct error *err);

/*
 * What SET_LIFECYCLE_ACTION changes, by numbers that were checked: the element
 * and its text. -1: dumps are of crashes alone.
 */
int	local_lifecycle(unsigned int type, unsigned int action,
	    const char **element_out, const char **text_out,
	    struct error *err);

/*
 * Refuse a definition: its UUID is that of a domain with another name, or its
 * name that of a domain with another UUID. They return -1.
 */
int	local_uuid_taken(const char *other_name, const unsigned char *uuid,
	    struct error *err);
int	local_name_taken(const char *name, const unsigned char *other_uuid,
	    struct error *err);

#endif
