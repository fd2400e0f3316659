/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names of the numbers in the events of domains. */
#include "event_words.h"

#include "values.h"

#define WORDS_MAX 9

struct words_of {
	const char *list[WORDS_MAX];
	const char *other;	/* for any other number; NULL: "unknown" */
};

static const struct words_of kinds[] = {
	[WORD_LIFECYCLE] = { {
		[XVM_DOMAIN_EVENT_DEFINED] = "Defined",
		[XVM_DOMAIN_EVENT_UNDEFINED] = "Undefined",
		[XVM_DOMAIN_EVENT_STARTED] = "Started",
		[XVM_DOMAIN_EVENT_SUSPENDED] = "Suspended",
		[XVM_DOMAIN_EVENT_RESUMED] = "Resumed",
		[XVM_DOMAIN_EVENT_STOPPED] = "Stopped",
		[XVM_DOMAIN_EVENT_SHUTDOWN] = "Shutdown",
		[XVM_DOMAIN_EVENT_PMSUSPENDED] = "PMSuspended",
		[XVM_DOMAIN_EVENT_CRASHED] = "Crashed",
	}, NULL },
	[WORD_WATCHDOG] = { {
		[XVM_DOMAIN_EVENT_WATCHDOG_NONE] = "none",
		[XVM_DOMAIN_EVENT_WATCHDOG_PAUSE] = "pause",
		[XVM_DOMAIN_EVENT_WATCHDOG_RESET] = "reset",
		[XVM_DOMAIN_EVENT_WATCHDOG_POWEROFF] = "poweroff",
		[XVM_DOMAIN_EVENT_WATCHDOG_SHUTDOWN] = "shutdown",
		[XVM_DOMAIN_EVENT_WATCHDOG_DEBUG] = "debug",
		[XVM_DOMAIN_EVENT_WATCHDOG_INJECTNMI] = "inject-nmi",
	}, NULL },
	[WORD_IO_ERROR] = { {
		[XVM_DOMAIN_EVENT_IO_ERROR_NONE] = "none",
		[XVM_DOMAIN_EVENT_IO_ERROR_PAUSE] = "pause",
		[XVM_DOMAIN_EVENT_IO_ERROR_REPORT] = "report",
	}, NULL },
	[WORD_GRAPHICS_PHASE] = { {
		[XVM_DOMAIN_EVENT_GRAPHICS_CONNECT] = "connect",
		[XVM_DOMAIN_EVENT_GRAPHICS_INITIALIZE] = "initialize",
		[XVM_DOMAIN_EVENT_GRAPHICS_DISCONNECT] = "disconnect",
	}, NULL },
	[WORD_GRAPHICS_FAMILY] = { {
		[XVM_DOMAIN_EVENT_GRAPHICS_ADDRESS_IPV4] = "IPv4",
		[XVM_DOMAIN_EVENT_GRAPHICS_ADDRESS_IPV6] = "IPv6",
		[XVM_DOMAIN_EVENT_GRAPHICS_ADDRESS_UNIX] = "unix",
	}, NULL },
	[WORD_BLOCK_JOB] = { {
		[XVM_DOMAIN_BLOCK_JOB_TYPE_PULL] = "Block Pull",
		[XVM_DOMAIN_BLOCK_JOB_TYPE_COPY] = "Block Copy",
		[XVM_DOMAIN_BLOCK_JOB_TYPE_COMMIT] = "Block Commit",
		[XVM_DOMAIN_BLOCK_JOB_TYPE_ACTIVE_COMMIT] =
		    "Active Block Commit",
		[XVM_DOMAIN_BLOCK_JOB_TYPE_BACKUP] = "Backup",
	}, "Unknown job" },
	[WORD_BLOCK_JOB_STATUS] = { {
		[XVM_DOMAIN_BLOCK_JOB_COMPLETED] = "completed",
		[XVM_DOMAIN_BLOCK_JOB_FAILED] = "failed",
		[XVM_DOMAIN_BLOCK_JOB_CANCELED] = "canceled",
		[XVM_DOMAIN_BLOCK_JOB_READY] = "ready",
	}, NULL },
	[WORD_DISK_CHANGE] = { {
		[XVM_DOMAIN_EVENT_DISK_CHANGE_MISSING_ON_START] = "changed",
		[XVM_DOMAIN_EVENT_DISK_DROP_MISSING_ON_START] = "dropped",
	}, NULL },
	[WORD_TRAY_CHANGE] = { {
		[XVM_DOMAIN_EVENT_TRAY_CHANGE_OPEN] = "opened",
		[XVM_DOMAIN_EVENT_TRAY_CHANGE_CLOSE] = "closed",
	}, NULL },
	[WORD_AGENT_STATE] = { {
		[0] = "unknown",
		[XVM_CONNECT_DOMAIN_EVENT_AGENT_LIFECYCLE_STATE_CONNECTED] =
		    "connected",
		[XVM_CONNECT_DOMAIN_EVENT_AGENT_LIFECYCLE_STATE_DISCONNECTED] =
		    "disconnected",
	}, "unsupported value" },
	[WORD_AGENT_REASON] = { {
		[XVM_CONNECT_DOMAIN_EVENT_AGENT_LIFECYCLE_REASON_UNKNOWN] =
		    "unknown",
		[XVM_CONNECT_DOMAIN_EVENT_AGENT_LIFECYCLE_REASON_DOMAIN_STARTED]
		    = "domain started",
		[XVM_CONNECT_DOMAIN_EVENT_AGENT_LIFECYCLE_REASON_CHANNEL] =
		    "channel event",
	}, "unsupported value" },
	[WORD_METADATA] = { {
		[XVM_DOMAIN_METADATA_DESCRIPTION] = "description",
		[XVM_DOMAIN_METADATA_TITLE] = "title",
		[XVM_DOMAIN_METADATA_ELEMENT] = "element",
	}, "unsupported value" },
	[WORD_MEMORY_FAILURE_RECIPIENT] = { {
		[XVM_DOMAIN_EVENT_MEMORY_FAILURE_RECIPIENT_HYPERVISOR] =
		    "hypervisor",
		[XVM_DOMAIN_EVENT_MEMORY_FAILURE_RECIPIENT_GUEST] = "guest",
	}, "unsupported value" },
	[WORD_MEMORY_FAILURE_ACTION] = { {
		[XVM_DOMAIN_EVENT_MEMORY_FAILURE_ACTION_IGNORE] = "ignore",
		[XVM_DOMAIN_EVENT_MEMORY_FAILURE_ACTION_INJECT] = "inject",
		[XVM_DOMAIN_EVENT_MEMORY_FAILURE_ACTION_FATAL] = "fatal",
		[XVM_DOMAIN_EVENT_MEMORY_FAILURE_ACTION_RESET] = "reset",
	}, "unsupported value" },
};

