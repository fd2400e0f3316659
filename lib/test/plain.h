/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Domains of a node file whose documents are so plain that bringing them into
 * canonical form cannot fail: that waits until somebody asks for the XML. A
 * host of 10,000 domains is listed in the time that reading its file takes.
 */
#ifndef LIB_TEST_PLAIN_H
#define LIB_TEST_PLAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "../tree.h"

struct plain_domain {
	const char *name;	/* borrowed from the document */
	const char *uuid;	/* its text, NULL: it has none */
	uint64_t memory_max_kib, memory_kib;
	unsigned int vcpus;
};

/* Is it? Then *out is filled. False says nothing about the document. */
bool	plain_domain_read(const struct node *domain, struct plain_domain *out);

#endif
