/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Addresses of devices, from the user's words to XML. */
#include "device_address.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/buf.h"

/* "kind:A.B.C": numbers in a base, one character between them. */
static const struct {
	const char *name;
	int base;
	size_t n;
	bool wide;		/* the last one has 64 bits */
} kinds[N_ADDRESS_KINDS] = {
	[ADDRESS_PCI] = { "pci", 16, 4, false },
	[ADDRESS_SCSI] = { "scsi", 10, 3, true },
	[ADDRESS_IDE] = { "ide", 10, 3, true },
	[ADDRESS_CCW] = { "ccw", 16, 3, false },
	[ADDRESS_USB] = { "usb", 10, 2, false },
	[ADDRESS_SATA] = { "sata", 10, 3, true },
};

/* Where the number ends; NULL: there is none, or it is negative or large. */
static const char *
parse_part(const char *text, int base, uint64_t max, uint64_t *out)
{
	char *end;

	errno = 0;
	*out = strtoull(text, &end, base);
	if (errno != 0 || end == text || *out > max ||
	    memchr(text, '-', (size_t)(end - text)) != NULL)
		return NULL;
	return end;
}

int
address_parse(const char *text, bool multifunction, struct address *out)
{
	const char *p = strchr(text, ':');
	size_t kind = 0, n;

	if (p == NULL)
		return -1;
	n = (size_t)(p - text);
	while (kind < N_ADDRESS_KINDS && (strlen(kinds[kind].name) != n ||
	    strncmp(kinds[kind].name, text, n) != 0))
		kind++;
	if (kind == N_ADDRESS_KINDS)
		return -1;
	out->kind = (enum address_kind)kind;
	out->multifunction = multifunction;
	/* What separates two parts is not looked at, nor what follows. */
	for (size_t i = 0; i < kinds[kind].n; i++) {
		bool last = i + 1 == kinds[kind].n;

		if (*p == '\0')
			return -1;
		p = parse_part(p + 1, kinds[kind].base,
		    last && kinds[kind].wide ? UINT64_MAX : UINT_MAX,
		    &out->part[i]);
		if (p == NULL)
			return -1;
	}
	return 0;
}

void
address_format(const struct address *address, struct buf *out)
{
	const uint64_t *part = address->part;

	switch (address->kind) {
	case ADDRESS_PCI:
		buf_printf(out, "<address type='pci' domain='0x%04" PRIx64
		    "' bus='0x%02" PRIx64 "' slot='0x%02" PRIx64
		    "' function='0x%" PRIx64 "'", part[0], part[1], part[2],
		    part[3]);
		if (address->multifunction)
			buf_puts(out, " multifunction='on'");
		break;
	case ADDRESS_CCW:
		buf_printf(out, "<address type='ccw' cssid='0x%02" PRIx64
		    "' ssid='0x%" PRIx64 "' devno='0x%04" PRIx64 "'", part[0],
		    part[1], part[2]);
		break;
	case ADDRESS_USB:
		buf_printf(out, "<address type='usb' bus='%" PRIu64
		    "' port='%" PRIu64 "'", part[0], part[1]);
		break;
	default:
		buf_printf(out, "<address type='drive' controller='%" PRIu64
		    "' bus='%" PRIu64 "' unit='%" PRIu64 "'", part[0],
		    part[1], part[2]);
		break;
	}
	buf_puts(out, "/>\n");
}
