/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What local drivers have in common. */
#include "driver.h"

#include <stdlib.h>

#include "buf.h"
#include "legacy_calls.h"

static driver_handler *
slot(driver_handler *const *table, size_t n_table, int number)
{
	return number > 0 && (size_t)number < n_table ? table[number] : NULL;
}

int
driver_answers_by(driver_handler *const *table, size_t n_table, int number)
{
	int today = legacy_call_today(number);

	if (slot(table, n_table, number) != NULL)
		return number;
	return slot(table, n_table, today) != NULL ? today : 0;
}

void
driver_dispatch(driver_handler *const *table, size_t n_table, void *state,
    struct call *calls, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct call *call = &calls[i];
		const struct call_type *type = call_type(call->number);
		int by;

		if (call->rc != CALL_PENDING)
			continue;
		by = driver_answers_by(table, n_table, call->number);
		if (by == 0)
			call->rc = error_unsupported(&call->err, type->api);
		else if (by == call->number)
			call->rc = table[by](state, call);
		else
			call->rc = legacy_call_answer(table[by], state, call);
		if (call->rc != 0 && call->ret != NULL)
			call_value_free(type, CALL_RET, call->ret);
	}
}

void
event_release(struct event *ev)
{
	if (ev->msg != NULL) {
		call_value_free(call_type(ev->number), CALL_ARGS, ev->msg);
		free(ev->msg);
	}
	ev->msg = NULL;
}

int
event_copy(const struct event *src, struct event *dst_out, struct error *err)
{
	const struct call_type *type = call_type(src->number);
	struct buf buf = BUF_INIT;
	void *msg = NULL;
	int rc;

	dst_out->msg = NULL;
	rc = call_encode(type, CALL_ARGS, src->msg, &buf, err);
	if (rc != 0)
		goto out;
	msg = calloc(1, type->part[CALL_ARGS].size);
	if (msg == NULL) {
		rc = error_nomem(err);
		goto out;
	}
	rc = call_decode(type, CALL_ARGS, buf.data, buf.len, msg, err);
	if (rc != 0)
		goto out;
	dst_out->number = src->number;
	dst_out->msg = msg;
	msg = NULL;
out:
	free(msg);
	buf_release(&buf);
	return rc;
}

const struct xvm_domain *
event_domain(const struct event *ev)
{
	switch (ev->number) {
#define NESTED(NAME, name) \
	case XVM_CALL_DOMAIN_EVENT_CALLBACK_##NAME: \
		return &((const struct xvm_domain_event_callback_##name##_msg \
		    *)ev->msg)->msg.dom;
#define FLAT(NAME, name) \
	case XVM_CALL_DOMAIN_EVENT_##NAME: \
		return &((const struct xvm_domain_event_##name##_msg \
		    *)ev->msg)->dom;
	NESTED(LIFECYCLE, lifecycle)
	NESTED(REBOOT, reboot)
	NESTED(RTC_CHANGE, rtc_change)
	NESTED(WATCHDOG, watchdog)
	NESTED(IO_ERROR, io_error)
	NESTED(GRAPHICS, graphics)
	NESTED(IO_ERROR_REASON, io_error_reason)
	NESTED(CONTROL_ERROR, control_error)
	NESTED(BLOCK_JOB, block_job)
	NESTED(DISK_CHANGE, disk_change)
	NESTED(TRAY_CHANGE, tray_change)
	NESTED(PMWAKEUP, pmwakeup)
	NESTED(PMSUSPEND, pmsuspend)
	NESTED(BALLOON_CHANGE, balloon_change)
	NESTED(PMSUSPEND_DISK, pmsuspend_disk)
	NESTED(DEVICE_REMOVED, device_removed)
	FLAT(BLOCK_JOB_2, block_job_2)
	FLAT(CALLBACK_TUNABLE, callback_tunable)
	FLAT(CALLBACK_AGENT_LIFECYCLE, callback_agent_lifecycle)
	FLAT(CALLBACK_DEVICE_ADDED, callback_device_added)
	FLAT(CALLBACK_MIGRATION_ITERATION, callback_migration_iteration)
	FLAT(CALLBACK_JOB_COMPLETED, callback_job_completed)
	FLAT(CALLBACK_DEVICE_REMOVAL_FAILED, callback_device_removal_failed)
	FLAT(CALLBACK_METADATA_CHANGE, callback_metadata_change)
	FLAT(BLOCK_THRESHOLD, block_threshold)
	FLAT(MEMORY_FAILURE, memory_failure)
	FLAT(MEMORY_DEVICE_SIZE_CHANGE, memory_device_size_change)
#undef NESTED
#undef FLAT
	default:
		return NULL;
	}
}
