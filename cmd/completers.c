/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Completers: who knows the values of an option. */
#include <string.h>

#include "../lib/uuid.h"
#include "complete.h"
#include "event_text.h"

static void
add_list(struct words *words, const char *const *list)
{
	for (; *list != NULL; list++)
		words_add(words, "%s", *list);
}

void
complete_command(struct cmd *cmd, unsigned int flags, struct words *words)
{
	(void)cmd;
	for (size_t i = 0; i < command_rows_count; i++) {
		const struct command_row *row = &command_rows[i];

		if (row->command != NULL &&
		    (row->command->flags & COMMAND_HIDDEN) == 0)
			words_add(words, "%s", row->command->name);
		else if (row->group != NULL && flags != 0)
			words_add(words, "%s", row->keyword);
	}
}

void
complete_file(struct cmd *cmd, unsigned int flags, struct words *words)
{
	(void)cmd;
	(void)flags;
	words->files = true;
}

void
complete_event_name(struct cmd *cmd, unsigned int flags, struct words *words)
{
	const char *name;

	(void)cmd;
	(void)flags;
	for (size_t i = 0; (name = event_name(i)) != NULL; i++)
		words_add(words, "%s", name);
}

/* The domains of some states, NULL on failure. */
static const struct xvm_connect_list_all_domains_ret *
list_domains(struct cmd *cmd, unsigned int flags)
{
	struct xvm_connect_list_all_domains_args args = { 1, flags };

	if (cmd_conn(cmd) == NULL || !conn_is_alive(cmd_conn(cmd)))
		return NULL;
	return cmd_call(cmd, XVM_CALL_CONNECT_LIST_ALL_DOMAINS, &args);
}

void
complete_domain(struct cmd *cmd, unsigned int flags, struct words *words)
{
	const struct xvm_connect_list_all_domains_ret *ret =
	    list_domains(cmd, flags);

	for (unsigned int i = 0; ret != NULL && i < ret->domains.domains_len;
	    i++)
		words_add(words, "%s", ret->domains.domains_val[i].name);
}

void
complete_domain_uuid(struct cmd *cmd, unsigned int flags,
    struct words *words)
{
	const struct xvm_connect_list_all_domains_ret *ret =
	    list_domains(cmd, flags);
	char text[UUID_TEXT_SIZE];

	for (unsigned int i = 0; ret != NULL && i < ret->domains.domains_len;
	    i++)
		words_add(words, "%s", uuid_format(
		    UUID_BYTES(ret->domains.domains_val[i].uuid), text));
}

/* Completers that offer a fixed list. */
#define LIST(function, ...) \
	void \
	function(struct cmd *cmd, unsigned int flags, struct words *words) \
	{ \
		static const char *const list[] = { __VA_ARGS__, NULL }; \
		(void)cmd; \
		(void)flags; \
		add_list(words, list); \
	}

LIST(complete_lifecycle_type, "crash", "poweroff", "reboot")
LIST(complete_lifecycle_action, "coredump-destroy", "coredump-restart",
    "destroy", "preserve", "rename-restart", "restart")
LIST(complete_keycode_set, "atset1", "atset2", "atset3", "linux", "os_x",
    "qnum", "usb", "win32", "xt", "xt_kbd")
LIST(complete_signal, "abrt", "alrm", "bus", "chld", "cont", "fpe", "hup",
    "ill", "int", "kill", "nop", "pipe", "poll", "prof", "pwr", "quit",
    "segv", "stkflt", "stop", "sys", "term", "trap", "tstp", "ttin", "ttou",
    "urg", "usr1", "usr2", "vtalrm", "winch", "xcpu", "xfsz")
LIST(complete_shutdown_mode, "acpi", "agent", "initctl", "paravirt",
    "signal")
LIST(complete_reboot_mode, "acpi", "agent", "initctl", "paravirt", "signal")
LIST(complete_dump_format, "elf", "kdump-lzo", "kdump-snappy", "kdump-zlib",
    "win-dmp")
LIST(complete_hostname_source, "agent", "lease")
LIST(complete_interface_source, "agent", "arp", "lease")
LIST(complete_source_mode, "client", "server")
LIST(complete_link_state, "down", "up")
LIST(complete_numatune_mode, "interleave", "preferred", "restrictive",
    "strict")
LIST(complete_suspend_target, "disk", "hybrid", "mem")
LIST(complete_arch, "i686", "x86_64")
LIST(complete_perf_event, "alignment_faults", "branch_instructions",
    "branch_misses", "bus_cycles", "cache_misses", "cache_references", "cmt",
    "context_switches", "cpu_clock", "cpu_cycles", "cpu_migrations",
    "emulation_faults", "instructions", "mbml", "mbmt", "page_faults",
    "page_faults_maj", "page_faults_min", "ref_cpu_cycles",
    "stalled_cycles_backend", "stalled_cycles_frontend", "task_clock")
