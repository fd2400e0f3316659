/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xvsh: options, environment, and where the commands come from. */
#include <errno.h>
#include <getopt.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../cmd/help.h"
#include "../cmd/session.h"
#include "../lib/number.h"
#include "../tunnel/drivers.h"
#include "interrupt.h"
#include "output.h"
#include "repl.h"

enum {
	OPTION_JSON = 256,
	OPTION_TIMEOUT,
};

static const struct option long_options[] = {
	{ "connect", required_argument, NULL, 'c' },
	{ "debug", required_argument, NULL, 'd' },
	{ "escape", required_argument, NULL, 'e' },
	{ "help", no_argument, NULL, 'h' },
	{ "keepalive-interval", required_argument, NULL, 'k' },
	{ "keepalive-count", required_argument, NULL, 'K' },
	{ "log", required_argument, NULL, 'l' },
	{ "quiet", no_argument, NULL, 'q' },
	{ "readonly", no_argument, NULL, 'r' },
	{ "timing", no_argument, NULL, 't' },
	{ "version", optional_argument, NULL, 'v' },
	{ "json", no_argument, NULL, OPTION_JSON },
	{ "timeout", required_argument, NULL, OPTION_TIMEOUT },
	{ NULL, 0, NULL, 0 },
};

static void
usage(void)
{
	(void)printf("\n"
	    "xvsh [options]... [<command_string>]\n"
	    "xvsh [options]... <command> [args...]\n"
	    "\n"
	    "  options:\n"
	    "    -c | --connect=URI      which hypervisor\n"
	    "    -d | --debug=NUM        say what is done, from level 0 to 4\n"
	    "    -e | --escape <char>    what leaves a console (^])\n"
	    "    -h | --help             this text\n"
	    "         --json             print JSON, for programs\n"
	    "    -k | --keepalive-interval=NUM\n"
	    "                            seconds between probes, 0: none\n"
	    "    -K | --keepalive-count=NUM\n"
	    "                            probes that may stay unanswered\n"
	    "    -l | --log=FILE         append errors and -d lines to a file\n"
	    "    -q | --quiet            no headers, no messages\n"
	    "    -r | --readonly         only look, change nothing\n"
	    "    -t | --timing           print how long each command took\n"
	    "         --timeout=SECONDS  give up a command after that time\n"
	    "    -v                      the version\n"
	    "    -V                      the version and what is built in\n"
	    "         --version[=TYPE]   version, short or long\n"
	    "  commands (non interactive mode):\n"
	    "\n");
	help_print_groups();
	(void)printf("\n  (help <group> explains the commands of a group)\n"
	    "\n  (help <command> explains a command)\n\n");
}

static void
long_version(void)
{
	(void)printf("Xvsh command line tool of libxvm %s\n"
	    "\n"
	    "Compiled with support for:\n"
	    " Hypervisors: Test Remote\n"
	    " Transports: ssh libssh2 unix ext\n"
	    " Miscellaneous: Readline JSON\n", XVSH_VERSION);
}

static void __attribute__((noreturn))
leave(struct session *session, int status)
{
	session_release(session);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		(void)fprintf(stderr, "error: cannot write output: %s\n",
		    strerror(errno));
		status = EXIT_FAILURE;
	}
	exit(status);
}

/* A number of seconds or of probes. */
static int
keepalive_value(struct session *session, const char *arg, const char *name,
    int *out)
{
	int n;

	if (number_i32(arg, 0, &n) != 0) {
		session_error(session, "Invalid value for option %s", name);
		return -1;
	}
	if (n < 0) {
		session_error(session,
		    "option %s requires a positive integer argument", name);
		return -1;
	}
	*out = n;
	return 0;
}

/* "^X" with a control character's letter, or one other character. */
static int
set_escape(struct session *session, const char *arg)
{
	size_t n = strlen(arg);

	if ((n == 2 && arg[0] == '^' && ((arg[1] >= '@' && arg[1] <= '_') ||
	    (arg[1] >= 'a' && arg[1] <= 'z'))) || (n == 1 && arg[0] != '^')) {
		session->escape = arg;
		return 0;
	}
	session_error(session, "Invalid string '%s' for escape sequence",
	    arg);
	return -1;
}

static int
set_log(struct session *session, const char *path)
{
	if (session->log != NULL)
		(void)fclose(session->log);
	session->log = fopen(path, "ae");
	if (session->log != NULL)
		return 0;
	session_error(session,
	    "failed to open the log file. check the log file path");
	return -1;
}

static int
set_debug(struct session *session, const char *arg, const char *name)
{
	char text[2] = "";
	int n;

	if (number_i32(arg, 10, &n) != 0) {
		session_error(session, "option %s takes a numeric argument",
		    name);
		return -1;
	}
	if (n < SESSION_DEBUG || n > SESSION_ERROR)
		session_error(session,
		    "ignoring debug level %d out of range [%d-%d]", n,
		    SESSION_DEBUG, SESSION_ERROR);
	else {
		session->debug = n;
		/* For the processes that we start, too. */
		text[0] = (char)('0' + n);
		(void)setenv("XVSH_DEBUG", text, 1);
	}
	return 0;
}

