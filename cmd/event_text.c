/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words for each event of a domain: a function for each shape of them. */
#include "event_text.h"

#include <inttypes.h>

#include "../lib/buf.h"
#include "../lib/driver.h"
#include "../lib/uuid.h"
#include "event_words.h"
#include "values.h"

/* Nothing more to say than that it happened. */
static void
print_plain(struct cmd *cmd, const void *msg)
{
	(void)msg;
	cmd_text(cmd, "\n");
}

static void
print_lifecycle(struct cmd *cmd, const void *v)
{
	const struct xvm_domain_event_lifecycle_msg *m =
	    &((const struct xvm_domain_event_callback_lifecycle_msg *)v)->msg;
	const char *change = event_word(WORD_LIFECYCLE, m->event);
	const char *detail = event_detail(m->event, m->detail);

	cmd_field(cmd, "change", value_string(change), ": %s", change);
	cmd_field(cmd, "detail", value_string(detail), " %s\n", detail);
}

static void
print_rtc_change(struct cmd *cmd, const void *v)
{
	int64_t offset = ((const struct
	    xvm_domain_event_callback_rtc_change_msg *)v)->msg.offset;

	cmd_field(cmd, "utc_offset_s", value_int(offset), ": %" PRId64 "\n",
	    offset);
}

static void
print_watchdog(struct cmd *cmd, const void *v)
{
	const char *action = event_word(WORD_WATCHDOG, ((const struct
	    xvm_domain_event_callback_watchdog_msg *)v)->msg.action);

	cmd_field(cmd, "action", value_string(action), ": %s\n", action);
}

static void
print_io_error_source(struct cmd *cmd, const char *path, const char *alias,
    int action)
{
	const char *text = event_word(WORD_IO_ERROR, action);

	cmd_field(cmd, "source_path", value_string(path), ": %s", path);
	cmd_field(cmd, "device_alias", value_string(alias), " (%s)", alias);
	cmd_field(cmd, "action", value_string(text), " %s", text);
}

static void
print_io_error(struct cmd *cmd, const void *v)
{
	const struct xvm_domain_event_io_error_msg *m =
	    &((const struct xvm_domain_event_callback_io_error_msg *)v)->msg;

	print_io_error_source(cmd, m->src_path, m->dev_alias, m->action);
	cmd_text(cmd, "\n");
}

static void
print_io_error_reason(struct cmd *cmd, const void *v)
{
	const struct xvm_domain_event_io_error_reason_msg *m = &((const struct
	    xvm_domain_event_callback_io_error_reason_msg *)v)->msg;

	print_io_error_source(cmd, m->src_path, m->dev_alias, m->action);
	cmd_field(cmd, "reason", value_string(m->reason), " due to %s\n",
	    m->reason);
}

static void
print_address(struct cmd *cmd, const char *key,
    const struct xvm_domain_event_graphics_address *a)
{
	const char *family = event_word(WORD_GRAPHICS_FAMILY, a->family);

	cmd_object_begin(cmd, key);
	cmd_field(cmd, "family", value_string(family), " %s[%s", key, family);
	cmd_field(cmd, "node", value_string(a->node), " %s", a->node);
	cmd_field(cmd, "service", value_string(a->service), " %s]",
	    a->service);
	cmd_object_end(cmd);
}

static void
print_graphics(struct cmd *cmd, const void *v)
{
	const struct xvm_domain_event_graphics_msg *m =
	    &((const struct xvm_domain_event_callback_graphics_msg *)v)->msg;
	const char *phase = event_word(WORD_GRAPHICS_PHASE, m->phase);

	cmd_field(cmd, "phase", value_string(phase), ": %s", phase);
	print_address(cmd, "local", &m->local);
	print_address(cmd, "remote", &m->remote);
	cmd_field(cmd, "auth_scheme", value_string(m->auth_scheme), " %s\n",
	    m->auth_scheme);
	cmd_array_begin(cmd, "identities");
	for (unsigned int i = 0; i < m->subject.subject_len; i++) {
		const struct xvm_domain_event_graphics_identity *id =
		    &m->subject.subject_val[i];

		cmd_object_begin(cmd, NULL);
		cmd_field(cmd, "type", value_string(id->type), "\t%s",
		    id->type);
		cmd_field(cmd, "name", value_string(id->name), "=%s\n",
		    id->name);
		cmd_object_end(cmd);
	}
	cmd_array_end(cmd);
}

