/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Commands about the guest's agent and keys, its secret and its memory. */
#include <string.h>

#include "domain_options.h"
#include "input.h"
#include "params.h"

static const struct option guest_agent_timeout_options[] = {
	OPTION_DOMAIN(0),
	{ .name = "timeout", .type = OPTION_INT, .flags = OPTION_NAMED,
	    .help = "seconds; -2 to wait for ever, -1 for the default, 0 to "
	    "not wait" },
	{ 0 }
};

static int
guest_agent_timeout_run(struct cmd *cmd)
{
	struct xvm_domain_agent_set_response_timeout_args args = {
		.timeout = XVM_DOMAIN_AGENT_RESPONSE_TIMEOUT_BLOCK,
	};
	const struct xvm_domain *dom = cmd_domain(cmd);

	if (dom == NULL || cmd_int(cmd, "timeout", &args.timeout) < 0)
		return -1;
	args.dom = *dom;
	return cmd_call(cmd, XVM_CALL_DOMAIN_AGENT_SET_RESPONSE_TIMEOUT,
	    &args) == NULL ? -1 : 0;
}

const struct command command_guest_agent_timeout = {
	.name = "guest-agent-timeout",
	.summary = "set how long to wait for a guest's agent",
	.description = "Set how many seconds the guest's agent may take for an "
	    "answer.",
	.options = guest_agent_timeout_options,
	.run = guest_agent_timeout_run,
};

static const struct option get_user_sshkeys_options[] = {
	OPTION_DOMAIN(XVM_CONNECT_LIST_DOMAINS_ACTIVE),
	OPTION_WORD("user", "name of the guest's user", NULL),
	{ 0 }
};

static int
get_user_sshkeys_run(struct cmd *cmd)
{
	struct xvm_domain_authorized_ssh_keys_get_args args = { 0 };
	const struct xvm_domain_authorized_ssh_keys_get_ret *ret;
	const struct xvm_domain *dom = cmd_domain(cmd);
	const char *user;

	if (dom == NULL || cmd_string(cmd, "user", &user) != 0)
		return -1;
	args.dom = *dom;
	args.user = call_text(user);
	ret = cmd_call(cmd, XVM_CALL_DOMAIN_AUTHORIZED_SSH_KEYS_GET, &args);
	if (ret == NULL)
		return -1;
	cmd_array_begin(cmd, "ssh_keys");
	/* One after the other, with nothing between, as virsh has it. */
	for (unsigned int i = 0; i < ret->keys.keys_len; i++)
		cmd_field(cmd, NULL, value_string(ret->keys.keys_val[i]), "%s",
		    ret->keys.keys_val[i]);
	cmd_array_end(cmd);
	return 0;
}

const struct command command_get_user_sshkeys = {
	.name = "get-user-sshkeys",
	.summary = "list the ssh keys of a guest's user",
	.description = "Ask the guest's agent with which ssh keys one may log "
	    "in as a user.",
	.options = get_user_sshkeys_options,
	.run = get_user_sshkeys_run,
};

static const struct option set_user_sshkeys_options[] = {
	OPTION_DOMAIN(XVM_CONNECT_LIST_DOMAINS_ACTIVE),
	OPTION_WORD("user", "name of the guest's user", NULL),
	OPTION_TEXT("file", "file with the keys, one a line", complete_file),
	OPTION_SWITCH("reset", "remove all other keys"),
	OPTION_SWITCH("remove", "remove the keys instead of adding them"),
	{ 0 }
};

/* The lines of a file, the empty one behind the last line feed too. */
static int
read_keys(struct cmd *cmd, const char *path,
    struct xvm_domain_authorized_ssh_keys_set_args *args)
{
	char *rest = cmd_read_file(cmd, path);
	unsigned int n = 1, i = 0;

	if (rest == NULL)
		return -1;
	if (rest[0] == '\0')
		return cmd_error(cmd, "File %s contains no keys", path);
	for (const char *p = rest; *p != '\0'; p++)
		n += *p == '\n';
	args->keys.keys_val = cmd_alloc(cmd, n * sizeof(xvm_str));
	args->keys.keys_len = n;
	while (rest != NULL)
		args->keys.keys_val[i++] = strsep(&rest, "\n");
	return 0;
}

static int
set_user_sshkeys_run(struct cmd *cmd)
{
	struct xvm_domain_authorized_ssh_keys_set_args args = { 0 };
	const struct xvm_domain *dom;
	const char *user, *file;

	if (cmd_requires(cmd, "remove", "file") != 0 ||
	    cmd_exclusive(cmd, "reset", "remove") != 0 ||
	    (dom = cmd_domain(cmd)) == NULL ||
	    cmd_string(cmd, "user", &user) != 0 ||
	    cmd_string(cmd, "file", &file) != 0)
		return -1;
	if (cmd_has(cmd, "remove"))
		args.flags = XVM_DOMAIN_AUTHORIZED_SSH_KEYS_SET_REMOVE;
	else if (!cmd_has(cmd, "reset"))
		args.flags = XVM_DOMAIN_AUTHORIZED_SSH_KEYS_SET_APPEND;
	if (args.flags != 0 && file == NULL)
		return cmd_error(cmd, "Option --file is required");
	if (file != NULL && read_keys(cmd, file, &args) != 0)
		return -1;
	args.dom = *dom;
	args.user = call_text(user);
	return cmd_call(cmd, XVM_CALL_DOMAIN_AUTHORIZED_SSH_KEYS_SET,
	    &args) == NULL ? -1 : 0;
}

