/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A domain's configuration is its XML document, a tree with <domain> as its
 * root, in canonical form: elements in libvirt's order, defaults written out,
 * values in their canonical spelling. What is not understood stays where it
 * was, behind what is. Drivers read and change it by domain_edit.h.
 *
 * The document format is libvirt's (formatdomain).
 */
#ifndef LIB_DOMAIN_XML_H
#define LIB_DOMAIN_XML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../error.h"
#include "../tree.h"

struct buf;

/* One guest that a host can run. */
struct domain_guest {
	const char *os_type;	/* "hvm", "linux", "xen", "exe" */
	const char *arch;	/* "i686", "x86_64" */
	const char *virt_type;	/* domain's type attribute: "test", "xen" */
	const char *emulator;	/* default <emulator>, NULL: none */
	const char *machine;	/* default machine, NULL: none */
};

/* What a driver's host brings to a document: defaults and what it refuses. */
struct domain_caps {
	const struct domain_guest *guests;	/* ends with os_type NULL */
	int error_domain;	/* XVM_FROM_TEST, XVM_FROM_LIBXL */
	unsigned char mac_prefix[3];	/* of generated addresses */
	bool xen;		/* Xen's defaults, else the test driver's */
};

enum domain_xml_flags {
	DOMAIN_XML_PARSE_INACTIVE = 1 << 0,	/* a stored configuration: drop
						 * what only a running one has */
	DOMAIN_XML_PARSE_ID = 1 << 1,	/* keep the id attribute */
};

/*
 * Parse n bytes and bring them into canonical form. NULL on failure, with the
 * reason in libvirt's words (and the line where that helps).
 */
struct doc	*domain_xml_parse(const char *text, size_t n,
		    const struct domain_caps *caps, unsigned int flags,
		    struct error *err);
/* The second half: check a parsed tree and bring it into canonical form. */
int	domain_xml_normalise(struct doc *doc, const struct domain_caps *caps,
	    unsigned int flags, struct error *err);
/* The same for the <cpu> of a guest alone. */
int	domain_cpu_normalise(struct doc *doc, struct node *cpu,
	    struct error *err);
/*
 * What "validate" asks for: are all elements of the document's first level
 * known? There is no schema here, below they are not looked at.
 */
int	domain_xml_validate(const struct doc *doc, struct error *err);
/*
 * The part below <devices> (domain_devices.c): fill in defaults, order and
 * check each device. Called by domain_xml_normalise with the rest done.
 */
int	domain_devices_normalise(struct node *domain,
	    const struct domain_caps *caps, unsigned int flags,
	    struct error *err);
/* As text: flags are XVM_DOMAIN_XML_*, of which SECURE and INACTIVE count. */
void	domain_devices_format(const struct node *devices, unsigned int flags,
	    struct buf *out);
/*
 * One device alone (<disk>, <interface>...), as for attaching, in the context
 * of a domain.
 */
struct node	*domain_device_parse(struct doc *doc, const char *text,
		    size_t n, const struct domain_caps *caps,
		    struct error *err);

/*
 * As text. id: written as attribute unless it is -1. flags: XVM_DOMAIN_XML_*
 * (secrets such as passwords are left out without ..._SECURE).
 */
char	*domain_xml_format(const struct doc *doc, int id, unsigned int flags,
	    struct error *err);

#endif
