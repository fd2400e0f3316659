/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What can be typed next. The same completers serve the prompt's Tab key and
 * `complete`, which bash's completion calls. A completer asks the hypervisor
 * through the session's connection, within COMPLETE_MS in all, and offers
 * nothing when that fails.
 */
#ifndef CMD_COMPLETE_H
#define CMD_COMPLETE_H

#include "command.h"

#define COMPLETE_MS 300

struct words {
	char **list;
	size_t n;
	bool failed;		/* out of memory: some are missing */
	bool files;		/* offer file names as well */
};

void	words_add(struct words *words, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));
void	words_release(struct words *words);

/*
 * The completions of the text up to its end: whole words that begin with its
 * last word (sorted). start_out: where that word begins in text.
 */
int	complete_text(struct session *session, const char *text,
	    struct words *out, size_t *start_out);

/* flags: XVM_CONNECT_LIST_DOMAINS_* that select by state, 0: all. */
completer	complete_domain;
completer	complete_domain_uuid;
completer	complete_file;
/* Names below the domain that is given on the line. */
completer	complete_disk_target;
completer	complete_interface;
completer	complete_device_alias;
completer	complete_lifecycle_type;
completer	complete_lifecycle_action;
completer	complete_event_name;
completer	complete_keycode;
completer	complete_keycode_set;
completer	complete_signal;
completer	complete_pages;
completer	complete_cell;
completer	complete_cpu;
completer	complete_vcpu;
completer	complete_iothread;
completer	complete_perf_event;
completer	complete_command;	/* names of commands and groups */
completer	complete_shutdown_mode;
completer	complete_reboot_mode;
completer	complete_dump_format;
completer	complete_interface_source;
completer	complete_source_mode;
completer	complete_link_state;
completer	complete_hostname_source;
completer	complete_numatune_mode;
completer	complete_suspend_target;
completer	complete_metadata_uri;
completer	complete_domain_cpumodel;
completer	complete_arch;

#endif