const struct command command_set_user_sshkeys = {
	.name = "set-user-sshkeys",
	.summary = "add or remove ssh keys of a guest's user",
	.description = "Let the guest's agent add, replace or remove the ssh "
	    "keys with which one may log in as a user.",
	.options = set_user_sshkeys_options,
	.run = set_user_sshkeys_run,
};

#define SECRET_MAX (64u << 10)

static const struct option domsetlaunchsecstate_options[] = {
	OPTION_DOMAIN(0),
	{ .name = "secrethdr", .type = OPTION_STRING, .flags = OPTION_NAMED,
	    .help = "file with the secret's header",
	    .complete = complete_file },
	{ .name = "secret", .type = OPTION_STRING, .flags = OPTION_NAMED,
	    .help = "file with the secret", .complete = complete_file },
	OPTION_NUMBER("set-address", "where in the guest's memory it goes"),
	{ 0 }
};

static int
domsetlaunchsecstate_run(struct cmd *cmd)
{
	struct xvm_domain_set_launch_security_state_args args = { 0 };
	const struct xvm_domain *dom = cmd_domain(cmd);
	struct params *params = params_begin(cmd);
	const char *header_file, *secret_file, *header, *secret;
	uint64_t address;
	int rc;

	if (dom == NULL || cmd_string(cmd, "secrethdr", &header_file) != 0 ||
	    cmd_string(cmd, "secret", &secret_file) != 0)
		return -1;
	if (header_file == NULL || secret_file == NULL)
		return cmd_error(cmd,
		    "Both secret and the secret header are required");
	header = cmd_read_small_file(cmd, header_file, SECRET_MAX);
	if (header == NULL)
		return -1;
	secret = cmd_read_small_file(cmd, secret_file, SECRET_MAX);
	if (secret == NULL || (rc = cmd_u64(cmd, "set-address", &address)) < 0)
		return -1;
	params_add_string(params, XVM_DOMAIN_LAUNCH_SECURITY_SEV_SECRET_HEADER,
	    header);
	params_add_string(params, XVM_DOMAIN_LAUNCH_SECURITY_SEV_SECRET,
	    secret);
	if (rc > 0)
		params_add_ullong(params,
		    XVM_DOMAIN_LAUNCH_SECURITY_SEV_SECRET_SET_ADDRESS,
		    address);
	args.dom = *dom;
	args.params.params_val = params->v;
	args.params.params_len = params->n;
	if (cmd_call(cmd, XVM_CALL_DOMAIN_SET_LAUNCH_SECURITY_STATE,
	    &args) == NULL)
		return cmd_error(cmd, "Unable to set launch security state");
	return 0;
}

const struct command command_domsetlaunchsecstate = {
	.name = "domsetlaunchsecstate",
	.summary = "hand a secret to a domain that starts",
	.description = "Put a secret into the memory of a domain whose start "
	    "is secured.",
	.options = domsetlaunchsecstate_options,
	.run = domsetlaunchsecstate_run,
};

static const char *const dirty_rate_modes[] = {
	"page-sampling", "dirty-bitmap", "dirty-ring",
};

static void
complete_dirty_rate_mode(struct cmd *cmd, unsigned int flags,
    struct words *words)
{
	(void)cmd;
	(void)flags;
	for (size_t i = 0; i < sizeof(dirty_rate_modes) /
	    sizeof(dirty_rate_modes[0]); i++)
		words_add(words, "%s", dirty_rate_modes[i]);
}

static const struct option domdirtyrate_calc_options[] = {
	OPTION_DOMAIN(0),
	OPTION_NUMBER("seconds", "how long to measure, 1 to 60, else 1"),
	OPTION_TEXT("mode", "how: page-sampling, dirty-bitmap or dirty-ring",
	    complete_dirty_rate_mode),
	{ 0 }
};

static int
domdirtyrate_calc_run(struct cmd *cmd)
{
	static const unsigned int bits[] = {
		XVM_DOMAIN_DIRTYRATE_MODE_PAGE_SAMPLING,
		XVM_DOMAIN_DIRTYRATE_MODE_DIRTY_BITMAP,
		XVM_DOMAIN_DIRTYRATE_MODE_DIRTY_RING,
	};
	struct xvm_domain_start_dirty_rate_calc_args args = { .seconds = 1 };
	const struct xvm_domain *dom = cmd_domain(cmd);
	const char *mode;

	if (dom == NULL || cmd_int(cmd, "seconds", &args.seconds) < 0 ||
	    cmd_string(cmd, "mode", &mode) != 0)
		return -1;
	if (mode != NULL) {
		int number = NUMBER_OF(dirty_rate_modes, mode);

		if (number < 0)
			return cmd_error(cmd, "Unknown calculation mode '%s'",
			    mode);
		args.flags = bits[number];
	}
	args.dom = *dom;
	if (cmd_call(cmd, XVM_CALL_DOMAIN_START_DIRTY_RATE_CALC,
	    &args) == NULL)
		return -1;
	cmd_extra(cmd, "Start to calculate domain's memory dirty rate "
	    "successfully.\n");
	return 0;
}

const struct command command_domdirtyrate_calc = {
	.name = "domdirtyrate-calc",
	.summary = "measure how fast a guest changes its memory",
	.description = "Begin to measure how fast the guest changes its "
	    "memory; domstats --dirtyrate shows the outcome.",
	.options = domdirtyrate_calc_options,
	.run = domdirtyrate_calc_run,
};
