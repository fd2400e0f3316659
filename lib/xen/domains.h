/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The domains of this host as they are at this moment: those that Xen has, and
 * those that are defined and do not run. Nothing is kept from call to call:
 * whatever others did meanwhile is seen.
 */
#ifndef LIB_XEN_DOMAINS_H
#define LIB_XEN_DOMAINS_H

#include "xen.h"

/* Of a domain that has no name (yet, or any more): so does xl call it. */
#define XEN_NAMELESS "(null)"

struct xen_domain {
	int id;			/* -1: it does not run */
	unsigned char uuid[UUID_SIZE];
	char *name;		/* NULL: not asked for */
	bool nameless;
	int state, reason;	/* XVM_DOMAIN_RUNNING ..., its reason */
	bool persistent, autostart;	/* XEN_LOAD_DEFINED */
	xen_domctl_getdomaininfo_t info;	/* when it runs */
};

struct xen_domains {
	struct xen_domain *v;	/* running ones by id, then by name */
	size_t n;
};

enum xen_load {
	XEN_LOAD_NAMES = 1 << 0,	/* of those that run */
	/* Those that do not run too, and persistent and autostart of all. */
	XEN_LOAD_DEFINED = 1 << 1,
};

/* Released by the caller, also after a failure. */
int	xen_domains_load(struct xen_conn *xen, unsigned int what,
	    struct xen_domains *out, struct error *err);
void	xen_domains_release(struct xen_domains *list);
/* Look up the names that were not asked for, in one exchange. */
int	xen_domains_name(struct xen_conn *xen, struct xen_domains *list,
	    struct error *err);
void	xen_domain_release(struct xen_domain *dom);

/*
 * The domain of a call's argument, by UUID: *out is to be released. -1: "Domain
 * not found: no domain with matching uuid '...' (name)", or worse. Name,
 * persistent and autostart are not looked up.
 */
int	xen_domain_find(struct xen_conn *xen, const struct xvm_domain *ref,
	    struct xen_domain *out, struct error *err);
/* The same, and it must run ("domain is not running" otherwise). */
int	xen_domain_find_active(struct xen_conn *xen,
	    const struct xvm_domain *ref, struct xen_domain *out,
	    struct error *err);
/* Look up what xen_domain_find did not. */
int	xen_domain_load(struct xen_conn *xen, struct xen_domain *dom,
	    unsigned int what, struct error *err);
/* "domain is not running", or 0. */
int	xen_check_active(const struct xen_domain *dom, struct error *err);
/* It is to be changed: refuse what is not wholly built. 0 or -1. */
int	xen_check_built(const struct xen_domain *dom, struct error *err);
/*
 * Which of its two documents a call's XVM_DOMAIN_AFFECT_* flags mean, the one
 * in force and the one that is stored. Refused: what there is not. Name and
 * persistence are looked up where *config_out is set.
 */
int	xen_domain_impact(struct xen_conn *xen, struct xen_domain *dom,
	    unsigned int flags, bool *live_out, bool *config_out,
	    struct error *err);
/* The stored document of a defined domain that has its name. */
struct doc	*xen_domain_config(const struct xen_domain *dom,
		    struct error *err);
/* The document in force: of one that runs what it runs with (xml.c). */
struct doc	*xen_domain_doc(struct xen_conn *xen, struct xen_domain *dom,
		    struct error *err);
/* Fill a call's result with a domain that has its name. */
int	xen_domain_ref(const struct xen_domain *dom, struct xvm_domain *out,
	    struct error *err);
/* The state of one that runs, from what Xen says of it. */
void	xen_domain_tell_state(struct xen_domain *dom);

/* Ask xenstore, connecting when needed. */
struct store_batch;
int	xen_store_run(struct xen_conn *xen, struct store_batch *batch,
	    struct error *err);

/*
 * Does it pass a filter, the XVM_CONNECT_LIST_DOMAINS_* bits of flags? (All of
 * libvirt's filters; none set in a group: any.) Groups that say something of
 * what is defined want XEN_LOAD_DEFINED: so does xen_filter_load tell.
 */
bool	xen_domain_matches(const struct xen_domain *dom, unsigned int flags);
unsigned int	xen_filter_load(unsigned int flags);

#endif
