/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* UUIDs. */
#include "uuid.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

static int
hex_digit(char c)
{
	if (isdigit((unsigned char)c))
		return c - '0';
	return isxdigit((unsigned char)c) ? tolower((unsigned char)c) - 'a' + 10 :
	    -1;
}

int
uuid_parse(const char *text, unsigned char uuid_out[UUID_SIZE])
{
	unsigned char uuid[UUID_SIZE];
	size_t n = 0;

	while (isspace((unsigned char)*text))
		text++;
	while (n < UUID_SIZE) {
		int high, low;

		if (*text == '-') {
			text++;
			continue;
		}
		high = hex_digit(text[0]);
		low = high < 0 ? -1 : hex_digit(text[1]);
		if (low < 0)
			return -1;
		uuid[n++] = (unsigned char)(high << 4 | low);
		text += 2;
	}
	while (isspace((unsigned char)*text))
		text++;
	if (*text != '\0')
		return -1;
	memcpy(uuid_out, uuid, UUID_SIZE);
	return 0;
}

const char *
uuid_format(const unsigned char uuid[UUID_SIZE], char text[UUID_TEXT_SIZE])
{
	static const char digits[] = "0123456789abcdef";
	char *p = text;

	for (int i = 0; i < UUID_SIZE; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*p++ = '-';
		*p++ = digits[uuid[i] >> 4];
		*p++ = digits[uuid[i] & 15];
	}
	*p = '\0';
	return text;
}

int
uuid_generate(unsigned char uuid_out[UUID_SIZE])
{
	if (getrandom(uuid_out, UUID_SIZE, 0) != UUID_SIZE)
		return -1;
	uuid_out[6] = (uuid_out[6] & 0x0f) | 0x40;
	uuid_out[8] = (uuid_out[8] & 0x3f) | 0x80;
	return 0;
}
