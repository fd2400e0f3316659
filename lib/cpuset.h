/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sets of CPUs or NUMA nodes, and their text: "0-3,^2,8". */
#ifndef LIB_CPUSET_H
#define LIB_CPUSET_H

#include <stdbool.h>
#include <stdint.h>

struct buf;
struct doc;

#define CPUSET_BITS 16384

struct cpuset {
	uint64_t bits[CPUSET_BITS / 64];
	unsigned int end; /* one behind the highest bit set, 0: empty */
};

/* 0, or -1: not in that form, or out of range. The set may be empty. */
int cpuset_parse(const char *text, struct cpuset *out);
/* Append its canonical text: "0-3,8". */
void cpuset_print(const struct cpuset *set, struct buf *out);
/* The same, from the document's memory; NULL: no memory. */
const char *cpuset_format(struct doc *doc, const struct cpuset *set);
bool cpuset_has(const struct cpuset *set, unsigned int bit);
void cpuset_add(struct cpuset *set, unsigned int bit);
bool cpuset_overlaps(const struct cpuset *a, const struct cpuset *b);

#endif
