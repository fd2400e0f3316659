/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The document of a running domain with the disks and interfaces that it has
 * by now: another program may have attached and detached some.
 */
#include <string.h>

#include "../../domain/domain_xml.h"
#include "../domain_caps.h"
#include "config.h"
#include "device.h"

/* What libxl knows, as a document; NULL: it cannot be told. */
static struct doc *
ask_libxl(struct side *side, int id)
{
	struct error ignored = ERROR_INIT;
	libxl_domain_config config;
	struct doc *doc = NULL;

	libxl_domain_config_init(&config);
	if (libxl_retrieve_domain_configuration(side->ctx, (uint32_t)id,
	    &config, NULL) == 0)
		doc = config_to_xml(side->ctx, &config, &ignored);
	libxl_domain_config_dispose(&config);
	side_log_forget(&side->log);
	error_release(&ignored);
	return doc;
}

/* Another medium in a drive: its source, and the type that goes with it. */
static bool
take_medium(struct node *disk, const struct node *now)
{
	const struct node *source = node_child(now, "source");
	struct node *old = node_child(disk, "source"), *copy;
	const char *file = node_attr(old, "file"), *new_file;

	if (!node_attr_is(disk, "device", "cdrom"))
		return false;
	if (file == NULL)
		file = node_attr(old, "dev");
	new_file = node_attr(source, "file");
	if (new_file == NULL)
		new_file = node_attr(source, "dev");
	if (file == new_file || (file != NULL && new_file != NULL &&
	    strcmp(file, new_file) == 0))
		return false;
	if (old != NULL)
		node_unlink(old);
	node_set_attr(disk, "type", node_attr(now, "type"));
	copy = source != NULL ? node_clone(disk->doc, source) : NULL;
	if (copy != NULL)
		node_append(disk, copy);
	return true;
}

static bool
bring_up_to_date(struct doc *doc, const struct doc *now, const char *kind)
{
	struct node *devices = node_child(doc->root, "devices"), *next, *copy;
	bool changed = false;

	for (struct node *d = node_child(devices, kind); d != NULL; d = next) {
		const struct node *same = device_find(now->root, d);

		next = node_next(d, kind);
		/* A host's device as an interface is no interface to libxl. */
		if (node_attr_is(d, "type", "hostdev"))
			continue;
		if (same == NULL)
			node_unlink(d);
		changed |= same == NULL || take_medium(d, same);
	}
	for (const struct node *d = node_child(node_child(now->root,
	    "devices"), kind); d != NULL; d = node_next(d, kind)) {
		if (device_find(doc->root, d) != NULL)
			continue;
		copy = node_clone(doc, d);
		if (copy != NULL)
			node_append(devices, copy);
		changed = true;
	}
	return changed;
}

struct doc *
side_current_doc(struct side *side, int id, struct error *err)
{
	struct doc *doc = side_live_doc(side, id, err);
	struct doc *now = doc != NULL && side_has_doc(side, id) ?
	    ask_libxl(side, id) : NULL;
	bool changed;

	if (now == NULL)
		return doc;
	changed = bring_up_to_date(doc, now, "disk");
	changed |= bring_up_to_date(doc, now, "interface");
	doc_free(now);
	if (!changed || domain_xml_normalise(doc, &xen_domain_caps, 0,
	    err) == 0)
		return doc;
	doc_free(doc);
	return NULL;
}
