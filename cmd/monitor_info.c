/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* dominfo, domstate, domcontrol: what a domain is and what it does. */
#include <inttypes.h>
#include <limits.h>
#include <string.h>

#include "../lib/uuid.h"
#include "domain_options.h"
#include "monitor_state.h"

#define LINE "%-15s %s\n"

/* The questions of dominfo, one batch. */
enum {
	ASK_OS_TYPE,
	ASK_INFO,
	ASK_PERSISTENT,
	ASK_AUTOSTART,
	ASK_MANAGED_SAVE,
	ASK_SECURITY_MODEL,
	ASK_SECURITY_LABEL,
	ASK_MESSAGES,
	N_ASKED,
};

static struct call *
ask(struct cmd *cmd, const struct xvm_domain *dom)
{
	/* Each of these has the domain first and flags, all 0, behind it. */
	static const int numbers[N_ASKED] = {
		[ASK_OS_TYPE] = XVM_CALL_DOMAIN_GET_OS_TYPE,
		[ASK_INFO] = XVM_CALL_DOMAIN_GET_INFO,
		[ASK_PERSISTENT] = XVM_CALL_DOMAIN_IS_PERSISTENT,
		[ASK_AUTOSTART] = XVM_CALL_DOMAIN_GET_AUTOSTART,
		[ASK_MANAGED_SAVE] = XVM_CALL_DOMAIN_HAS_MANAGED_SAVE_IMAGE,
		[ASK_SECURITY_MODEL] = XVM_CALL_NODE_GET_SECURITY_MODEL,
		[ASK_SECURITY_LABEL] = XVM_CALL_DOMAIN_GET_SECURITY_LABEL,
		[ASK_MESSAGES] = XVM_CALL_DOMAIN_GET_MESSAGES,
	};
	struct xvm_domain_get_messages_args *args =
	    cmd_alloc(cmd, sizeof(*args));
	struct call *calls = cmd_batch(cmd, N_ASKED);

	args->dom = *dom;
	for (size_t i = 0; i < N_ASKED; i++)
		cmd_batch_set(cmd, &calls[i], numbers[i],
		    i == ASK_SECURITY_MODEL ? NULL : args);
	(void)cmd_submit(cmd, calls, N_ASKED);
	return calls;
}

static void
print_identity(struct cmd *cmd, const struct xvm_domain *dom)
{
	char uuid[UUID_TEXT_SIZE];

	(void)uuid_format(UUID_BYTES(dom->uuid), uuid);
	if (dom->id < 0)
		cmd_field(cmd, "id", value_null(), LINE, "Id:", "-");
	else
		cmd_field(cmd, "id", value_int(dom->id), "%-15s %d\n", "Id:",
		    dom->id);
	cmd_field(cmd, "name", value_string(dom->name), LINE, "Name:",
	    dom->name);
	cmd_field(cmd, "uuid", value_string(uuid), LINE, "UUID:", uuid);
}

static void
print_info(struct cmd *cmd, const struct xvm_domain_get_info_ret *info)
{
	const char *state = domain_state_text(info->state);

	cmd_field(cmd, "state", value_string(state), LINE, "State:", state);
	cmd_field(cmd, "cpus", value_uint(info->nr_virt_cpu), "%-15s %d\n",
	    "CPU(s):", info->nr_virt_cpu);
	cmd_datum(cmd, "cpu_time_ns", value_uint(info->cpu_time));
	if (info->cpu_time != 0)
		cmd_text(cmd, "%-15s %.1fs\n", "CPU time:",
		    (double)info->cpu_time / 1e9);
	if (info->max_mem == UINT_MAX)
		cmd_field(cmd, "max_memory_kib", value_null(), LINE,
		    "Max memory:", "no limit");
	else
		cmd_field(cmd, "max_memory_kib", value_uint(info->max_mem),
		    "%-15s %" PRIu64 " KiB\n", "Max memory:", info->max_mem);
	cmd_field(cmd, "used_memory_kib", value_uint(info->memory),
	    "%-15s %" PRIu64 " KiB\n", "Used memory:", info->memory);
}

/* A yes or no that the server may not know. */
static void
print_answer(struct cmd *cmd, const char *key, const char *label, int answer)
{
	cmd_field(cmd, key, answer < 0 ? value_null() : value_bool(answer != 0),
	    LINE, label, answer < 0 ? "unknown" : answer ? "yes" : "no");
}

