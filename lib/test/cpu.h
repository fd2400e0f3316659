/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* CPUs that a test host can name: architectures, models, their features. */
#ifndef LIB_TEST_CPU_H
#define LIB_TEST_CPU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../error.h"

enum cpu_family {
	CPU_FAMILY_NONE,	/* nothing is known about its CPUs */
	CPU_FAMILY_X86,
	CPU_FAMILY_PPC64,
	CPU_FAMILY_S390,
	CPU_FAMILY_ARM,
};

struct cpu_arch {
	const char *name;
	enum cpu_family family;
};

/* NULL: there is no such. */
const struct cpu_arch	*cpu_arch_find(const char *name);
/* 0, or -1: nothing is known about CPUs of the architecture. */
int	cpu_arch_check(const struct cpu_arch *arch, struct error *err);

#define CPU_FEATURES_MAX 256

/* A set of x86 features. */
struct cpu_set {
	uint64_t w[CPU_FEATURES_MAX / 64];
};

struct cpu_model {
	const char *name;
	const char *vendor;	/* NULL: any */
	bool guest;		/* may a guest have it? */
	const char *removed;	/* a feature it has no more, NULL: none */
	struct cpu_set features;
};

/* Rows in their order; NULL behind the last. */
const struct cpu_model	*cpu_x86_model(size_t i);
size_t	cpu_x86_n_models(void);
const struct cpu_model	*cpu_x86_find(const char *name);
/* A feature's number by name, -1; and its name. */
int	cpu_x86_feature(const char *name);
const char	*cpu_x86_feature_name(size_t i);	/* NULL behind the last */

struct cpu_vendor_model {
	const char *name, *vendor;
};

/* POWER's models; ends with name NULL. */
extern const struct cpu_vendor_model cpu_ppc64_models[];

#endif
