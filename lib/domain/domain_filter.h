/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which domains a list is asked for: XVM_CONNECT_LIST_DOMAINS_* flags, in
 * groups. A domain must have one of the flags of each group that is asked for.
 */
#ifndef LIB_DOMAIN_FILTER_H
#define LIB_DOMAIN_FILTER_H

#include <stdbool.h>

#include "../xvm-constants.h"

#define DOMAIN_FILTERS_ACTIVITY \
	(XVM_CONNECT_LIST_DOMAINS_ACTIVE | XVM_CONNECT_LIST_DOMAINS_INACTIVE)
#define DOMAIN_FILTERS_PERSISTENCE \
	(XVM_CONNECT_LIST_DOMAINS_PERSISTENT | \
	XVM_CONNECT_LIST_DOMAINS_TRANSIENT)
#define DOMAIN_FILTERS_STATE \
	(XVM_CONNECT_LIST_DOMAINS_RUNNING | XVM_CONNECT_LIST_DOMAINS_PAUSED | \
	XVM_CONNECT_LIST_DOMAINS_SHUTOFF | XVM_CONNECT_LIST_DOMAINS_OTHER)
#define DOMAIN_FILTERS_SAVE \
	(XVM_CONNECT_LIST_DOMAINS_MANAGEDSAVE | \
	XVM_CONNECT_LIST_DOMAINS_NO_MANAGEDSAVE)
#define DOMAIN_FILTERS_AUTOSTART \
	(XVM_CONNECT_LIST_DOMAINS_AUTOSTART | \
	XVM_CONNECT_LIST_DOMAINS_NO_AUTOSTART)
#define DOMAIN_FILTERS_SNAPSHOT \
	(XVM_CONNECT_LIST_DOMAINS_HAS_SNAPSHOT | \
	XVM_CONNECT_LIST_DOMAINS_NO_SNAPSHOT)
#define DOMAIN_FILTERS_CHECKPOINT \
	(XVM_CONNECT_LIST_DOMAINS_HAS_CHECKPOINT | \
	XVM_CONNECT_LIST_DOMAINS_NO_CHECKPOINT)

/* Those by which statistics are asked for, and those of a list. */
#define DOMAIN_FILTERS_STATS \
	(DOMAIN_FILTERS_ACTIVITY | DOMAIN_FILTERS_PERSISTENCE | \
	DOMAIN_FILTERS_STATE)
#define DOMAIN_FILTERS_LIST \
	(DOMAIN_FILTERS_STATS | DOMAIN_FILTERS_SAVE | \
	DOMAIN_FILTERS_AUTOSTART | DOMAIN_FILTERS_SNAPSHOT | \
	DOMAIN_FILTERS_CHECKPOINT)

/* What a domain is. Checkpoints it has none. */
struct domain_traits {
	bool active;
	bool persistent;
	bool managed_save;	/* may be left out when SAVE is not asked for */
	bool autostart;
	bool snapshots;
	int state;		/* XVM_DOMAIN_RUNNING and so on */
};

bool	domain_filter_matches(const struct domain_traits *is,
	    unsigned int flags);

#endif
