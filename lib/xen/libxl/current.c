/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The document of a running domain with the memory, virtual CPUs, disks and
 * interfaces that it has by now: another program may have changed them.
 */
#include <string.h>

#include "../../domain/domain_edit.h"
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

static const char *
file_of(const struct node *disk)
{
	const struct node *source = node_child(disk, "source");
	const char *file = node_attr(source, "file");

	return file != NULL ? file : node_attr(source, "dev");
}

/* Another medium in a drive: its source, and the type that goes with it. */
static void
take_medium(struct node *disk, const struct node *now)
{
	const struct node *source = node_child(now, "source");
	struct node *old = node_child(disk, "source"), *copy;

	if (old != NULL)
		node_unlink(old);
	node_set_attr(disk, "type", node_attr(now, "type"));
	copy = source != NULL ? node_clone(disk->doc, source) : NULL;
	if (copy != NULL)
		node_append(disk, copy);
}

/* What is under the same name by now; true: it was something else. */
static bool
take_file(struct node *disk, const struct node *now)
{
	const char *old = file_of(disk), *new = file_of(now);
	struct node *copy;

	if (old == new || (old != NULL && new != NULL &&
	    strcmp(old, new) == 0))
		return false;
	if (node_attr_is(disk, "device", "cdrom")) {
		take_medium(disk, now);
	} else if ((copy = node_clone(disk->doc, now)) != NULL) {
		node_insert_after(disk, copy);
		node_unlink(disk);
	}
	return true;
}

static bool
take_devices(struct doc *doc, const struct doc *now, const char *kind)
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
		changed |= same == NULL || take_file(d, same);
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

/* What it may grow to is ours to know: libxl keeps that as it was built. */
static bool
take_memory(struct node *root, const struct node *now)
{
	uint64_t old = edit_get_u64(root, "currentMemory");
	uint64_t kib = edit_get_u64(now, "currentMemory");
	uint64_t max = edit_get_u64(root, "memory");

	if (kib > max)
		kib = max;
	if (kib == 0 || kib == old)
		return false;
	element_set_kib(edit_need(root, "currentMemory"), kib);
	return true;
}

static bool
take_vcpus(struct node *root, const struct node *now)
{
	unsigned int n = edit_vcpus(now);

	if (n == 0 || n == edit_vcpus(root) || n > edit_vcpus_max(root))
		return false;
	edit_set_vcpus(root, n);
	return true;
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
	changed = take_memory(doc->root, now->root);
	changed |= take_vcpus(doc->root, now->root);
	changed |= take_devices(doc, now, "disk");
	changed |= take_devices(doc, now, "interface");
	doc_free(now);
	if (!changed || domain_xml_normalise(doc, &xen_domain_caps, 0,
	    err) == 0)
		return doc;
	doc_free(doc);
	return NULL;
}
