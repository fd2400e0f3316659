/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Commands that save a domain's state to a file, restore it, dump memory. */
#include "domain_options.h"
#include "input.h"
#include "progress.h"

static const struct option save_options[] = {
	OPTION_DOMAIN(XVM_CONNECT_LIST_DOMAINS_ACTIVE),
	OPTION_WORD("file", "file to save to", NULL),
	OPTION_SWITCH("bypass-cache", "save around the file system's cache"),
	OPTION_TEXT("xml", "file with XML to save instead of the domain's own",
	    complete_file),
	OPTION_SWITCH("running", "have it run when it is restored"),
	OPTION_SWITCH("paused", "have it paused when it is restored"),
	OPTION_SWITCH("verbose", "show the progress"),
	{ 0 }
};

static const struct flag_option save_flags[] = {
	{ "bypass-cache", XVM_DOMAIN_SAVE_BYPASS_CACHE },
	{ "running", XVM_DOMAIN_SAVE_RUNNING },
	{ "paused", XVM_DOMAIN_SAVE_PAUSED },
	{ "reset-nvram", XVM_DOMAIN_SAVE_RESET_NVRAM },
};

static int
save_run(struct cmd *cmd)
{
	const struct xvm_domain *dom = cmd_domain(cmd);
	struct xvm_domain_save_args args;
	struct xvm_domain_save_flags_args with_flags = { .dxml = NULL };
	const char *to, *file;
	xvm_str xml = NULL, path;
	const void *done;

	if (dom == NULL || cmd_string(cmd, "file", &to) != 0 ||
	    (path = cmd_call_path(cmd, to)) == NULL ||
	    cmd_string(cmd, "xml", &file) != 0 ||
	    (file != NULL && (xml = cmd_read_file(cmd, file)) == NULL))
		return -1;
	args.dom = with_flags.dom = *dom;
	args.to = with_flags.to = path;
	with_flags.dxml = xml == NULL ? NULL : &xml;
	with_flags.flags = FLAGS_OF(cmd, save_flags);
	if (with_flags.flags != 0 || xml != NULL)
		done = progress_call(cmd, dom, "Save",
		    XVM_CALL_DOMAIN_SAVE_FLAGS, &with_flags);
	else
		done = progress_call(cmd, dom, "Save", XVM_CALL_DOMAIN_SAVE,
		    &args);
	if (done == NULL)
		return cmd_error(cmd, "Failed to save domain '%s' to %s",
		    cmd_word(cmd, "domain"), to);
	cmd_extra(cmd, "\nDomain '%s' saved to %s\n", cmd_word(cmd, "domain"),
	    to);
	return 0;
}

const struct command command_save = {
	.name = "save",
	.summary = "save a running domain's state to a file",
	.description = "Save the domain's memory and state to a file and stop "
	    "it; restore lets it go on.",
	.options = save_options,
	.run = save_run,
};

static const struct option restore_options[] = {
	OPTION_WORD("file", "file that the domain was saved to", NULL),
	OPTION_SWITCH("bypass-cache", "load around the file system's cache"),
	OPTION_TEXT("xml", "file with XML to use instead of what was saved",
	    complete_file),
	OPTION_SWITCH("running", "have it run"),
	OPTION_SWITCH("paused", "have it paused"),
	OPTION_SWITCH("reset-nvram", "begin with a fresh NVRAM"),
	{ 0 }
};

static int
restore_run(struct cmd *cmd)
{
	struct xvm_domain_restore_args args;
	struct xvm_domain_restore_flags_args with_flags = { .dxml = NULL };
	const char *from, *file;
	xvm_str xml = NULL, path;
	const void *done;

	if (cmd_string(cmd, "file", &from) != 0 ||
	    (path = cmd_call_path(cmd, from)) == NULL ||
	    cmd_string(cmd, "xml", &file) != 0 ||
	    (file != NULL && (xml = cmd_read_file(cmd, file)) == NULL))
		return -1;
	args.from = with_flags.from = path;
	with_flags.dxml = xml == NULL ? NULL : &xml;
	with_flags.flags = FLAGS_OF(cmd, save_flags);
	if (with_flags.flags != 0 || xml != NULL)
		done = cmd_call(cmd, XVM_CALL_DOMAIN_RESTORE_FLAGS,
		    &with_flags);
	else
		done = cmd_call(cmd, XVM_CALL_DOMAIN_RESTORE, &args);
	if (done == NULL)
		return cmd_error(cmd, "Failed to restore domain from %s", from);
	cmd_extra(cmd, "Domain restored from %s\n", from);
	return 0;
}

