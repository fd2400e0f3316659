/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * virtd: the helper that ssh runs, on its stdin and stdout; the same under the
 * name virt-ssh-helper for stock clients; or a daemon on a unix socket.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/module.h"
#include "../lib/number.h"
#include "../lib/test/test_driver.h"
#include "../lib/xen_driver.h"
#include "../lib/uri.h"
#include "autostart.h"
#include "fd_stream.h"
#include "handoff.h"
#include "listen.h"
#include "log.h"
#include "paths.h"
#include "server.h"

/* A helper answers; it never connects onward. */
static const struct driver *const drivers[] = {
	&test_driver,
	&xen_driver,
	NULL,
};

enum mode {
	MODE_STDIO,
	MODE_LISTEN,
	MODE_LIBXL,
	MODE_WATCH,
	MODE_AUTOSTART,
};

struct settings {
	enum mode mode;
	struct server_options server;
	const char *socket;
	int verbose;
	bool syslog_wanted;
	bool as_helper;		/* called virt-ssh-helper */
};

static volatile sig_atomic_t stop;

static void
on_stop(int sig)
{
	(void)sig;
	if (stop < 2)
		stop++;
}

static void
usage(FILE *out)
{
	(void)fputs(
	    "usage: virtd [--stdio] [-r] [-v] [URI]\n"
	    "       virtd --listen [-r] [-v] [--socket PATH] [--clients N]\n"
	    "       virtd --autostart [URI]\n"
	    "       virtd --watch\n"
	    "\n"
	    "  --stdio         serve one client on stdin and stdout (default)\n"
	    "  --listen        serve clients of a unix socket\n"
	    "  --socket PATH   the socket (" PATH_VIRTD_SOCKET ")\n"
	    "  --clients N     at most so many at once (200)\n"
	    "  --autostart     start the domains that are marked so\n"
	    "  --watch         see to domains that end (started when needed)\n"
	    "  -r, --readonly  let nobody change anything\n"
	    "  -k, --keepalive-interval N\n"
	    "                  probe a client silent for N seconds (5), 0: never\n"
	    "  -K, --keepalive-count N\n"
	    "                  drop it after N unanswered probes (5)\n"
	    "  --syslog        log to syslog, not to stderr\n"
	    "  -v, --verbose   log more; twice: all\n"
	    "  -h, --help      this text\n"
	    "  -V, --version   the version\n", out);
}

static int
take_number(const char *option, const char *text, int min, int *out)
{
	if (number_i32(text, 10, out) == 0 && *out >= min)
		return 0;
	(void)fprintf(stderr, "virtd: %s wants a number from %d, not '%s'\n",
	    option, min, text);
	return -1;
}

static int
parse_options(int argc, char **argv, struct settings *set)
{
	enum { SOCKET = 256, CLIENTS, SYSLOG, STDIO, LISTEN, LIBXL, WATCH,
	    AUTOSTART };
	static const struct option options[] = {
		{ "stdio", no_argument, NULL, STDIO },
		{ "listen", no_argument, NULL, LISTEN },
		{ "autostart", no_argument, NULL, AUTOSTART },
		{ "watch", no_argument, NULL, WATCH },
		/* Not for users: what changes domains, for lib/xen/child.c. */
		{ "libxl", no_argument, NULL, LIBXL },
		{ "socket", required_argument, NULL, SOCKET },
		{ "clients", required_argument, NULL, CLIENTS },
		{ "readonly", no_argument, NULL, 'r' },
		{ "keepalive-interval", required_argument, NULL, 'k' },
		{ "keepalive-count", required_argument, NULL, 'K' },
		{ "syslog", no_argument, NULL, SYSLOG },
		{ "verbose", no_argument, NULL, 'v' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "rk:K:vhV", options, NULL)) != -1) {
		switch (c) {
		case STDIO:
			set->mode = MODE_STDIO;
			break;
		case LISTEN:
			set->mode = MODE_LISTEN;
			break;
		case AUTOSTART:
			set->mode = MODE_AUTOSTART;
			break;
		case WATCH:
			set->mode = MODE_WATCH;
			break;
		case LIBXL:
			set->mode = MODE_LIBXL;
			break;
		case SOCKET:
			set->socket = optarg;
			break;
		case CLIENTS:
			if (take_number("--clients", optarg, 1,
			    &set->server.clients_max) != 0)
				return -1;
			break;
		case 'k':
			if (take_number("-k", optarg, 0,
			    &set->server.keepalive_interval) != 0)
				return -1;
			break;
		case 'K':
			if (take_number("-K", optarg, 0,
			    &set->server.keepalive_count) != 0)
				return -1;
			break;
		case 'r':
			set->server.readonly = true;
			break;
		case SYSLOG:
			set->syslog_wanted = true;
			break;
		case 'v':
			set->verbose++;
			break;
		case 'h':
			usage(stdout);
			exit(EXIT_SUCCESS);
		case 'V':
			(void)puts("virtd " XVSH_VERSION);
			exit(EXIT_SUCCESS);
		default:
			usage(stderr);
			return -1;
		}
	}
	if (optind < argc && (set->mode == MODE_STDIO ||
	    set->mode == MODE_AUTOSTART))
		set->server.uri = argv[optind++];
	if (optind < argc) {
		(void)fprintf(stderr, "virtd: unexpected word '%s'\n",
		    argv[optind]);
		usage(stderr);
		return -1;
	}
	return 0;
}

/*
 * The protocol leaves fd 0 and 1 before anything else runs: fd 0 then gives
 * nothing, fd 1 is stderr, so that no stray print gets into the stream.
 */
