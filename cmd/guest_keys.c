/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* send-key, send-process-signal: what a guest is told. */
#include <string.h>

#include "../lib/number.h"
#include "domain_options.h"
#include "keycodes.h"

static const struct option send_key_options[] = {
	OPTION_DOMAIN(XVM_CONNECT_LIST_DOMAINS_ACTIVE),
	{ .name = "codeset", .type = OPTION_STRING, .flags = OPTION_NAMED,
	    .help = "whose numbers and names of keys these are, else linux",
	    .complete = complete_keycode_set },
	{ .name = "holdtime", .type = OPTION_INT, .flags = OPTION_NAMED,
	    .help = "milliseconds for which the keys are held" },
	{ .name = "keycode", .type = OPTION_ARGV, .flags = OPTION_REQUIRED,
	    .help = "number or name of a key", .complete = complete_keycode },
	{ 0 }
};

static int
send_key_run(struct cmd *cmd)
{
	unsigned int codes[XVM_DOMAIN_SEND_KEY_MAX_KEYS], n = 0;
	struct xvm_domain_send_key_args args = { 0 };
	const struct xvm_domain *dom = cmd_domain(cmd);
	const char *set_name = cmd_word(cmd, "codeset"), *key;
	int set;

	if (dom == NULL || cmd_uint(cmd, "holdtime", &args.holdtime) < 0)
		return -1;
	if (set_name == NULL || set_name[0] == '\0')
		set_name = "linux";
	set = keycode_set_find(set_name);
	if (set < 0)
		return cmd_error(cmd, "unknown codeset: '%s'", set_name);
	for (; (key = cmd_argv(cmd, n)) != NULL; n++) {
		int code;

		if (n == XVM_DOMAIN_SEND_KEY_MAX_KEYS)
			return cmd_error(cmd, "too many keycodes");
		code = keycode_read(set, key);
		if (code < 0)
			return cmd_error(cmd, "invalid keycode: '%s'", key);
		codes[n] = (unsigned int)code;
	}
	args.dom = *dom;
	args.codeset = (unsigned int)set;
	args.keycodes.keycodes_val = codes;
	args.keycodes.keycodes_len = n;
	return cmd_call(cmd, XVM_CALL_DOMAIN_SEND_KEY, &args) == NULL ? -1 : 0;
}

const struct command command_send_key = {
	.name = "send-key",
	.summary = "press keys of a domain's keyboard",
	.description = "Press some keys of the domain's keyboard together and "
	    "release them.",
	.options = send_key_options,
	.run = send_key_run,
};

static const struct option send_process_signal_options[] = {
	OPTION_DOMAIN(XVM_CONNECT_LIST_DOMAINS_ACTIVE),
	OPTION_WORD("pid", "number of the process", NULL),
	OPTION_WORD("signame", "number or name of the signal",
	    complete_signal),
	{ 0 }
};

/* "9", "kill", "SIGKILL", "sig_kill"; "rt5" for the real-time ones. */
static int
signal_number(struct cmd *cmd, const char *text)
{
	static const char *const names[] = {
		"nop", "hup", "int", "quit", "ill", "trap", "abrt", "bus",
		"fpe", "kill", "usr1", "segv", "usr2", "pipe", "alrm", "term",
		"stkflt", "chld", "cont", "stop", "tstp", "ttin", "ttou",
		"urg", "xcpu", "xfsz", "vtalrm", "prof", "winch", "poll",
		"pwr", "sys",
	};
	char *name = cmd_strdup(cmd, text);
	int32_t number;

	if (number_i32(text, 10, &number) == 0)
		return number;
	for (char *p = name; *p != '\0'; p++) {
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
	}
	if (strncmp(name, "sig", 3) == 0)
		name += name[3] == '_' ? 4 : 3;
	for (int i = 0; i <= XVM_DOMAIN_PROCESS_SIGNAL_RT32 -
	    XVM_DOMAIN_PROCESS_SIGNAL_RT0; i++) {
		if (strcmp(name, cmd_printf(cmd, "rt%d", i)) == 0)
			return (int)XVM_DOMAIN_PROCESS_SIGNAL_RT0 + i;
	}
	return NUMBER_OF(names, name);
}

static int
send_process_signal_run(struct cmd *cmd)
{
	struct xvm_domain_send_process_signal_args args = { 0 };
	const struct xvm_domain *dom = cmd_domain(cmd);
	const char *name;
	int number;

	if (dom == NULL || cmd_i64(cmd, "pid", &args.pid_value) < 0 ||
	    cmd_string(cmd, "signame", &name) != 0)
		return -1;
	number = signal_number(cmd, name);
	if (number < 0)
		return cmd_error(cmd, "malformed signal name: %s", name);
	args.dom = *dom;
	args.signum = (unsigned int)number;
	return cmd_call(cmd, XVM_CALL_DOMAIN_SEND_PROCESS_SIGNAL,
	    &args) == NULL ? -1 : 0;
}

const struct command command_send_process_signal = {
	.name = "send-process-signal",
	.summary = "send a signal to a process of the guest",
	.description = "Send a signal to one of the processes that run in the "
	    "guest.",
	.options = send_process_signal_options,
	.run = send_process_signal_run,
};