static void
print_job(struct cmd *cmd, const char *disk, int type, int status)
{
	const char *job = event_word(WORD_BLOCK_JOB, type);
	const char *end = event_word(WORD_BLOCK_JOB_STATUS, status);

	cmd_field(cmd, "job", value_string(job), ": %s for", job);
	cmd_field(cmd, "disk", value_string(disk), " %s", disk);
	cmd_field(cmd, "status", value_string(end), " %s\n", end);
}

static void
print_block_job(struct cmd *cmd, const void *v)
{
	const struct xvm_domain_event_block_job_msg *m =
	    &((const struct xvm_domain_event_callback_block_job_msg *)v)->msg;

	print_job(cmd, m->path, m->type, m->status);
}

static void
print_block_job_2(struct cmd *cmd, const void *v)
{
	const struct xvm_domain_event_block_job_2_msg *m = v;

	print_job(cmd, m->dst, m->type, m->status);
}

static void
print_disk_change(struct cmd *cmd, const void *v)
{
	const struct xvm_domain_event_disk_change_msg *m = &((const struct
	    xvm_domain_event_callback_disk_change_msg *)v)->msg;
	const char *old = m->old_src_path == NULL ? NULL : *m->old_src_path;
	const char *new = m->new_src_path == NULL ? NULL : *m->new_src_path;
	const char *reason = event_word(WORD_DISK_CHANGE, m->reason);

	cmd_field(cmd, "device_alias", value_string(m->dev_alias),
	    " disk %s:", m->dev_alias);
	cmd_field(cmd, "old_source", value_string(old), " %s ->",
	    old == NULL ? "<null>" : old);
	cmd_field(cmd, "new_source", value_string(new), " %s:",
	    new == NULL ? "<null>" : new);
	cmd_field(cmd, "reason", value_string(reason), " %s\n", reason);
}

static void
print_tray_change(struct cmd *cmd, const void *v)
{
	const struct xvm_domain_event_tray_change_msg *m = &((const struct
	    xvm_domain_event_callback_tray_change_msg *)v)->msg;
	const char *reason = event_word(WORD_TRAY_CHANGE, m->reason);

	cmd_field(cmd, "device_alias", value_string(m->dev_alias),
	    " disk %s:", m->dev_alias);
	cmd_field(cmd, "reason", value_string(reason), " %s\n", reason);
}

static void
print_balloon_change(struct cmd *cmd, const void *v)
{
	uint64_t actual = ((const struct
	    xvm_domain_event_callback_balloon_change_msg *)v)->msg.actual;

	cmd_field(cmd, "actual_kib", value_uint(actual), ": %" PRIu64 "KiB\n",
	    actual);
}

static void
print_alias(struct cmd *cmd, const char *alias)
{
	cmd_field(cmd, "device_alias", value_string(alias), ": %s\n", alias);
}

static void
print_device_removed(struct cmd *cmd, const void *v)
{
	print_alias(cmd, ((const struct
	    xvm_domain_event_callback_device_removed_msg *)v)->msg.dev_alias);
}

static void
print_device_added(struct cmd *cmd, const void *v)
{
	print_alias(cmd, ((const struct
	    xvm_domain_event_callback_device_added_msg *)v)->dev_alias);
}

static void
print_device_removal_failed(struct cmd *cmd, const void *v)
{
	print_alias(cmd, ((const struct
	    xvm_domain_event_callback_device_removal_failed_msg *)v)->
	    dev_alias);
}

static void
print_params(struct cmd *cmd, const struct xvm_typed_param *v, unsigned int n)
{
	struct buf text = BUF_INIT;

	cmd_text(cmd, ":\n");
	cmd_object_begin(cmd, "parameters");
	for (; n-- > 0; v++) {
		buf_clear(&text);
		param_format_raw(v, &text);
		cmd_field(cmd, v->field, param_value(v), "\t%s: %s\n",
		    v->field, buf_str(&text));
	}
	cmd_object_end(cmd);
	buf_release(&text);
}

static void
print_tunable(struct cmd *cmd, const void *v)
{
	const struct xvm_domain_event_callback_tunable_msg *m = v;

	print_params(cmd, m->params.params_val, m->params.params_len);
}

