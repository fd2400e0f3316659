/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Words for a domain's state and the reason for it. */
#include "monitor_state.h"

#include "values.h"

#define REASONS_MAX 14

static const char *const states[] = {
	[XVM_DOMAIN_NOSTATE] = "no state",
	[XVM_DOMAIN_RUNNING] = "running",
	[XVM_DOMAIN_BLOCKED] = "idle",
	[XVM_DOMAIN_PAUSED] = "paused",
	[XVM_DOMAIN_SHUTDOWN] = "in shutdown",
	[XVM_DOMAIN_SHUTOFF] = "shut off",
	[XVM_DOMAIN_CRASHED] = "crashed",
	[XVM_DOMAIN_PMSUSPENDED] = "pmsuspended",
};

/* What is missing here is "unknown". */
static const char *const reasons[][REASONS_MAX] = {
	[XVM_DOMAIN_RUNNING] = {
		[XVM_DOMAIN_RUNNING_BOOTED] = "booted",
		[XVM_DOMAIN_RUNNING_MIGRATED] = "migrated",
		[XVM_DOMAIN_RUNNING_RESTORED] = "restored",
		[XVM_DOMAIN_RUNNING_FROM_SNAPSHOT] = "from snapshot",
		[XVM_DOMAIN_RUNNING_UNPAUSED] = "unpaused",
		[XVM_DOMAIN_RUNNING_MIGRATION_CANCELED] =
		    "migration canceled",
		[XVM_DOMAIN_RUNNING_SAVE_CANCELED] = "save canceled",
		[XVM_DOMAIN_RUNNING_WAKEUP] = "event wakeup",
		[XVM_DOMAIN_RUNNING_CRASHED] = "crashed",
		[XVM_DOMAIN_RUNNING_POSTCOPY] = "post-copy",
		[XVM_DOMAIN_RUNNING_POSTCOPY_FAILED] = "post-copy failed",
	},
	[XVM_DOMAIN_PAUSED] = {
		[XVM_DOMAIN_PAUSED_USER] = "user",
		[XVM_DOMAIN_PAUSED_MIGRATION] = "migrating",
		[XVM_DOMAIN_PAUSED_SAVE] = "saving",
		[XVM_DOMAIN_PAUSED_DUMP] = "dumping",
		[XVM_DOMAIN_PAUSED_IOERROR] = "I/O error",
		[XVM_DOMAIN_PAUSED_WATCHDOG] = "watchdog",
		[XVM_DOMAIN_PAUSED_FROM_SNAPSHOT] = "from snapshot",
		[XVM_DOMAIN_PAUSED_SHUTTING_DOWN] = "shutting down",
		[XVM_DOMAIN_PAUSED_SNAPSHOT] = "creating snapshot",
		[XVM_DOMAIN_PAUSED_CRASHED] = "crashed",
		[XVM_DOMAIN_PAUSED_STARTING_UP] = "starting up",
		[XVM_DOMAIN_PAUSED_POSTCOPY] = "post-copy",
		[XVM_DOMAIN_PAUSED_POSTCOPY_FAILED] = "post-copy failed",
	},
	[XVM_DOMAIN_SHUTDOWN] = {
		[XVM_DOMAIN_SHUTDOWN_USER] = "user",
	},
	[XVM_DOMAIN_SHUTOFF] = {
		[XVM_DOMAIN_SHUTOFF_SHUTDOWN] = "shutdown",
		[XVM_DOMAIN_SHUTOFF_DESTROYED] = "destroyed",
		[XVM_DOMAIN_SHUTOFF_CRASHED] = "crashed",
		[XVM_DOMAIN_SHUTOFF_MIGRATED] = "migrated",
		[XVM_DOMAIN_SHUTOFF_SAVED] = "saved",
		[XVM_DOMAIN_SHUTOFF_FAILED] = "failed",
		[XVM_DOMAIN_SHUTOFF_FROM_SNAPSHOT] = "from snapshot",
		[XVM_DOMAIN_SHUTOFF_DAEMON] = "daemon",
	},
	[XVM_DOMAIN_CRASHED] = {
		[XVM_DOMAIN_CRASHED_PANICKED] = "panicked",
	},
	[XVM_DOMAIN_PMSUSPENDED] = { NULL },
};

const char *
domain_state_text(int state)
{
	return NAME_OF(states, state, "no state");
}

const char *
domain_reason_text(int state, int reason)
{
	if (state < 0 || (size_t)state >= sizeof(reasons) / sizeof(reasons[0]))
		return "unknown";
	return NAME_OF(reasons[state], reason, "unknown");
}
