/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pci.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xenstore.h>

#include "../../number.h"
#include "../../tree.h"
#include "config.h"

#define SYSFS "/sys/bus/pci/devices/"

/* The domain that libxl has given it to, or -1. */
static int32_t
owner_of(struct side *side, const libxl_device_pci *pci)
{
	char path[64], *text;
	int32_t id = -1;

	(void)snprintf(path, sizeof(path), "/libxl/pci/%04x-%02x-%02x-%x/domid",
	    (unsigned int)pci->domain, pci->bus, pci->dev, pci->func);
	text = xs_read(side->xs, XBT_NULL, path, NULL);
	if (text == NULL || number_i32(text, 10, &id) != 0)
		id = -1;
	free(text);
	return id;
}

int
side_pci_check(struct side *side, const libxl_device_pci *pci,
    struct error *err)
{
	int32_t owner = owner_of(side, pci);
	char address[32], path[sizeof(SYSFS) + sizeof(address)], *name;

	(void)snprintf(address, sizeof(address), "%04x:%02x:%02x.%x",
	    (unsigned int)pci->domain, pci->bus, pci->dev, pci->func);
	(void)snprintf(path, sizeof(path), SYSFS "%s", address);
	if (access(path, F_OK) != 0)
		return error_set(err, XVM_FROM_LIBXL, XVM_ERR_INTERNAL_ERROR,
		    "Device %s not found: could not access %s: %s", address,
		    path, strerror(errno));
	if (owner < 0)
		return 0;
	name = libxl_domid_to_name(side->ctx, (uint32_t)owner);
	(void)error_set(err, XVM_FROM_LIBXL, XVM_ERR_OPERATION_INVALID,
	    "PCI device %s is in use by domain %s", address,
	    name != NULL ? name : "that has gone");
	free(name);
	side_log_forget(&side->log);
	return -1;
}

int
side_pci_check_all(struct side *side, const libxl_domain_config *config,
    struct error *err)
{
	for (int i = 0; i < config->num_pcidevs; i++) {
		if (side_pci_check(side, &config->pcidevs[i], err) != 0)
			return -1;
	}
	return 0;
}

void
side_pci_return(struct side *side, const libxl_device_pci *pci)
{
	libxl_device_pci *list, it;
	int n = 0;
	bool there = false;

	if (!pci->seize || owner_of(side, pci) >= 0)
		return;
	list = libxl_device_pci_assignable_list(side->ctx, &n);
	for (int i = 0; i < n && !there; i++)
		there = list[i].domain == pci->domain &&
		    list[i].bus == pci->bus && list[i].dev == pci->dev &&
		    list[i].func == pci->func;
	libxl_device_pci_assignable_list_free(list, n);
	if (there) {
		libxl_device_pci_init(&it);
		libxl_device_pci_copy(side->ctx, &it, pci);
		(void)libxl_device_pci_assignable_remove(side->ctx, &it, 1);
		libxl_device_pci_dispose(&it);
	}
	side_log_forget(&side->log);
}

void
side_pci_return_all(struct side *side, const libxl_domain_config *config)
{
	for (int i = 0; i < config->num_pcidevs; i++)
		side_pci_return(side, &config->pcidevs[i]);
}

void
side_pci_of(struct side *side, int id, libxl_domain_config *out)
{
	struct error ignored = ERROR_INIT;
	libxl_device_pci *list;
	struct doc *doc = NULL;
	int n = 0;

	/* Most have none, and that is quickly asked. */
	list = libxl_device_pci_list(side->ctx, (uint32_t)id, &n);
	libxl_device_pci_list_free(list, n);
	side_log_forget(&side->log);
	if (n > 0 && side_has_doc(side, id))
		doc = side_live_doc(side, id, &ignored);
	if (doc == NULL || config_from_xml(side->ctx, doc->root, out,
	    &ignored) != 0)
		libxl_domain_config_init(out);
	doc_free(doc);
	error_release(&ignored);
}