static void
print_job_completed(struct cmd *cmd, const void *v)
{
	const struct xvm_domain_event_callback_job_completed_msg *m = v;

	print_params(cmd, m->params.params_val, m->params.params_len);
}

static void
print_agent_lifecycle(struct cmd *cmd, const void *v)
{
	const struct xvm_domain_event_callback_agent_lifecycle_msg *m = v;
	const char *state = event_word(WORD_AGENT_STATE, m->state);
	const char *reason = event_word(WORD_AGENT_REASON, m->reason);

	cmd_field(cmd, "state", value_string(state), ": state: '%s'", state);
	cmd_field(cmd, "reason", value_string(reason), " reason: '%s'\n",
	    reason);
}

static void
print_migration_iteration(struct cmd *cmd, const void *v)
{
	int n = ((const struct
	    xvm_domain_event_callback_migration_iteration_msg *)v)->iteration;

	cmd_field(cmd, "iteration", value_int(n), ": iteration: '%d'\n", n);
}

static void
print_metadata_change(struct cmd *cmd, const void *v)
{
	const struct xvm_domain_event_callback_metadata_change_msg *m = v;
	const char *type = event_word(WORD_METADATA, m->type);
	const char *uri = m->nsuri == NULL ? NULL : *m->nsuri;

	cmd_field(cmd, "type", value_string(type), ": type %s,", type);
	cmd_field(cmd, "uri", value_string(uri), " uri %s\n",
	    uri == NULL ? "<null>" : uri);
}

static void
print_block_threshold(struct cmd *cmd, const void *v)
{
	const struct xvm_domain_event_block_threshold_msg *m = v;
	const char *path = m->path == NULL ? NULL : *m->path;

	cmd_field(cmd, "device", value_string(m->dev), ": dev: %s", m->dev);
	cmd_field(cmd, "path", value_string(path), "(%s)",
	    path == NULL ? "<null>" : path);
	cmd_field(cmd, "threshold_bytes", value_uint(m->threshold),
	    " %" PRIu64, m->threshold);
	cmd_field(cmd, "excess_bytes", value_uint(m->excess),
	    " %" PRIu64 "\n", m->excess);
}

static void
print_memory_failure(struct cmd *cmd, const void *v)
{
	const struct xvm_domain_event_memory_failure_msg *m = v;
	const char *who = event_word(WORD_MEMORY_FAILURE_RECIPIENT,
	    m->recipient);
	const char *what = event_word(WORD_MEMORY_FAILURE_ACTION, m->action);
	bool required =
	    (m->flags & XVM_DOMAIN_MEMORY_FAILURE_ACTION_REQUIRED) != 0;
	bool recursive = (m->flags & XVM_DOMAIN_MEMORY_FAILURE_RECURSIVE) != 0;

	cmd_field(cmd, "recipient", value_string(who), ":\nrecipient: %s\n",
	    who);
	cmd_field(cmd, "action", value_string(what), "action: %s\n", what);
	cmd_field(cmd, "action_required", value_bool(required),
	    "flags:\n\taction required: %d\n", required);
	cmd_field(cmd, "recursive", value_bool(recursive),
	    "\trecursive: %d\n", recursive);
}

static void
print_memory_device_size(struct cmd *cmd, const void *v)
{
	const struct xvm_domain_event_memory_device_size_change_msg *m = v;

	cmd_field(cmd, "device_alias", value_string(m->alias),
	    ":\nalias: %s\n", m->alias);
	cmd_field(cmd, "size_bytes", value_uint(m->size),
	    "size: %" PRIu64 "\n", m->size);
}

