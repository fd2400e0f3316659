/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Addresses of network cards as text: "52:54:00:01:02:03". */
#ifndef LIB_MAC_H
#define LIB_MAC_H

#define MAC_SIZE 6
#define MAC_TEXT_SIZE 18

/*
 * Six numbers of one or two hexadecimal digits, ':' between them. Returns what
 * follows them, or NULL when text does not begin with such.
 */
const char *mac_scan(const char *text, unsigned char mac_out[MAC_SIZE]);
/* The same and nothing behind: 0, or -1. */
int	mac_parse(const char *text, unsigned char mac_out[MAC_SIZE]);
/* Small letters, two digits each. Returns out. */
char	*mac_format(const unsigned char mac[MAC_SIZE], char out[MAC_TEXT_SIZE]);

#endif
