/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * CPUs by name, as libvirt names them: architectures, x86 models and features;
 * and what hosts answer of them. The names lie in the tables themselves, so
 * that a program that asks nothing of them has nothing to relocate.
 */
#ifndef LIB_CPU_CPU_H
#define LIB_CPU_CPU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../error.h"

struct buf;

enum cpu_family {
	CPU_FAMILY_NONE,	/* nothing is known about its CPUs */
	CPU_FAMILY_X86,
	CPU_FAMILY_PPC64,
	CPU_FAMILY_S390,
	CPU_FAMILY_ARM,
};

struct cpu_arch {
	char name[16];
	enum cpu_family family;
};

/* NULL: there is no such. */
const struct cpu_arch	*cpu_arch_find(const char *name);
/* 0, or -1: nothing is known about CPUs of the architecture. */
int	cpu_arch_check(const struct cpu_arch *arch, struct error *err);
/* The i-th model's name of an architecture, NULL behind the last. */
const char	*cpu_model_name(const struct cpu_arch *arch, size_t i);

#define CPU_FEATURES_MAX 256

/* A set of x86 features. */
struct cpu_set {
	uint64_t w[CPU_FEATURES_MAX / 64];
};

void	cpu_set_add(struct cpu_set *set, size_t feature);
bool	cpu_set_has(const struct cpu_set *set, size_t feature);
/* In both; in a but not in b. */
struct cpu_set	cpu_set_and(const struct cpu_set *a, const struct cpu_set *b);
struct cpu_set	cpu_set_minus(const struct cpu_set *a, const struct cpu_set *b);
bool	cpu_set_is_empty(const struct cpu_set *set);
size_t	cpu_set_count(const struct cpu_set *set);

struct cpu_model {
	char name[28];
	char vendor[8];		/* "": any */
	char removed[12];	/* a feature it has no more, "": none */
	bool host, guest;	/* may a host, a guest be described as it? */
	struct cpu_set features;
};

/* Rows in their order; NULL behind the last. */
const struct cpu_model	*cpu_x86_model(size_t i);
size_t	cpu_x86_n_models(void);
const struct cpu_model	*cpu_x86_find(const char *name);
/* A feature's number by name, -1; and its name. */
int	cpu_x86_feature(const char *name);
const char	*cpu_x86_feature_name(size_t i);	/* NULL behind the last */
/* May a guest with it move to another host? */
bool	cpu_x86_is_migratable(size_t feature);

struct cpu_vendor_model {
	char name[16], vendor[12];
};

/* POWER's models; the last one's name is "". */
extern const struct cpu_vendor_model cpu_ppc64_models[];

/* --- what a host answers ------------------------------------------------ */

enum cpuid_register {
	CPUID_NONE,
	CPUID_EAX,
	CPUID_EBX,
	CPUID_ECX,
	CPUID_EDX,
};

/* What CPUID says in one register. */
struct cpuid_word {
	uint32_t leaf, sub;
	enum cpuid_register reg;
	uint32_t value;
};

/* A host's CPU; arch NULL: nothing is known of it. */
struct cpu_host {
	const struct cpu_arch *arch;
	const struct cpu_model *model;	/* x86; NULL: not known */
	const char *vendor;		/* NULL: not known */
	struct cpu_set features;	/* all, those of the model too */
};

/*
 * Find the model of an x86 CPU and its features by words of CPUID: of the
 * models that it can do all of, the one that leaves the fewest features to be
 * named, the newest of several. Sets model and features. 0 or -1.
 */
int	cpu_host_decode(struct cpu_host *host, const struct cpuid_word *words,
	    size_t n, struct error *err);

enum cpu_baseline_flags {
	CPU_BASELINE_EXPAND = 1 << 0,	/* name the model's features too */
	CPU_BASELINE_MIGRATABLE = 1 << 1, /* only what may move */
};

/*
 * The CPU that a guest may have to run on each of n hosts, whose CPUs the
 * documents describe, as a document into *out. 0 or -1.
 */
int	cpu_baseline(char *const *documents, size_t n, unsigned int flags,
	    char **out, struct error *err);

enum cpu_compare_flags {
	CPU_COMPARE_FAIL = 1 << 0,	/* incompatible is an error */
	CPU_COMPARE_VALIDATE = 1 << 1,	/* refuse what is not known */
};

/*
 * Can the host do what the document's CPU can, of a host or of a guest?
 * *result_out is one of XVM_CPU_COMPARE_*. 0 or -1.
 */
int	cpu_compare(const struct cpu_host *host, const char *document,
	    unsigned int flags, int *result_out, struct error *err);

#endif
