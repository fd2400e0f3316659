/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Addresses of devices as users write them: "pci:0000.00.05.0". */
#ifndef CMD_DEVICE_ADDRESS_H
#define CMD_DEVICE_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

struct buf;

enum address_kind {
	ADDRESS_PCI,
	ADDRESS_SCSI,
	ADDRESS_IDE,
	ADDRESS_CCW,
	ADDRESS_USB,
	ADDRESS_SATA,
	N_ADDRESS_KINDS,
};

struct address {
	enum address_kind kind;
	bool multifunction;	/* of PCI */
	uint64_t part[4];	/* as many as the kind has */
};

/* 0, or -1 when it is not an address. */
int	address_parse(const char *text, bool multifunction,
	    struct address *out);
/* <address .../> and a line feed. */
void	address_format(const struct address *address, struct buf *out);

#endif
