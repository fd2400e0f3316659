/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* UUIDs: 16 raw bytes, and their text (RFC 4122). */
#ifndef LIB_UUID_H
#define LIB_UUID_H

#define UUID_SIZE 16
#define UUID_TEXT_SIZE 37	/* with the NUL */

/* Hyphens may be anywhere or missing, as libvirt reads them. 0 or -1. */
int	uuid_parse(const char *text, unsigned char uuid_out[UUID_SIZE]);
/* Lower case, with hyphens. Returns text. */
const char	*uuid_format(const unsigned char uuid[UUID_SIZE],
		    char text[UUID_TEXT_SIZE]);
/* A random one (version 4). 0, or -1 when the kernel gives no random bytes. */
int	uuid_generate(unsigned char uuid_out[UUID_SIZE]);
/* The wire keeps the bytes as char. */
#define UUID_BYTES(u) ((const unsigned char *)(u))

#endif