/* 0, or -1: what virsh takes for a failure of the whole command. */
static int
print_security(struct cmd *cmd, struct call *calls)
{
	const struct xvm_node_get_security_model_ret *model =
	    calls[ASK_SECURITY_MODEL].ret;
	const struct xvm_domain_get_security_label_ret *label =
	    calls[ASK_SECURITY_LABEL].ret;
	const char *text;

	if (calls[ASK_SECURITY_MODEL].rc != 0) {
		if (calls[ASK_SECURITY_MODEL].err.code == XVM_ERR_NO_SUPPORT)
			return 0;
		cmd_take_error(cmd, &calls[ASK_SECURITY_MODEL]);
		return -1;
	}
	text = cmd_printf(cmd, "%.*s", (int)model->model.model_len,
	    model->model.model_val);
	if (text[0] == '\0')
		return 0;
	cmd_field(cmd, "security_model", value_string(text), LINE,
	    "Security model:", text);
	text = cmd_printf(cmd, "%.*s", (int)model->doi.doi_len,
	    model->doi.doi_val);
	cmd_field(cmd, "security_doi", value_string(text), LINE,
	    "Security DOI:", text);
	if (calls[ASK_SECURITY_LABEL].rc != 0) {
		cmd_take_error(cmd, &calls[ASK_SECURITY_LABEL]);
		return -1;
	}
	text = cmd_printf(cmd, "%.*s", (int)label->label.label_len,
	    label->label.label_val);
	if (text[0] == '\0')
		return 0;
	cmd_field(cmd, "security_label", value_string(text), "%-15s %s (%s)\n",
	    "Security label:", text,
	    label->enforcing ? "enforcing" : "permissive");
	cmd_datum(cmd, "security_enforcing", value_bool(label->enforcing != 0));
	return 0;
}

static void
print_messages(struct cmd *cmd, const struct call *call)
{
	const struct xvm_domain_get_messages_ret *ret = call->ret;

	if (call->rc != 0 || ret->msgs.msgs_len == 0)
		return;
	cmd_array_begin(cmd, "messages");
	for (unsigned int i = 0; i < ret->msgs.msgs_len; i++)
		cmd_field(cmd, NULL, value_string(ret->msgs.msgs_val[i]), LINE,
		    i == 0 ? "Messages:" : "", ret->msgs.msgs_val[i]);
	cmd_array_end(cmd);
}

static int
dominfo_run(struct cmd *cmd)
{
	const struct xvm_domain *dom = cmd_domain(cmd);
	const struct xvm_domain_get_os_type_ret *os;
	const struct xvm_domain_is_persistent_ret *persistent;
	const struct xvm_domain_get_autostart_ret *autostart;
	const struct xvm_domain_has_managed_save_image_ret *saved;
	struct call *calls;
	int rc = 0, answer;

	if (dom == NULL)
		return -1;
	calls = ask(cmd, dom);
	os = calls[ASK_OS_TYPE].ret;
	persistent = calls[ASK_PERSISTENT].ret;
	autostart = calls[ASK_AUTOSTART].ret;
	saved = calls[ASK_MANAGED_SAVE].ret;

	print_identity(cmd, dom);
	if (calls[ASK_OS_TYPE].rc == 0)
		cmd_field(cmd, "os_type", value_string(os->type), LINE,
		    "OS Type:", os->type);
	if (calls[ASK_INFO].rc == 0) {
		print_info(cmd, calls[ASK_INFO].ret);
	} else {
		cmd_take_error(cmd, &calls[ASK_INFO]);
		rc = -1;
	}
	answer = calls[ASK_PERSISTENT].rc != 0 ? -1 : persistent->persistent;
	cmd_debug(cmd, SESSION_DEBUG, "Domain persistent flag value: %d\n",
	    answer);
	print_answer(cmd, "persistent", "Persistent:", answer);
	if (calls[ASK_AUTOSTART].rc == 0)
		cmd_field(cmd, "autostart", value_bool(autostart->autostart),
		    LINE, "Autostart:",
		    autostart->autostart ? "enable" : "disable");
	print_answer(cmd, "managed_save", "Managed save:",
	    calls[ASK_MANAGED_SAVE].rc != 0 ? -1 : saved->result);
	if (print_security(cmd, calls) != 0)
		return -1;
	print_messages(cmd, &calls[ASK_MESSAGES]);
	return rc;
}

