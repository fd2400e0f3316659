/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * SHA-1 (FIPS 180-4) and its HMAC (RFC 2104): the form of hashed host names in
 * known_hosts and of ssh's %C. Nothing secret rests on it.
 */
#ifndef TUNNEL_SHA1_H
#define TUNNEL_SHA1_H

#include <stddef.h>
#include <stdint.h>

#define SHA1_SIZE 20u

void	sha1(const void *data, size_t n, uint8_t *out);
/* A key of at most 64 bytes; a longer one is cut, known_hosts has 20. */
void	sha1_hmac(const void *key, size_t key_n, const void *data, size_t n,
	    uint8_t *out);

#endif
