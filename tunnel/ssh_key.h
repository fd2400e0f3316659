/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What can be told of ssh's keys without its library: the type in a key blob,
 * what a private key file holds, which host keys a server offers.
 */
#ifndef TUNNEL_SSH_KEY_H
#define TUNNEL_SSH_KEY_H

#include <stdbool.h>
#include <stddef.h>

#include "../lib/buf.h"
#include "../lib/error.h"

#define SSH_KEY_TYPE_MAX 64u
#define SSH_KEY_FILE_MAX 65536u

struct ssh_key_file {
	char type[SSH_KEY_TYPE_MAX];	/* "ssh-rsa", "" when not to be told */
	bool encrypted;
};

/* The type that a blob begins with, "" when it is none. */
void	ssh_key_type(const void *blob, size_t n, char *out, size_t size);
/* A private key file, in OpenSSH's form or PEM. 0 or -1. */
int	ssh_key_file_read(const char *path, struct ssh_key_file *out,
	    struct error *err);
/* The blob of a public key file ("type base64 comment"). 0, -1: there is none */
int	ssh_key_public_read(const char *path, struct buf *blob_out);
/*
 * The same for a private key file's other half: of the file beside it that ends
 * in .pub, else of the file itself where its form tells.
 */
int	ssh_key_public_of(const char *path, struct buf *blob_out);
/* Is that blob of a certificate one for that key's blob? */
bool	ssh_key_certifies(const struct buf *certificate,
	    const struct buf *key);
/*
 * The host key algorithms in the first bytes that a server sent (RFC 4253,
 * 4.2 and 7.1), with commas. The caller frees it; NULL: not all of it is there.
 */
char	*ssh_key_offered(const void *data, size_t n);

#endif