static const struct option dominfo_options[] = {
	OPTION_DOMAIN(0),
	{ 0 },
};

const struct command command_dominfo = {
	.name = "dominfo",
	.summary = "show what a domain is",
	.description = "Shows identity, state, memory and CPUs of a domain.",
	.options = dominfo_options,
	.run = dominfo_run,
};

static int
domstate_run(struct cmd *cmd)
{
	const struct xvm_domain *dom = cmd_domain(cmd);
	struct xvm_domain_get_state_args args = { 0 };
	const struct xvm_domain_get_state_ret *ret;
	const char *state, *reason;

	if (dom == NULL)
		return -1;
	args.dom = *dom;
	ret = cmd_call(cmd, XVM_CALL_DOMAIN_GET_STATE, &args);
	if (ret == NULL)
		return -1;
	state = domain_state_text(ret->state);
	reason = domain_reason_text(ret->state, ret->reason);
	cmd_field(cmd, "state", value_string(state), "%s", state);
	if (cmd_has(cmd, "reason"))
		cmd_field(cmd, "reason", value_string(reason), " (%s)",
		    reason);
	cmd_text(cmd, "\n");
	return 0;
}

static const struct option domstate_options[] = {
	OPTION_DOMAIN(0),
	OPTION_SWITCH("reason", "print why it is in that state as well"),
	{ 0 },
};

const struct command command_domstate = {
	.name = "domstate",
	.summary = "show the state of a domain",
	.description = "Shows the state that a domain is in.",
	.options = domstate_options,
	.run = domstate_run,
};

static int
domcontrol_run(struct cmd *cmd)
{
	static const char *const states[] = {
		[XVM_DOMAIN_CONTROL_OK] = "ok",
		[XVM_DOMAIN_CONTROL_JOB] = "background job",
		[XVM_DOMAIN_CONTROL_OCCUPIED] = "occupied",
		[XVM_DOMAIN_CONTROL_ERROR] = "error",
	};
	static const char *const reasons[] = {
		[XVM_DOMAIN_CONTROL_ERROR_REASON_NONE] = "",
		[XVM_DOMAIN_CONTROL_ERROR_REASON_UNKNOWN] = "unknown",
		[XVM_DOMAIN_CONTROL_ERROR_REASON_MONITOR] = "monitor failure",
		[XVM_DOMAIN_CONTROL_ERROR_REASON_INTERNAL] =
		    "internal (locking) error",
	};
	const struct xvm_domain *dom = cmd_domain(cmd);
	struct xvm_domain_get_control_info_args args = { 0 };
	const struct xvm_domain_get_control_info_ret *ret;
	const char *state, *reason;

	if (dom == NULL)
		return -1;
	args.dom = *dom;
	ret = cmd_call(cmd, XVM_CALL_DOMAIN_GET_CONTROL_INFO, &args);
	if (ret == NULL)
		return -1;
	state = NAME_OF(states, (int)ret->state, "unknown");
	cmd_field(cmd, "state", value_string(state), "%s", state);
	if (ret->state != XVM_DOMAIN_CONTROL_OK &&
	    ret->state != XVM_DOMAIN_CONTROL_ERROR) {
		cmd_field(cmd, "state_time_ms", value_uint(ret->state_time),
		    " (%0.3fs)", (double)ret->state_time / 1000.0);
	} else if (ret->state == XVM_DOMAIN_CONTROL_ERROR &&
	    ret->details > 0) {
		reason = NAME_OF(reasons, (int)ret->details, "unknown");
		cmd_field(cmd, "reason", value_string(reason), ": %s", reason);
	}
	cmd_text(cmd, "\n");
	return 0;
}

static const struct option domcontrol_options[] = {
	OPTION_DOMAIN(XVM_CONNECT_LIST_DOMAINS_ACTIVE),
	{ 0 },
};

const struct command command_domcontrol = {
	.name = "domcontrol",
	.summary = "show the state of a domain's control interface",
	.description = "Shows whether the interface that controls a domain "
	    "is free to be used.",
	.options = domcontrol_options,
	.run = domcontrol_run,
};
