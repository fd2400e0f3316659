/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One device of a domain: found in a document, attached to a running domain,
 * detached from it, changed in it. Devices are elements of documents in
 * canonical form.
 */
#ifndef LIB_XEN_LIBXL_DEVICE_H
#define LIB_XEN_LIBXL_DEVICE_H

#include "side.h"

/* device_find.c */
/*
 * The one of the devices of <domain> that another element means: a disk by its
 * target, an interface by its address, a host's device by its place there, a
 * controller by type and index, inputs and graphics by their type. NULL: none.
 */
struct node	*device_find(const struct node *domain,
		    const struct node *like);
/* The one with the alias; NULL: none. */
struct node	*device_find_alias(const struct node *domain,
		    const char *alias);
/* "disk 'xvda'", "pci device 0000:01:00.0": what errors call it. */
#define DEVICE_WORDS_SIZE 128
const char	*device_words(const struct node *device,
		    char out[DEVICE_WORDS_SIZE]);

/* device_live.c: for the running domain id, whose document is domain. */
int	device_live_attach(struct side *side, int id,
	    const struct node *domain, const struct node *device,
	    struct error *err);
/* device is the domain's own element. */
int	device_live_detach(struct side *side, int id,
	    const struct node *domain, const struct node *device,
	    struct error *err);
/* old is the domain's own element, device what is to be in its place. */
int	device_live_update(struct side *side, int id,
	    const struct node *domain, const struct node *old,
	    const struct node *device, struct error *err);

#endif
