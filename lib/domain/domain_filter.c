/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which domains a list is asked for. */
#include "domain_filter.h"

/* The bit of its state in the group of states. */
static unsigned int
state_bit(int state)
{
	switch (state) {
	case XVM_DOMAIN_RUNNING:
		return XVM_CONNECT_LIST_DOMAINS_RUNNING;
	case XVM_DOMAIN_PAUSED:
		return XVM_CONNECT_LIST_DOMAINS_PAUSED;
	case XVM_DOMAIN_SHUTOFF:
		return XVM_CONNECT_LIST_DOMAINS_SHUTOFF;
	default:
		return XVM_CONNECT_LIST_DOMAINS_OTHER;
	}
}

/* Is one of the group asked for, and not that which it is? */
static bool
fails(unsigned int flags, unsigned int group, unsigned int is)
{
	return (flags & group) != 0 && (flags & is) == 0;
}

bool
domain_filter_matches(const struct domain_traits *is, unsigned int flags)
{
	return !fails(flags, DOMAIN_FILTERS_ACTIVITY, is->active ?
	    XVM_CONNECT_LIST_DOMAINS_ACTIVE :
	    XVM_CONNECT_LIST_DOMAINS_INACTIVE) &&
	    !fails(flags, DOMAIN_FILTERS_PERSISTENCE, is->persistent ?
	    XVM_CONNECT_LIST_DOMAINS_PERSISTENT :
	    XVM_CONNECT_LIST_DOMAINS_TRANSIENT) &&
	    !fails(flags, DOMAIN_FILTERS_STATE, state_bit(is->state)) &&
	    !fails(flags, DOMAIN_FILTERS_SAVE, is->managed_save ?
	    XVM_CONNECT_LIST_DOMAINS_MANAGEDSAVE :
	    XVM_CONNECT_LIST_DOMAINS_NO_MANAGEDSAVE) &&
	    !fails(flags, DOMAIN_FILTERS_AUTOSTART, is->autostart ?
	    XVM_CONNECT_LIST_DOMAINS_AUTOSTART :
	    XVM_CONNECT_LIST_DOMAINS_NO_AUTOSTART) &&
	    !fails(flags, DOMAIN_FILTERS_SNAPSHOT, is->snapshots ?
	    XVM_CONNECT_LIST_DOMAINS_HAS_SNAPSHOT :
	    XVM_CONNECT_LIST_DOMAINS_NO_SNAPSHOT) &&
	    !fails(flags, DOMAIN_FILTERS_CHECKPOINT,
	    XVM_CONNECT_LIST_DOMAINS_NO_CHECKPOINT);
}
