/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* <devices> as text: without secrets, and as it is stored or running. */
#include <string.h>

#include "../buf.h"
#include "domain_devices.h"

/* A label that says no more than the default has no place in what is stored. */
static bool
says_nothing(const struct node *seclabel)
{
	return node_child(seclabel, "label") == NULL &&
	       !node_attr_is(seclabel, "relabel", "no");
}

static bool
hides_seclabel(const struct node *source)
{
	for (const struct node *s = node_child(source, "seclabel"); s != NULL;
	     s = node_next(s, "seclabel")) {
		if (says_nothing(s))
			return true;
	}
	return false;
}

/* Whether the device is written otherwise than it is kept. */
static bool
is_changed(const struct node *device, bool secure, bool inactive)
{
	if (strcmp(device->name, "graphics") == 0)
		return !secure && node_attr(device, "passwd") != NULL;
	if (strcmp(device->name, "memory") == 0)
		return !inactive && node_find(device, "target/block") != NULL;
	for (const struct node *n = device; n != NULL;
	     n = node_child(n, "backingStore")) {
		const struct node *source = node_child(n, "source");

		if ((!secure && node_child(source, "cookies") != NULL) ||
		    (inactive && hides_seclabel(source)))
			return true;
	}
	return false;
}

static void
change_source(struct node *source, bool secure, bool inactive)
{
	struct node *next;

	if (!secure)
		drop_children(source, "cookies");
	for (struct node *s = node_child(source, "seclabel");
	     inactive && s != NULL; s = next) {
		next = node_next(s, "seclabel");
		if (says_nothing(s))
			node_unlink(s);
	}
	if (source->attrs == NULL && source->first == NULL)
		node_unlink(source);
}

static void
change(struct node *device, bool secure, bool inactive)
{
	struct node *target, *current;

	if (strcmp(device->name, "graphics") == 0) {
		node_set_attr(device, "passwd", NULL);
	} else if (strcmp(device->name, "memory") == 0) {
		target = node_child(device, "target");
		current = node_new(device->doc, "current");
		element_set_kib(current, 0);
		if (current != NULL)
			node_insert_after(
			    node_child(target, "requested"), current);
	} else {
		for (struct node *n = device; n != NULL;
		     n = node_child(n, "backingStore")) {
			if (node_child(n, "source") != NULL)
				change_source(
				    node_child(n, "source"), secure, inactive);
		}
	}
}

static void
format_changed(
    const struct node *device, bool secure, bool inactive, struct buf *out)
{
	struct doc *doc = doc_new();
	struct node *copy = doc == NULL ? NULL : node_clone(doc, device);

	if (copy == NULL) {
		out->failed = true;
	} else {
		change(copy, secure, inactive);
		node_format(copy, 4, out);
		out->failed |= doc->failed;
	}
	doc_free(doc);
}

void
domain_devices_format(
    const struct node *devices, unsigned int flags, struct buf *out)
{
	bool secure = (flags & XVM_DOMAIN_XML_SECURE) != 0;
	bool inactive = (flags & XVM_DOMAIN_XML_INACTIVE) != 0;
	const struct node *d = node_child(devices, NULL);

	while (d != NULL && !is_changed(d, secure, inactive))
		d = node_next(d, NULL);
	if (d == NULL) {
		node_format(devices, 2, out);
		return;
	}
	buf_puts(out, "  <devices>\n");
	for (d = node_child(devices, NULL); d != NULL; d = node_next(d, NULL)) {
		if (is_changed(d, secure, inactive))
			format_changed(d, secure, inactive, out);
		else
			node_format(d, 4, out);
	}
	buf_puts(out, "  </devices>\n");
}