const struct command command_restore = {
	.name = "restore",
	.summary = "let a saved domain go on",
	.description = "Let a domain go on that was saved to a file.",
	.options = restore_options,
	.run = restore_run,
};

static const struct option dump_options[] = {
	OPTION_DOMAIN(XVM_CONNECT_LIST_DOMAINS_ACTIVE),
	OPTION_WORD("file", "file to dump to", NULL),
	OPTION_SWITCH("live", "let the domain run meanwhile"),
	OPTION_SWITCH("crash", "leave the domain crashed"),
	OPTION_SWITCH("bypass-cache", "write around the file system's cache"),
	OPTION_SWITCH("reset", "reset the domain afterwards"),
	OPTION_SWITCH("verbose", "show the progress"),
	OPTION_SWITCH("memory-only", "only its memory, not its devices"),
	OPTION_TEXT("format", "format of a dump with --memory-only",
	    complete_dump_format),
	{ 0 }
};

static const struct flag_option dump_flags[] = {
	{ "live", XVM_DUMP_LIVE },
	{ "crash", XVM_DUMP_CRASH },
	{ "bypass-cache", XVM_DUMP_BYPASS_CACHE },
	{ "reset", XVM_DUMP_RESET },
	{ "memory-only", XVM_DUMP_MEMORY_ONLY },
};

/* By XVM_DOMAIN_CORE_DUMP_FORMAT_*. */
static const char *const dump_formats[] = {
	"elf", "kdump-zlib", "kdump-lzo", "kdump-snappy", "win-dmp"
};

/* The number of --format; XVM_DOMAIN_CORE_DUMP_FORMAT_RAW without. -1: said. */
static int
read_format(struct cmd *cmd)
{
	const char *word = cmd_word(cmd, "format");
	int number;

	if (word == NULL)
		return XVM_DOMAIN_CORE_DUMP_FORMAT_RAW;
	if (!cmd_has(cmd, "memory-only"))
		return cmd_error(cmd, "--format only works with --memory-only");
	if (word[0] == '\0')
		return XVM_DOMAIN_CORE_DUMP_FORMAT_RAW;
	number = NUMBER_OF(dump_formats, word);
	if (number < 0)
		return cmd_error(cmd, "format '%s' is not supported, expecting "
		    "'kdump-zlib', 'kdump-lzo', 'kdump-snappy', 'win-dmp' or "
		    "'elf'", word);
	return number;
}

static int
dump_run(struct cmd *cmd)
{
	const struct xvm_domain *dom = cmd_domain(cmd);
	struct xvm_domain_core_dump_args args;
	struct xvm_domain_core_dump_with_format_args with_format;
	const void *done;
	const char *to;
	xvm_str path;
	int format;

	if (dom == NULL || cmd_string(cmd, "file", &to) != 0 ||
	    (path = cmd_call_path(cmd, to)) == NULL || (format = read_format(cmd)) < 0)
		return -1;
	args.dom = with_format.dom = *dom;
	args.to = with_format.to = path;
	args.flags = with_format.flags = FLAGS_OF(cmd, dump_flags);
	with_format.dumpformat = (unsigned int)format;
	if (format != XVM_DOMAIN_CORE_DUMP_FORMAT_RAW)
		done = progress_call(cmd, dom, "Dump",
		    XVM_CALL_DOMAIN_CORE_DUMP_WITH_FORMAT, &with_format);
	else
		done = progress_call(cmd, dom, "Dump",
		    XVM_CALL_DOMAIN_CORE_DUMP, &args);
	if (done == NULL)
		return cmd_error(cmd, "Failed to core dump domain '%s' to %s",
		    cmd_word(cmd, "domain"), to);
	cmd_extra(cmd, "\nDomain '%s' dumped to %s\n", cmd_word(cmd, "domain"),
	    to);
	return 0;
}

const struct command command_dump = {
	.name = "dump",
	.summary = "write a domain's core to a file for analysis",
	.description = "Write what the domain has in memory to a file.",
	.options = dump_options,
	.run = dump_run,
};