/* By XVM_DOMAIN_EVENT_ID_*. */
static const struct shape {
	const char *name;
	void (*print)(struct cmd *cmd, const void *msg);
} shapes[] = {
	[XVM_DOMAIN_EVENT_ID_LIFECYCLE] = { "lifecycle", print_lifecycle },
	[XVM_DOMAIN_EVENT_ID_REBOOT] = { "reboot", print_plain },
	[XVM_DOMAIN_EVENT_ID_RTC_CHANGE] = { "rtc-change", print_rtc_change },
	[XVM_DOMAIN_EVENT_ID_WATCHDOG] = { "watchdog", print_watchdog },
	[XVM_DOMAIN_EVENT_ID_IO_ERROR] = { "io-error", print_io_error },
	[XVM_DOMAIN_EVENT_ID_GRAPHICS] = { "graphics", print_graphics },
	[XVM_DOMAIN_EVENT_ID_IO_ERROR_REASON] =
	    { "io-error-reason", print_io_error_reason },
	[XVM_DOMAIN_EVENT_ID_CONTROL_ERROR] =
	    { "control-error", print_plain },
	[XVM_DOMAIN_EVENT_ID_BLOCK_JOB] = { "block-job", print_block_job },
	[XVM_DOMAIN_EVENT_ID_DISK_CHANGE] =
	    { "disk-change", print_disk_change },
	[XVM_DOMAIN_EVENT_ID_TRAY_CHANGE] =
	    { "tray-change", print_tray_change },
	[XVM_DOMAIN_EVENT_ID_PMWAKEUP] = { "pm-wakeup", print_plain },
	[XVM_DOMAIN_EVENT_ID_PMSUSPEND] = { "pm-suspend", print_plain },
	[XVM_DOMAIN_EVENT_ID_BALLOON_CHANGE] =
	    { "balloon-change", print_balloon_change },
	[XVM_DOMAIN_EVENT_ID_PMSUSPEND_DISK] =
	    { "pm-suspend-disk", print_plain },
	[XVM_DOMAIN_EVENT_ID_DEVICE_REMOVED] =
	    { "device-removed", print_device_removed },
	[XVM_DOMAIN_EVENT_ID_BLOCK_JOB_2] =
	    { "block-job-2", print_block_job_2 },
	[XVM_DOMAIN_EVENT_ID_TUNABLE] = { "tunable", print_tunable },
	[XVM_DOMAIN_EVENT_ID_AGENT_LIFECYCLE] =
	    { "agent-lifecycle", print_agent_lifecycle },
	[XVM_DOMAIN_EVENT_ID_DEVICE_ADDED] =
	    { "device-added", print_device_added },
	[XVM_DOMAIN_EVENT_ID_MIGRATION_ITERATION] =
	    { "migration-iteration", print_migration_iteration },
	[XVM_DOMAIN_EVENT_ID_JOB_COMPLETED] =
	    { "job-completed", print_job_completed },
	[XVM_DOMAIN_EVENT_ID_DEVICE_REMOVAL_FAILED] =
	    { "device-removal-failed", print_device_removal_failed },
	[XVM_DOMAIN_EVENT_ID_METADATA_CHANGE] =
	    { "metadata-change", print_metadata_change },
	[XVM_DOMAIN_EVENT_ID_BLOCK_THRESHOLD] =
	    { "block-threshold", print_block_threshold },
	[XVM_DOMAIN_EVENT_ID_MEMORY_FAILURE] =
	    { "memory-failure", print_memory_failure },
	[XVM_DOMAIN_EVENT_ID_MEMORY_DEVICE_SIZE_CHANGE] =
	    { "memory-device-size-change", print_memory_device_size },
};

#define N_SHAPES (sizeof(shapes) / sizeof(shapes[0]))

const char *
event_name(size_t id)
{
	return id < N_SHAPES ? shapes[id].name : NULL;
}

int
event_id(const struct event *event)
{
	const struct call_type *type = call_type(event->number);

	/* Messages of old, without a callback's id, are not ours. */
	if (type == NULL || event_domain(event) == NULL || type->event < 0 ||
	    (size_t)type->event >= N_SHAPES)
		return -1;
	return type->event;
}

void
event_print(struct cmd *cmd, const struct event *event, const char *when)
{
	const struct xvm_domain *dom = event_domain(event);
	const struct shape *shape = &shapes[event_id(event)];
	char uuid[UUID_TEXT_SIZE];

	if (when != NULL)
		cmd_field(cmd, "timestamp", value_string(when), "%s: ", when);
	cmd_field(cmd, "event", value_string(shape->name), "event '%s'",
	    shape->name);
	(void)uuid_format(UUID_BYTES(dom->uuid), uuid);
	cmd_field(cmd, "domain", value_string(dom->name), " for domain '%s'",
	    dom->name);
	cmd_datum(cmd, "uuid", value_string(uuid));
	cmd_datum(cmd, "id", dom->id < 0 ? value_null() :
	    value_int(dom->id));
	shape->print(cmd, event->msg);
}