static void
bad_option(struct session *session, int argc, char **argv, int c)
{
	(void)argc;
	if (c == ':') {
		const struct option *o = long_options;

		while (o->name != NULL && o->val != optopt)
			o++;
		if (o->name != NULL && o->val < OPTION_JSON)
			session_error(session,
			    "option '-%c'/'--%s' requires an argument",
			    optopt, o->name);
		else if (o->name != NULL)
			session_error(session,
			    "option '--%s' requires an argument", o->name);
		else
			session_error(session,
			    "option '-%c' requires an argument", optopt);
	} else if (optopt != 0 && optopt < OPTION_JSON) {
		session_error(session,
		    "unsupported option '-%c'. See --help.", optopt);
	} else {
		session_error(session,
		    "unsupported option '%s'. See --help.",
		    argv[optind - 1]);
	}
}

static void
parse_options(struct session *session, int argc, char **argv)
{
	int c, long_index = -1, rc = 0;

	/* '+': what follows the first word belongs to the command. */
	while (rc == 0 && (c = getopt_long(argc, argv, "+:c:d:e:hk:K:l:qrtvV",
	    long_options, &long_index)) != -1) {
		bool is_long = long_index != -1;

		long_index = -1;
		switch (c) {
		case 'c':
			free(session->uri);
			session->uri = strdup(optarg);
			break;
		case 'd':
			rc = set_debug(session, optarg,
			    is_long ? "--debug" : "-d");
			break;
		case 'e':
			rc = set_escape(session, optarg);
			break;
		case 'h':
			usage();
			leave(session, EXIT_SUCCESS);
		case 'k':
			rc = keepalive_value(session, optarg,
			    is_long ? "--keepalive-interval" : "-k",
			    &session->keepalive_interval);
			break;
		case 'K':
			rc = keepalive_value(session, optarg,
			    is_long ? "--keepalive-count" : "-K",
			    &session->keepalive_count);
			break;
		case 'l':
			rc = set_log(session, optarg);
			break;
		case 'q':
			session->quiet = true;
			break;
		case 'r':
			session->readonly = true;
			break;
		case 't':
			session->timing = true;
			break;
		case OPTION_JSON:
			session->json = true;
			break;
		case OPTION_TIMEOUT:
			rc = keepalive_value(session, optarg, "--timeout",
			    &session->timeout);
			break;
		case 'v':
			if (optarg == NULL || strcmp(optarg, "long") != 0) {
				(void)puts(XVSH_VERSION);
				leave(session, EXIT_SUCCESS);
			}
			/* FALLTHROUGH */
		case 'V':
			long_version();
			leave(session, EXIT_SUCCESS);
		default:
			bad_option(session, argc, argv, c);
			rc = -1;
			break;
		}
	}
	if (rc != 0)
		leave(session, EXIT_FAILURE);
}

static void
read_environment(struct session *session)
{
	const char *s;
	int n;

	s = getenv("XVSH_DEBUG");
	if (s == NULL)
		s = getenv("VIRSH_DEBUG");
	if (s != NULL && session->debug == SESSION_DEBUG_DEFAULT) {
		if (number_i32(s, 10, &n) != 0 || n < SESSION_DEBUG ||
		    n > SESSION_ERROR)
			session_error(session,
			    "XVSH_DEBUG not set with a valid numeric value");
		else
			session->debug = n;
	}
	s = getenv("XVSH_LOG_FILE");
	if (s == NULL)
		s = getenv("VIRSH_LOG_FILE");
	if (s != NULL && s[0] != '\0' && session->log == NULL &&
	    set_log(session, s) != 0)
		leave(session, EXIT_FAILURE);
	s = getenv("XVSH_OUTPUT");
	if (s != NULL && strcmp(s, "json") == 0)
		session->json = true;
	if (session->uri == NULL) {
		s = getenv("XVSH_DEFAULT_URI");
		if (s == NULL)
			s = getenv("VIRSH_DEFAULT_CONNECT_URI");
		if (s != NULL)
			session->uri = strdup(s);
	}
}

/* One argument may hold several commands. */
static int
parse_one(struct session *session, const char *text, struct line **out)
{
	session_debug(session, SESSION_INFO, "commands: \"%s\"\n", text);
	return session_parse_text(session, text, out);
}

int
main(int argc, char **argv)
{
	struct session session = {
		.keepalive_interval = -1,
		.keepalive_count = -1,
		.debug = SESSION_DEBUG_DEFAULT,
		.escape = "^]",
		.drivers = client_drivers,
	};
	struct error err = ERROR_INIT;
	struct line *line = NULL;
	int rc;

	(void)setlocale(LC_ALL, "");
	(void)signal(SIGPIPE, SIG_IGN);
	output_attend(&session);
	parse_options(&session, argc, argv);
	session.interactive = optind == argc;
	read_environment(&session);
	if (session.interactive)
		session.interrupted = interrupt_catch();
	if (session.interactive)
		rc = 0;
	else if (argc - optind == 1)
		rc = parse_one(&session, argv[optind], &line);
	else
		rc = session_parse_argv(&session, argc - optind,
		    argv + optind, &line);
	if (rc != 0)
		leave(&session, EXIT_FAILURE);
	/* One that was named must be there, before anything is run. */
	if (session.uri != NULL &&
	    session_connect(&session, NULL, false, false, &err) != 0) {
		if (err.code != XVM_ERR_OK)
			session_fail(&session, &err);
		error_release(&err);
		session_discard(line);
		leave(&session, EXIT_FAILURE);
	}
	rc = session.interactive ? repl_run(&session) :
	    session_run(&session, line);
	leave(&session, rc == 0 ? EXIT_SUCCESS : EXIT_FAILURE);
}
