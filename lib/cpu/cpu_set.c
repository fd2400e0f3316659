/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sets of features. */
#include "cpu.h"

#define WORDS (CPU_FEATURES_MAX / 64)

void
cpu_set_add(struct cpu_set *set, size_t feature)
{
	set->w[feature / 64] |= (uint64_t)1 << (feature % 64);
}

bool
cpu_set_has(const struct cpu_set *set, size_t feature)
{
	return (set->w[feature / 64] >> (feature % 64) & 1) != 0;
}

struct cpu_set
cpu_set_and(const struct cpu_set *a, const struct cpu_set *b)
{
	struct cpu_set out;

	for (size_t i = 0; i < WORDS; i++)
		out.w[i] = a->w[i] & b->w[i];
	return out;
}

struct cpu_set
cpu_set_minus(const struct cpu_set *a, const struct cpu_set *b)
{
	struct cpu_set out;

	for (size_t i = 0; i < WORDS; i++)
		out.w[i] = a->w[i] & ~b->w[i];
	return out;
}

bool
cpu_set_is_empty(const struct cpu_set *set)
{
	uint64_t any = 0;

	for (size_t i = 0; i < WORDS; i++)
		any |= set->w[i];
	return any == 0;
}

size_t
cpu_set_count(const struct cpu_set *set)
{
	size_t n = 0;

	for (size_t i = 0; i < WORDS; i++)
		n += (size_t)__builtin_popcountll(set->w[i]);
	return n;
}
