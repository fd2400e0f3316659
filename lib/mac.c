/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Addresses of network cards as text. */
#include "mac.h"

#include <ctype.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

const char *
mac_scan(const char *text, unsigned char mac_out[MAC_SIZE])
{
	for (int i = 0; i < MAC_SIZE; i++) {
		unsigned long byte;
		char *end;

		/* strtoul would take blanks and signs. */
		if ((i > 0 && *text++ != ':') ||
		    !isxdigit((unsigned char)*text))
			return NULL;
		byte = strtoul(text, &end, 16);
		if (end - text > 2)
			return NULL;
		mac_out[i] = (unsigned char)byte;
		text = end;
	}
	return text;
}

int
mac_parse(const char *text, unsigned char mac_out[MAC_SIZE])
{
	const char *end = mac_scan(text, mac_out);

	return end != NULL && *end == '\0' ? 0 : -1;
}

char *
mac_format(const unsigned char mac[MAC_SIZE], char out[MAC_TEXT_SIZE])
{
	(void)snprintf(out, MAC_TEXT_SIZE, "%02x:%02x:%02x:%02x:%02x:%02x",
	    mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]);
	return out;
}