/* By XVM_DOMAIN_EVENT_DEFINED ... */
static const struct words_of details[] = {
	[XVM_DOMAIN_EVENT_DEFINED] = { {
		[XVM_DOMAIN_EVENT_DEFINED_ADDED] = "Added",
		[XVM_DOMAIN_EVENT_DEFINED_UPDATED] = "Updated",
		[XVM_DOMAIN_EVENT_DEFINED_RENAMED] = "Renamed",
		[XVM_DOMAIN_EVENT_DEFINED_FROM_SNAPSHOT] = "Snapshot",
	}, NULL },
	[XVM_DOMAIN_EVENT_UNDEFINED] = { {
		[XVM_DOMAIN_EVENT_UNDEFINED_REMOVED] = "Removed",
		[XVM_DOMAIN_EVENT_UNDEFINED_RENAMED] = "Renamed",
	}, NULL },
	[XVM_DOMAIN_EVENT_STARTED] = { {
		[XVM_DOMAIN_EVENT_STARTED_BOOTED] = "Booted",
		[XVM_DOMAIN_EVENT_STARTED_MIGRATED] = "Migrated",
		[XVM_DOMAIN_EVENT_STARTED_RESTORED] = "Restored",
		[XVM_DOMAIN_EVENT_STARTED_FROM_SNAPSHOT] = "Snapshot",
		[XVM_DOMAIN_EVENT_STARTED_WAKEUP] = "Event wakeup",
	}, NULL },
	[XVM_DOMAIN_EVENT_SUSPENDED] = { {
		[XVM_DOMAIN_EVENT_SUSPENDED_PAUSED] = "Paused",
		[XVM_DOMAIN_EVENT_SUSPENDED_MIGRATED] = "Migrated",
		[XVM_DOMAIN_EVENT_SUSPENDED_IOERROR] = "I/O Error",
		[XVM_DOMAIN_EVENT_SUSPENDED_WATCHDOG] = "Watchdog",
		[XVM_DOMAIN_EVENT_SUSPENDED_RESTORED] = "Restored",
		[XVM_DOMAIN_EVENT_SUSPENDED_FROM_SNAPSHOT] = "Snapshot",
		[XVM_DOMAIN_EVENT_SUSPENDED_API_ERROR] = "API error",
		[XVM_DOMAIN_EVENT_SUSPENDED_POSTCOPY] = "Post-copy",
		[XVM_DOMAIN_EVENT_SUSPENDED_POSTCOPY_FAILED] =
		    "Post-copy Error",
	}, NULL },
	[XVM_DOMAIN_EVENT_RESUMED] = { {
		[XVM_DOMAIN_EVENT_RESUMED_UNPAUSED] = "Unpaused",
		[XVM_DOMAIN_EVENT_RESUMED_MIGRATED] = "Migrated",
		[XVM_DOMAIN_EVENT_RESUMED_FROM_SNAPSHOT] = "Snapshot",
		[XVM_DOMAIN_EVENT_RESUMED_POSTCOPY] = "Post-copy",
		[XVM_DOMAIN_EVENT_RESUMED_POSTCOPY_FAILED] =
		    "Post-copy Error",
	}, NULL },
	[XVM_DOMAIN_EVENT_STOPPED] = { {
		[XVM_DOMAIN_EVENT_STOPPED_SHUTDOWN] = "Shutdown",
		[XVM_DOMAIN_EVENT_STOPPED_DESTROYED] = "Destroyed",
		[XVM_DOMAIN_EVENT_STOPPED_CRASHED] = "Crashed",
		[XVM_DOMAIN_EVENT_STOPPED_MIGRATED] = "Migrated",
		[XVM_DOMAIN_EVENT_STOPPED_SAVED] = "Saved",
		[XVM_DOMAIN_EVENT_STOPPED_FAILED] = "Failed",
		[XVM_DOMAIN_EVENT_STOPPED_FROM_SNAPSHOT] = "Snapshot",
	}, NULL },
	[XVM_DOMAIN_EVENT_SHUTDOWN] = { {
		[XVM_DOMAIN_EVENT_SHUTDOWN_FINISHED] = "Finished",
		[XVM_DOMAIN_EVENT_SHUTDOWN_GUEST] =
		    "Finished after guest request",
		[XVM_DOMAIN_EVENT_SHUTDOWN_HOST] =
		    "Finished after host request",
	}, NULL },
	[XVM_DOMAIN_EVENT_PMSUSPENDED] = { {
		[XVM_DOMAIN_EVENT_PMSUSPENDED_MEMORY] = "Memory",
		[XVM_DOMAIN_EVENT_PMSUSPENDED_DISK] = "Disk",
	}, NULL },
	[XVM_DOMAIN_EVENT_CRASHED] = { {
		[XVM_DOMAIN_EVENT_CRASHED_PANICKED] = "Panicked",
		[XVM_DOMAIN_EVENT_CRASHED_CRASHLOADED] = "Crashloaded",
	}, NULL },
};

static const char *
word_of(const struct words_of *words, int number)
{
	return NAME_OF(words->list, number,
	    words->other == NULL ? "unknown" : words->other);
}

const char *
event_word(enum event_word kind, int number)
{
	return word_of(&kinds[kind], number);
}

const char *
event_detail(int event, int detail)
{
	if (event < 0 ||
	    (size_t)event >= sizeof(details) / sizeof(details[0]))
		return "unknown";
	return word_of(&details[event], detail);
}
