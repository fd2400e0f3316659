/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What happened to domains between two looks at them: Xen tells that something
 * did, never what.
 */
#ifndef LIB_XEN_CHANGES_H
#define LIB_XEN_CHANGES_H

#include "domains.h"

/* One thing that happened; events are told in this order. */
struct change {
	char *name;
	unsigned char uuid[UUID_SIZE];
	int id;
	int event, detail;	/* XVM_DOMAIN_EVENT_*, its detail */
	struct change *next;
};

/* A domain that runs, as it was when last looked at. */
struct known {
	int id;
	unsigned char uuid[UUID_SIZE];
	char *name;		/* NULL: none yet */
	bool built;		/* else nothing was told of it */
	bool ended;		/* its end was told: what is left is dying */
	bool shutdown;		/* its shutdown or crash was told */
	int state;		/* XVM_DOMAIN_*, as told */
	unsigned int why;	/* SHUTDOWN_*, when it stopped by itself */
	uint64_t settles_at;	/* ns: then it is told as paused; 0: it runs */
};

struct known_defined {
	char *name;
	unsigned char uuid[UUID_SIZE];
};

struct changes {
	struct known *v;	/* by id */
	size_t n;
	struct known_defined *defined;	/* by name */
	size_t n_defined;
	struct change *first, **tail;	/* not told yet */
	bool unsettled;		/* to be looked at again soon */
};

void	changes_init(struct changes *c);
void	changes_release(struct changes *c);
void	change_free(struct change *change);
/*
 * Look at the domains that run, and add what happened; quiet: they are as they
 * are, nothing happened.
 */
int	changes_look(struct changes *c, struct xen_conn *xen, bool quiet,
	    struct error *err);
/*
 * The same for those that are defined. touched: n names of files that were
 * replaced meanwhile.
 */
int	changes_look_defined(struct changes *c, char *const *touched, size_t n,
	    bool quiet, struct error *err);

#endif
