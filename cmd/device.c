/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Devices in the XML of a domain, and the calls that change them. */
#include "device.h"

#include <string.h>

#include "../lib/buf.h"
#include "../lib/xml.h"
#include "domain_doc.h"
#include "input.h"

int
device_flags(struct cmd *cmd, unsigned int *flags_out)
{
	if (cmd_exclusive(cmd, "persistent", "current") != 0 ||
	    cmd_affect_flags(cmd, flags_out) != 0)
		return -1;
	if (cmd_has(cmd, "persistent"))
		*flags_out |= XVM_DOMAIN_AFFECT_CONFIG;
	return 0;
}

void
device_add_live_of(struct cmd *cmd, const struct call *is_active,
    unsigned int *flags)
{
	const struct xvm_domain_is_active_ret *ret = is_active->ret;

	if (cmd_has(cmd, "persistent") && is_active->rc == 0 &&
	    ret->active == 1)
		*flags |= XVM_DOMAIN_AFFECT_LIVE;
}

void
device_add_live(struct cmd *cmd, const struct xvm_domain *dom,
    unsigned int *flags)
{
	struct xvm_domain_is_active_args args = { *dom };
	struct call *call;

	if (!cmd_has(cmd, "persistent"))
		return;
	call = cmd_batch(cmd, 1);
	cmd_batch_set(cmd, call, XVM_CALL_DOMAIN_IS_ACTIVE, &args);
	(void)cmd_submit(cmd, call, 1);
	device_add_live_of(cmd, call, flags);
}

/* --- calls ---------------------------------------------------------------- */

const void *
device_attach(struct cmd *cmd, const struct xvm_domain *dom, const char *xml,
    unsigned int flags)
{
	struct xvm_domain_attach_device_args plain = { *dom, call_text(xml) };
	struct xvm_domain_attach_device_flags_args args = {
		*dom, call_text(xml), flags
	};

	if (flags == 0 && !cmd_has(cmd, "current"))
		return cmd_call(cmd, XVM_CALL_DOMAIN_ATTACH_DEVICE, &plain);
	return cmd_call(cmd, XVM_CALL_DOMAIN_ATTACH_DEVICE_FLAGS, &args);
}

const void *
device_detach(struct cmd *cmd, const struct xvm_domain *dom, const char *xml,
    unsigned int flags)
{
	struct xvm_domain_detach_device_args plain = { *dom, call_text(xml) };
	struct xvm_domain_detach_device_flags_args args = {
		*dom, call_text(xml), flags
	};

	if (flags == 0 && !cmd_has(cmd, "current"))
		return cmd_call(cmd, XVM_CALL_DOMAIN_DETACH_DEVICE, &plain);
	return cmd_call(cmd, XVM_CALL_DOMAIN_DETACH_DEVICE_FLAGS, &args);
}

const void *
device_update(struct cmd *cmd, const struct xvm_domain *dom, const char *xml,
    unsigned int flags)
{
	struct xvm_domain_update_device_flags_args args = {
		*dom, call_text(xml), flags
	};

	return cmd_call(cmd, XVM_CALL_DOMAIN_UPDATE_DEVICE_FLAGS, &args);
}

int
device_from_file(struct cmd *cmd, device_call *change, unsigned int more_flags,
    const char *verb, const char *done)
{
	const struct xvm_domain *dom;
	const char *file, *xml;
	unsigned int flags;

	if (device_flags(cmd, &flags) != 0 ||
	    (dom = cmd_domain(cmd)) == NULL ||
	    cmd_string(cmd, "file", &file) != 0)
		return -1;
	device_add_live(cmd, dom, &flags);
	xml = cmd_read_file(cmd, file);
	if (xml == NULL)
		return -1;
	if (change(cmd, dom, xml, flags | more_flags) == NULL)
		return cmd_error(cmd, "Failed to %s device from %s", verb,
		    file);
	cmd_extra(cmd, "Device %s successfully\n", done);
	return 0;
}

/* --- XML ------------------------------------------------------------------ */

static void
release_doc(void *doc)
{
	doc_free(doc);
}

struct node *
device_doc(struct cmd *cmd, const char *xml)
{
	struct error err = ERROR_INIT;
	struct doc *doc;

	doc = xml_parse_verbatim(xml, strlen(xml), "(domain_definition)",
	    XVM_FROM_NONE, &err);
	if (doc == NULL) {
		(void)cmd_set_error(cmd, &err);
		return NULL;
	}
	(void)cmd_defer(cmd, release_doc, doc);
	return doc->root;
}

const char *
device_xml(struct cmd *cmd, const struct node *device)
{
	struct buf out = BUF_INIT;
	const char *text;

	node_format_raw(device, 0, &out);
	text = cmd_strdup(cmd, buf_str(&out));
	buf_release(&out);
	return text;
}

static bool
disk_is(const struct node *disk, const char *path)
{
	static const char *const names[] = { "file", "dev", "dir", "name" };
	const struct node *source = node_child(disk, "source");
	const char *target = child_attr(disk, "target", "dev");

	if (target != NULL && strcmp(target, path) == 0)
		return true;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (node_attr_is(source, names[i], path))
			return true;
	}
	return false;
}

struct node *
device_disk(struct cmd *cmd, const char *xml, const char *path,
    bool removable)
{
	struct node *root = device_doc(cmd, xml), *disk;

	disk = node_child(node_child(root, "devices"), "disk");
	if (disk == NULL) {
		(void)cmd_error(cmd, "Failed to get disk information");
		return NULL;
	}
	for (; disk != NULL; disk = node_next(disk, "disk")) {
		struct node *backing = node_child(disk, "backingStore");

		if (removable && node_attr(disk, "device") != NULL &&
		    !node_attr_is(disk, "device", "cdrom") &&
		    !node_attr_is(disk, "device", "floppy"))
			continue;
		if (!disk_is(disk, path))
			continue;
		if (backing != NULL)
			node_unlink(backing);
		return disk;
	}
	(void)cmd_error(cmd,
	    "No disk found whose source path or target is %s", path);
	return NULL;
}
