/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What ssh runs on the target. */
#include "target.h"

#include <stdlib.h>
#include <string.h>

#include "../lib/buf.h"
#include "paths.h"
#include "quote.h"
#include "transport.h"

struct parts {
	const char *uri;	/* that the other end opens */
	const char *driver;
	const char *netcat, *socket;
	bool readonly;
};

/*
 * Each adds "test; then run" pieces of a shell's if-chain; "if" is added by
 * the first and "elif" by the others.
 */
static void
add_virtd(struct buf *out, const struct parts *p, const char **word)
{
	static const char *const places[] = {
		"/usr/lib/virtd", "/usr/local/lib/virtd",
	};
	const char *ro = p->readonly ? " --readonly" : "";

	for (size_t i = 0; i < 2; i++) {
		buf_printf(out, "%s test -x %s; then exec %s --stdio%s -- ",
		    *word, places[i], places[i], ro);
		quote_word(out, p->uri);
		buf_puts(out, "; ");
		*word = "elif";
	}
	buf_printf(out, "elif command -v virtd >/dev/null 2>&1; "
	    "then exec virtd --stdio%s -- ", ro);
	quote_word(out, p->uri);
	buf_puts(out, "; ");
}

static void
add_native(struct buf *out, const struct parts *p, const char **word)
{
	buf_printf(out, "%s command -v virt-ssh-helper >/dev/null 2>&1; "
	    "then exec virt-ssh-helper %s", *word, p->readonly ? "-r " : "");
	quote_word(out, p->uri);
	buf_puts(out, "; ");
	*word = "elif";
}

/* Netcats differ in whether they end at the end of input by themselves. */
static void
add_netcat(struct buf *out, const struct parts *p, const char **word)
{
	const char *ro = p->readonly ? "-ro" : "";

	buf_printf(out, "%s command -v ", *word);
	quote_word(out, p->netcat);
	buf_puts(out, " >/dev/null 2>&1; then ");
	if (p->socket != NULL) {
		buf_puts(out, "s=");
		quote_word(out, p->socket);
		buf_puts(out, "; ");
	} else {
		buf_printf(out, "s=%s%s; for t in "
		    "/var/run/libvirt/virt%sd-sock%s %s%s; do "
		    "if test -S $t; then s=$t; break; fi; done; ",
		    PATH_LIBVIRT_SOCKET, ro, p->driver, ro,
		    PATH_LIBVIRT_SOCKET, ro);
	}
	buf_puts(out, "if ");
	quote_word(out, p->netcat);
	buf_puts(out, " -q 2>&1 | grep 'requires an argument' "
	    ">/dev/null 2>&1; then q='-q 0'; else q=; fi; exec ");
	quote_word(out, p->netcat);
	buf_puts(out, " $q -U \"$s\"; ");
	*word = "elif";
}

char *
target_command(const struct uri *uri, bool readonly, struct error *err)
{
	const char *proxy = uri_param(uri, "proxy"), *word = "if";
	struct buf script = BUF_INIT, out = BUF_INIT;
	struct parts p = { .driver = uri->driver, .readonly = readonly };
	const char *tried, *netcat = NULL;
	char *remote, *command = NULL;

	remote = transport_remote_uri(uri);
	if (remote == NULL) {
		error_nomem(err);
		return NULL;
	}
	p.uri = remote;
	p.netcat = uri_param(uri, "netcat");
	p.socket = uri_param(uri, "socket");
	/* Naming a socket or a netcat means netcat, as with libvirt. */
	if (proxy == NULL)
		proxy = p.netcat != NULL || p.socket != NULL ? "netcat" :
		    "auto";
	if (p.netcat == NULL)
		p.netcat = "nc";
	if (strcmp(proxy, "auto") == 0) {
		add_virtd(&script, &p, &word);
		add_native(&script, &p, &word);
		add_netcat(&script, &p, &word);
		tried = "virtd (install xvsh), virt-ssh-helper (install "
		    "libvirt), ";
		netcat = p.netcat;
	} else if (strcmp(proxy, "virtd") == 0) {
		add_virtd(&script, &p, &word);
		tried = "virtd (install xvsh)";
	} else if (strcmp(proxy, "native") == 0) {
		add_native(&script, &p, &word);
		tried = "virt-ssh-helper (install libvirt)";
	} else if (strcmp(proxy, "netcat") == 0) {
		add_netcat(&script, &p, &word);
		tried = "";
		netcat = p.netcat;
	} else {
		error_set(err, XVM_FROM_REMOTE, XVM_ERR_INVALID_ARG,
		    "proxy '%s' is none of auto, virtd, native, netcat",
		    proxy);
		goto out;
	}
	buf_puts(&script, "else echo ");
	buf_puts(&out, "no helper on the target, tried: ");
	buf_puts(&out, tried);
	if (netcat != NULL)
		buf_printf(&out, "%s (install netcat)", netcat);
	quote_word(&script, buf_str(&out));
	buf_puts(&script, " >&2; exit 127; fi");
	buf_clear(&out);
	/* The login shell need not be a POSIX one. */
	buf_puts(&out, "sh -c ");
	quote_word(&out, buf_str(&script));
	if (script.failed || (command = buf_detach(&out)) == NULL)
		error_nomem(err);
out:
	buf_release(&script);
	buf_release(&out);
	free(remote);
	return command;
}
