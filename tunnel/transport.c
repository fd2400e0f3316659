/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which transport a URI means. */
#include "transport.h"

#include <string.h>

#include "../lib/buf.h"
#include "../lib/module.h"
#include "ssh2_module.h"

/* Parameters about the way there, not for the other end. */
static const char *const own_params[] = {
	"name", "command", "socket", "netcat", "keyfile", "no_tty",
	"no_verify", "proxy", "sshauth", "known_hosts", "known_hosts_verify",
	"auth", "mode", "keepalive_interval", "keepalive_count", "no_sanity",
	"pkipath", "tls_priority", NULL,
};

static bool
is_own(const char *name)
{
	for (const char *const *p = own_params; *p != NULL; p++) {
		if (strcmp(*p, name) == 0)
			return true;
	}
	return false;
}

/* Characters of a parameter's value that a URI cannot hold as they are. */
static void
add_encoded(struct buf *out, const char *s)
{
	for (; *s != '\0'; s++) {
		if (strchr("&;#%+ ", *s) != NULL || (unsigned char)*s >= 0x7f)
			buf_printf(out, "%%%02X", (unsigned char)*s);
		else
			buf_putc(out, *s);
	}
}

char *
transport_remote_uri(const struct uri *uri)
{
	const char *name = uri_param(uri, "name");
	struct buf out = BUF_INIT;
	char sep = '?';

	if (name != NULL) {
		buf_puts(&out, name);
		return buf_detach(&out);
	}
	buf_printf(&out, "%s://%s", uri->driver, uri->path);
	for (size_t i = 0; i < uri->n_params; i++) {
		if (is_own(uri->params[i].name))
			continue;
		buf_putc(&out, sep);
		add_encoded(&out, uri->params[i].name);
		buf_putc(&out, '=');
		add_encoded(&out, uri->params[i].value);
		sep = '&';
	}
	return buf_detach(&out);
}

static struct stream *
ssh2_open(const struct uri *uri, const struct conn_options *options,
    struct error *err)
{
	const struct ssh2_module *module = module_load(SSH2_MODULE_FILE,
	    "ssh2_module", err);

	return module == NULL ? NULL : module->open(uri, options, err);
}

struct stream *
transport_open(const struct uri *uri, const struct conn_options *options,
    struct error *err)
{
	static const struct {
		const char *name;
		struct stream *(*open)(const struct uri *,
		    const struct conn_options *, struct error *);
	} table[] = {
		{ "ssh", ssh_open },
		{ "libssh2", ssh2_open },
		{ "unix", unix_open },
		{ "ext", ext_open },
	};
	const char *name = uri->transport;

	/* To libvirt a host without a transport means TLS, neither of them
	 * the socket on this machine. */
	if (name == NULL)
		name = uri->host == NULL ? "unix" : "tls";
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (strcmp(table[i].name, name) == 0)
			return table[i].open(uri, options, err);
	}
	if (strcmp(name, "tcp") == 0 || strcmp(name, "tls") == 0)
		error_set(err, XVM_FROM_RPC, XVM_ERR_CONFIG_UNSUPPORTED,
		    "transport '%s' is not offered: ssh is the only remote "
		    "access; use %s+ssh://", name, uri->driver);
	else
		error_set(err, XVM_FROM_REMOTE, XVM_ERR_INVALID_ARG,
		    "remote_open: transport in URL not recognised "
		    "(should be ssh|libssh2|unix|ext)");
	return NULL;
}
