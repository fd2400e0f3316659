/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Connection URIs:
 * driver[+transport]://[user@][host][:port]/[path][?param=value&...]
 * (RFC 3986, as libvirt's documentation of remote URIs uses it).
 */
#ifndef LIB_URI_H
#define LIB_URI_H

#include <stdbool.h>
#include <stddef.h>

#include "error.h"

#define URI_LENGTH_MAX 4096
#define URI_PARAMS_MAX 64

struct uri_param {
	char *name;
	char *value;		/* percent-decoded, "" when it has none */
};

struct uri {
	char *text;		/* as it was given */
	char *driver;		/* "xen" */
	char *transport;	/* "ssh", NULL: none */
	char *user;		/* decoded or NULL */
	char *host;		/* without brackets, NULL or not empty */
	int port;		/* 1..65535, 0: none given */
	char *path;		/* decoded, with its leading '/', or "" */
	struct uri_param *params;
	size_t n_params;
};

/*
 * Parse and check: control characters anywhere, a user or host that begins
 * with '-' or holds white space or shell characters, and what is longer than
 * the limits are refused. On failure *uri is empty.
 */
int	uri_parse(const char *text, struct uri *uri, struct error *err);
void	uri_release(struct uri *uri);
/* A parameter's value, NULL when it is not given; borrowed. */
const char	*uri_param(const struct uri *uri, const char *name);
/* The canonical text: what need not be encoded is not. The caller frees it;
 * NULL when out of memory. */
char	*uri_format(const struct uri *uri);
/* Is it for another host or process (transport or host given)? */
bool	uri_is_remote(const struct uri *uri);

#endif
