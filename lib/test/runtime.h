/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a test domain has beside its configuration: a clock, file systems that
 * can be frozen, figures of its I/O threads, reasons to call it tainted. And
 * how most handlers begin.
 */
#ifndef LIB_TEST_RUNTIME_H
#define LIB_TEST_RUNTIME_H

#include "test.h"

struct test_iothread {
	unsigned int id;
	uint64_t poll_max_ns;
	unsigned int poll_grow, poll_shrink;
};

/* The ids of a domain's I/O threads, those without a name numbered. */
struct iothread_ids {
	unsigned int *id;
	unsigned int n, size;
};

/* Bits of test_runtime.taint, by libvirt's numbers. */
enum test_taint {
	TEST_TAINT_HIGH_PRIVILEGES = 1 << 2,
	TEST_TAINT_SHELL_SCRIPTS = 1 << 3,
	TEST_TAINT_CDROM_PASSTHROUGH = 1 << 8,
	TEST_TAINT_CUSTOM_DTB = 1 << 9,
	TEST_TAINT_DEPRECATED_CONFIG = 1 << 12,
};

struct test_runtime {
	bool frozen[2];		/* "/" and "/boot" */
	int64_t seconds;	/* its clock */
	unsigned int nseconds;
	struct test_iothread *iothreads;	/* in the order they came */
	unsigned int n_iothreads;
	unsigned int taint;	/* TEST_TAINT_* */
};

/* The domain's, made when it has none yet. NULL: out of memory. */
struct test_runtime	*test_runtime(struct test_domain *dom,
			    struct error *err);
/* Add an I/O thread's figures. 0, or -1 out of memory. */
int	test_runtime_add_iothread(struct test_domain *dom, unsigned int id,
	    struct error *err);
/* Forget one; nothing when there is no such. */
void	test_runtime_del_iothread(struct test_domain *dom, unsigned int id);
/*
 * Set up what a domain has that a node file (or the built-in one) brought:
 * its I/O threads, and what taints it. Nothing is allocated when it has none.
 */
int	test_runtime_load(struct test_domain *dom, struct error *err);

/* All that the tree has. 0, or -1 out of memory (nothing is held then). */
int	iothread_ids_read(const struct node *root, struct iothread_ids *out,
	    struct error *err);
void	iothread_ids_release(struct iothread_ids *ids);
bool	iothread_ids_has(const struct iothread_ids *ids, unsigned int id);
int	iothread_ids_add(struct iothread_ids *ids, unsigned int id,
	    struct error *err);
void	iothread_ids_del(struct iothread_ids *ids, unsigned int id);

/*
 * The first lines of a handler: flags outside supported are refused in the
 * name of function, then the domain is found.
 */
struct test_domain	*test_enter(void *state, const struct xvm_domain *ref,
			    unsigned int flags, unsigned int supported,
			    const char *function, struct error *err);
/* The same, and it must be running. */
struct test_domain	*test_enter_active(void *state,
			    const struct xvm_domain *ref, unsigned int flags,
			    unsigned int supported, const char *function,
			    struct error *err);

#define TEST_AFFECT (XVM_DOMAIN_AFFECT_LIVE | XVM_DOMAIN_AFFECT_CONFIG)
/* What a query for typed parameters may have besides. */
#define TEST_AFFECT_QUERY (TEST_AFFECT | XVM_TYPED_PARAM_STRING_OKAY)

/* Now, in microseconds: the base of made-up counters. */
uint64_t	test_statbase(void);

#endif