static int
take_stdio(int *in, int *out)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	*in = fcntl(0, F_DUPFD_CLOEXEC, 3);
	*out = fcntl(1, F_DUPFD_CLOEXEC, 3);
	if (null < 0 || *in < 0 || *out < 0 || dup2(null, 0) < 0)
		return -1;
	if (fcntl(2, F_GETFD) < 0 && dup2(null, 2) < 0)
		return -1;
	if (dup2(2, 1) < 0)
		return -1;
	return close(null);
}

/* Is the hypervisor's own right missing? Say it before a client waits. */
static int
check_rights(const char *uri, struct error *err)
{
	if (uri != NULL && strncmp(uri, "xen:", 4) == 0 && geteuid() != 0)
		return error_set(err, XVM_FROM_XEN, XVM_ERR_OPERATION_DENIED,
		    "only root may use the Xen hypervisor: run virtd as root");
	return 0;
}

/* Told twice to end: nobody waits for calls that are under way. */
static void
give_up(const struct settings *set, size_t busy)
{
	if (stop < 2 || busy == 0)
		return;
	if (set->mode == MODE_LISTEN)
		listen_close(set->socket);
	server_log(LOG_LEVEL_ERROR,
	    "told twice to end: %zu calls given up", busy);
	_exit(EXIT_FAILURE);
}

static int
serve_stdio(const struct settings *set, const sigset_t *waiting,
    struct error *err)
{
	struct server *server = NULL;
	struct stream *io;
	int in, out, rc = -1;
	size_t busy;

	if (take_stdio(&in, &out) != 0)
		return error_system(err, XVM_FROM_RPC, errno,
		    "cannot take stdin and stdout");
	io = fd_stream(in, out, err);
	if (io == NULL)
		return -1;
	server = server_new(&set->server, err);
	if (server == NULL) {
		io->ops->free(io);
		return -1;
	}
	if (server_add(server, io, err) == 0) {
		busy = server_run(server, &stop, waiting);
		give_up(set, busy);
		rc = 0;
	}
	server_free(server);
	return rc;
}

static int
serve_socket(const struct settings *set, const sigset_t *waiting,
    struct error *err)
{
	struct server *server;
	int fd = listen_open(set->socket, err);
	size_t busy;

	if (fd < 0)
		return -1;
	server = server_new(&set->server, err);
	if (server == NULL) {
		(void)close(fd);
		return -1;
	}
	server_listen(server, fd);
	server_log(LOG_LEVEL_INFO, "listening on %s", set->socket);
	busy = server_run(server, &stop, waiting);
	give_up(set, busy);
	server_free(server);
	listen_close(set->socket);
	return 0;
}

/* A part of Xen's that is a process: its module's main function. */
static int
run_module(const char *file, const char *symbol)
{
	struct error err = ERROR_INIT;
	int (*run)(void) = (int (*)(void))module_load(file, symbol, &err);

	if (run != NULL)
		return run();
	server_log(LOG_LEVEL_ERROR, "%s", err.message);
	error_release(&err);
	return EXIT_FAILURE;
}

/* SIGTERM and SIGINT come only where the server waits, with this mask. */
static void
catch_signals(sigset_t *waiting_out)
{
	struct sigaction action;
	sigset_t held;

	memset(&action, 0, sizeof(action));
	action.sa_handler = on_stop;
	(void)sigemptyset(&action.sa_mask);
	(void)sigaction(SIGTERM, &action, NULL);
	(void)sigaction(SIGINT, &action, NULL);
	(void)sigemptyset(&held);
	(void)sigaddset(&held, SIGTERM);
	(void)sigaddset(&held, SIGINT);
	(void)sigprocmask(SIG_BLOCK, &held, waiting_out);
	(void)sigdelset(waiting_out, SIGTERM);
	(void)sigdelset(waiting_out, SIGINT);
	action.sa_handler = SIG_IGN;
	(void)sigaction(SIGPIPE, &action, NULL);
}

int
main(int argc, char **argv)
{
	struct settings set = {
		.server = {
			.drivers = drivers,
			.clients_max = 200,
			.keepalive_interval = 5,
			.keepalive_count = 5,
		},
		.socket = PATH_VIRTD_SOCKET,
	};
	struct error err = ERROR_INIT;
	const char *name = strrchr(argv[0], '/');
	sigset_t waiting;
	int rc;

	name = name == NULL ? argv[0] : name + 1;
	set.as_helper = strcmp(name, "virt-ssh-helper") == 0;
	if (parse_options(argc, argv, &set) != 0)
		return 2;
	log_open((enum log_level)(LOG_LEVEL_WARNING +
	    (set.verbose > 2 ? 2 : set.verbose)), set.syslog_wanted);
	if (set.mode == MODE_LIBXL)
		return run_module("xvm-libxl.so", "libxl_side_main");
	if (set.mode == MODE_WATCH)
		return run_module("xvm-xen.so", "xen_watch_main");
	if (set.as_helper && handoff_needed(set.server.uri, drivers)) {
		rc = handoff_run(set.server.uri, set.server.readonly, &err);
		goto out;
	}
	catch_signals(&waiting);
	if (check_rights(set.server.uri, &err) != 0)
		rc = -1;
	else if (set.mode == MODE_AUTOSTART)
		rc = autostart_run(drivers, set.server.uri, &err);
	else if (set.mode == MODE_LISTEN)
		rc = serve_socket(&set, &waiting, &err);
	else
		rc = serve_stdio(&set, &waiting, &err);
out:
	if (rc != 0) {
		server_log(LOG_LEVEL_ERROR, "%s", err.message);
		error_release(&err);
		return EXIT_FAILURE;
	}
	return EXIT_SUCCESS;
}
