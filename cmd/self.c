/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Commands about the shell itself. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/buf.h"
#include "../lib/tree.h"
#include "complete.h"
#include "self_test.h"

static int
cd_run(struct cmd *cmd)
{
	const char *dir = cmd_word(cmd, "dir");

	if (!cmd_session(cmd)->interactive)
		return cmd_error(cmd,
		    "cd: command valid only in interactive mode");
	if (dir == NULL || dir[0] == '\0')
		dir = getenv("HOME");
	if (dir == NULL)
		dir = "/";
	if (chdir(dir) != 0)
		return cmd_error(cmd, "cd: %s: %s", strerror(errno), dir);
	return 0;
}

static const struct option cd_options[] = {
	{ "dir", OPTION_STRING, 0, "where to go (default: home, else root)",
	    complete_file, 0 },
	{ NULL },
};

const struct command command_cd = {
	.name = "cd",
	.summary = "change the shell's directory",
	.description = "Files that later commands name are looked up from "
	    "there.",
	.options = cd_options,
	.flags = COMMAND_NO_CONNECTION,
	.run = cd_run,
};

static int
pwd_run(struct cmd *cmd)
{
	char *dir = getcwd(NULL, 0);

	if (dir == NULL)
		return cmd_error(cmd, "pwd: cannot get current directory: %s",
		    strerror(errno));
	cmd_own(cmd, dir);
	cmd_field(cmd, "directory", value_string(dir), "%s\n", dir);
	return 0;
}

const struct command command_pwd = {
	.name = "pwd",
	.summary = "show the shell's directory",
	.description = "Print the directory in which the shell is.",
	.flags = COMMAND_NO_CONNECTION,
	.run = pwd_run,
};

/* Quoted so that a POSIX shell reads the word back. */
static void
add_shell_word(struct buf *out, const char *s)
{
	if (s[0] != '\0' && strpbrk(s, "\r\t\n !\"#$&'()*;<>?[\\]^`{|}~") ==
	    NULL) {
		buf_puts(out, s);
		return;
	}
	buf_putc(out, '\'');
	for (; *s != '\0'; s++) {
		if (*s == '\'')
			buf_puts(out, "'\\''");
		else
			buf_putc(out, *s);
	}
	buf_putc(out, '\'');
}

/* Split at commas, two of them standing for one. */
static void
add_split(struct buf *out, const char *s)
{
	for (; *s != '\0'; s++) {
		if (*s != ',')
			buf_putc(out, *s);
		else if (s[1] == ',')
			buf_putc(out, *s++);
		else
			buf_putc(out, '\n');
	}
	buf_putc(out, '\n');
}

static int
echo_run(struct cmd *cmd)
{
	bool shell = cmd_has(cmd, "shell"), xml = cmd_has(cmd, "xml");
	bool split = cmd_has(cmd, "split");
	struct buf out = BUF_INIT;
	const char *word;
	char *text;

	if (cmd_exclusive(cmd, "shell", "xml") != 0 ||
	    cmd_exclusive(cmd, "shell", "split") != 0 ||
	    cmd_exclusive(cmd, "xml", "split") != 0)
		return -1;
	for (size_t i = 0; (word = cmd_argv(cmd, i)) != NULL; i++) {
		if (i > 0)
			buf_putc(&out, ' ');
		if (xml)
			xml_escape(word, &out);
		else if (shell)
			add_shell_word(&out, word);
		else if (split)
			add_split(&out, word);
		else
			buf_puts(&out, word);
	}
	if (out.len == 0) {
		buf_release(&out);
		return 0;
	}
	text = cmd_own(cmd, buf_detach(&out));
	if (cmd_has(cmd, "err")) {
		(void)cmd_error(cmd, "%s", text);
		return 0;
	}
	cmd_field(cmd, "text", value_string(text), "%s", text);
	return 0;
}

static const struct option echo_options[] = {
	{ "shell", OPTION_BOOL, 0, "quote so that a shell can read it back" },
	{ "xml", OPTION_BOOL, 0, "escape for use in XML" },
	{ "split", OPTION_BOOL, 0, "one line for each part between commas" },
	{ "err", OPTION_BOOL, 0, "write to stderr as an error" },
	{ "str", OPTION_ALIAS, 0, "string" },
	{ "hi", OPTION_ALIAS, 0, "string=hello" },
	{ "string", OPTION_ARGV, 0, "the words to print" },
	{ NULL },
};

const struct command command_echo = {
	.name = "echo",
	.summary = "print words back (for tests of quoting)",
	.description = "Print the words, quoted or escaped on demand.",
	.options = echo_options,
	.flags = COMMAND_NO_CONNECTION,
	.run = echo_run,
};

static int
quit_run(struct cmd *cmd)
{
	cmd_session(cmd)->quit = true;
	return 0;
}

const struct command command_quit = {
	.name = "quit",
	.summary = "leave the shell",
	.description = "",
	.flags = COMMAND_NO_CONNECTION,
	.run = quit_run,
};

const struct command command_exit = {
	.name = "exit",
	.summary = "leave the shell",
	.description = "",
	.flags = COMMAND_NO_CONNECTION,
	.run = quit_run,
};

static int
connect_run(struct cmd *cmd)
{
	struct error err = ERROR_INIT;
	const char *name;

	if (cmd_string(cmd, "name", &name) != 0)
		return -1;
	if (session_connect(cmd_session(cmd), name, cmd_has(cmd, "readonly"),
	    true, &err) != 0)
		return cmd_set_error(cmd, &err);
	return 0;
}

static const struct option connect_options[] = {
	{ "name", OPTION_STRING, OPTION_EMPTY_OK,
	    "URI of the hypervisor (default: the one in use)" },
	{ "readonly", OPTION_BOOL, 0, "open a connection that cannot change" },
	{ NULL },
};

const struct command command_connect = {
	.name = "connect",
	.summary = "connect to a hypervisor, or again to the same",
	.description = "Connect to the hypervisor of a URI.",
	.options = connect_options,
	.flags = COMMAND_NO_CONNECTION,
	.run = connect_run,
};

static int
self_test_run(struct cmd *cmd)
{
	return self_test_commands(cmd);
}

static const struct option self_test_options[] = {
	{ "completers-missing", OPTION_BOOL, 0,
	    "list the options without a completer" },
	{ NULL },
};

const struct command command_self_test = {
	.name = "self-test",
	.summary = "check the program's own tables",
	.description = "Check that every command is declared in good order.",
	.options = self_test_options,
	.flags = COMMAND_NO_CONNECTION | COMMAND_HIDDEN,
	.run = self_test_run,
};
