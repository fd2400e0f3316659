/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What all local drivers answer alike. */
#include "local_answers.h"

#include <stdlib.h>
#include <string.h>

#include "uuid.h"
#include "xvm-constants.h"

/* Features that are asked for by number, of those that libvirt has. */
enum {
	FEATURE_FD_PASSING = 8,
	FEATURE_TYPED_PARAM_STRING = 9,
	FEATURE_NETWORK_UPDATE_ORDER = 16,
};

bool
local_has_feature(int number)
{
	return number == FEATURE_FD_PASSING ||
	    number == FEATURE_TYPED_PARAM_STRING ||
	    number == FEATURE_NETWORK_UPDATE_ORDER;
}

int
local_give_memory_stats(const struct xvm_domain_memory_stat *stats,
    unsigned int n, unsigned int max,
    struct xvm_domain_memory_stats_ret *ret, struct error *err)
{
	if (n > max)
		n = max;
	ret->stats.stats_val = calloc(n + 1, sizeof(*stats));
	if (ret->stats.stats_val == NULL)
		return error_nomem(err);
	memcpy(ret->stats.stats_val, stats, n * sizeof(*stats));
	ret->stats.stats_len = n;
	return 0;
}

int
local_lifecycle(unsigned int type, unsigned int action,
    const char **element_out, const char **text_out, struct error *err)
{
	static const char *const elements[] = {
		[XVM_DOMAIN_LIFECYCLE_POWEROFF] = "on_poweroff",
		[XVM_DOMAIN_LIFECYCLE_REBOOT] = "on_reboot",
		[XVM_DOMAIN_LIFECYCLE_CRASH] = "on_crash",
	};
	static const char *const actions[] = {
		[XVM_DOMAIN_LIFECYCLE_ACTION_DESTROY] = "destroy",
		[XVM_DOMAIN_LIFECYCLE_ACTION_RESTART] = "restart",
		[XVM_DOMAIN_LIFECYCLE_ACTION_RESTART_RENAME] = "rename-restart",
		[XVM_DOMAIN_LIFECYCLE_ACTION_PRESERVE] = "preserve",
		[XVM_DOMAIN_LIFECYCLE_ACTION_COREDUMP_DESTROY] =
		    "coredump-destroy",
		[XVM_DOMAIN_LIFECYCLE_ACTION_COREDUMP_RESTART] =
		    "coredump-restart",
	};

	*element_out = elements[type];
	*text_out = actions[action];
	if (type == XVM_DOMAIN_LIFECYCLE_CRASH ||
	    action < XVM_DOMAIN_LIFECYCLE_ACTION_COREDUMP_DESTROY)
		return 0;
	return error_set(err, XVM_FROM_DOMAIN, XVM_ERR_CONFIG_UNSUPPORTED,
	    "Lifecycle event '%s' doesn't support '%s' action",
	    elements[type] + strlen("on_"), actions[action]);
}

int
local_uuid_taken(const char *other_name, const unsigned char *uuid,
    struct error *err)
{
	char text[UUID_TEXT_SIZE];

	return error_set(err, XVM_FROM_DOMAIN, XVM_ERR_OPERATION_FAILED,
	    "domain '%s' is already defined with uuid %s", other_name,
	    uuid_format(uuid, text));
}

int
local_name_taken(const char *name, const unsigned char *other_uuid,
    struct error *err)
{
	char text[UUID_TEXT_SIZE];

	return error_set(err, XVM_FROM_DOMAIN, XVM_ERR_OPERATION_FAILED,
	    "domain '%s' already exists with uuid %s", name,
	    uuid_format(other_uuid, text));
}
