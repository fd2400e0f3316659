/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Between transport.c and the module that holds libssh2 (ssh2*.c); its one
 * exported symbol is ssh2_module.
 */
#ifndef TUNNEL_SSH2_MODULE_H
#define TUNNEL_SSH2_MODULE_H

#define SSH2_MODULE_FILE "xvm-ssh2.so"

struct conn_options;
struct error;
struct stream;
struct uri;

struct ssh2_module {
	struct stream *(*open)(const struct uri *uri,
	    const struct conn_options *options, struct error *err);
};

#endif
