/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* change-media: what is in a CD or floppy drive. */
#include <string.h>

#include "device.h"
#include "domain_doc.h"

struct change {
	enum { EJECT, INSERT, UPDATE } kind;
	const char *source;	/* NULL: none */
	bool block;
};

static const struct {
	const char *verb, *done;
} words[] = {
	[EJECT] = { "eject", "Successfully ejected media." },
	[INSERT] = { "insert", "Successfully inserted media." },
	[UPDATE] = { "update", "Successfully updated media." },
};

/* The text node that indents <target>, or NULL. */
static const struct node *
indentation(const struct node *disk)
{
	const struct node *n = node_child(disk, "target");

	while (n != NULL && n->kind != NODE_TEXT)
		n = n->prev;
	return n;
}

static bool
has_media(const struct node *source)
{
	static const char *const names[] = {
		"file", "dev", "dir", "pool", "name"
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (node_attr(source, names[i]) != NULL)
			return true;
	}
	return false;
}

/* A new <source> in front of <target>, in a line of its own. */
static void
add_source(struct node *disk, const struct change *change,
    const char *startup_policy)
{
	struct node *target = node_child(disk, "target");
	const struct node *text = indentation(disk);
	struct node *source = node_new(disk->doc, "source");
	struct node *copy = text == NULL ? NULL :
	    node_clone(disk->doc, text);

	if (source == NULL || target == NULL)
		return;
	node_set_attr(source, change->block ? "dev" : "file", change->source);
	if (startup_policy != NULL)
		node_set_attr(source, "startupPolicy", startup_policy);
	node_insert_before(target, source);
	if (copy != NULL)
		node_insert_before(target, copy);
}

static int
change_disk(struct cmd *cmd, struct node *disk, const char *path,
    const struct change *change)
{
	struct node *source = node_child(disk, "source");
	const char *startup_policy = node_attr(source, "startupPolicy");

	if (!node_attr_is(disk, "device", "cdrom") &&
	    !node_attr_is(disk, "device", "floppy"))
		return cmd_error(cmd, "The disk device '%s' is not removable",
		    path);
	if (change->kind == EJECT && source == NULL)
		return cmd_error(cmd, "The disk device '%s' doesn't have "
		    "media", path);
	if (change->kind != EJECT && change->source == NULL)
		return cmd_error(cmd,
		    "New disk media source was not specified");
	if (change->kind == INSERT && has_media(source))
		return cmd_error(cmd, "The disk device '%s' already has media",
		    path);
	if (source != NULL)
		node_unlink(source);
	node_set_attr(disk, "type", change->block ? "block" : "file");
	if (change->kind != EJECT)
		add_source(disk, change, startup_policy);
	return 0;
}

static int
read_change(struct cmd *cmd, struct change *change)
{
	if (cmd_exclusive(cmd, "eject", "insert") != 0 ||
	    cmd_exclusive(cmd, "eject", "update") != 0 ||
	    cmd_exclusive(cmd, "insert", "update") != 0 ||
	    cmd_exclusive(cmd, "eject", "block") != 0 ||
	    cmd_string(cmd, "source", &change->source) != 0)
		return -1;
	change->kind = UPDATE;
	if (cmd_has(cmd, "insert"))
		change->kind = INSERT;
	else if (cmd_has(cmd, "eject") ||
	    (cmd_has(cmd, "update") && change->source == NULL))
		change->kind = EJECT;
	change->block = cmd_has(cmd, "block") && change->kind != EJECT;
	return 0;
}

static int
change_media_run(struct cmd *cmd)
{
	struct xvm_domain_get_xml_desc_args args;
	const struct xvm_domain_get_xml_desc_ret *ret;
	const struct xvm_domain *dom;
	struct change change;
	struct node *disk;
	const char *path, *xml;
	unsigned int flags;

	if (read_change(cmd, &change) != 0 ||
	    cmd_affect_flags(cmd, &flags) != 0 ||
	    (dom = cmd_domain(cmd)) == NULL ||
	    cmd_string(cmd, "path", &path) != 0)
		return -1;
	if (cmd_has(cmd, "force"))
		flags |= XVM_DOMAIN_DEVICE_MODIFY_FORCE;
	args.dom = *dom;
	args.flags = (flags & XVM_DOMAIN_AFFECT_CONFIG) != 0 ?
	    XVM_DOMAIN_XML_INACTIVE : 0;
	ret = cmd_call(cmd, XVM_CALL_DOMAIN_GET_XML_DESC, &args);
	if (ret == NULL)
		return -1;
	disk = device_disk(cmd, ret->xml, path, true);
	if (disk == NULL || change_disk(cmd, disk, path, &change) != 0)
		return -1;
	xml = device_xml(cmd, disk);
	if (cmd_has(cmd, "print-xml")) {
		cmd_document(cmd, "xml", xml);
		return 0;
	}
	if (device_update(cmd, dom, xml, flags) == NULL)
		return cmd_error(cmd, "Failed to complete action %s on media",
		    words[change.kind].verb);
	cmd_text(cmd, "%s", words[change.kind].done);
	return 0;
}

static const struct option change_media_options[] = {
	OPTION_DOMAIN(0),
	OPTION_WORD("path", "target or source of the drive",
	    complete_disk_target),
	OPTION_TEXT("source", "file or block device of the medium",
	    complete_file),
	OPTION_SWITCH("eject", "take the medium out"),
	OPTION_SWITCH("insert", "put one into an empty drive"),
	OPTION_SWITCH("update", "exchange it; without a source, take it out"),
	OPTION_CURRENT,
	OPTION_LIVE,
	OPTION_CONFIG,
	OPTION_SWITCH("force", "even if the domain has locked the drive"),
	OPTION_SWITCH("print-xml", "print the device's XML, change nothing"),
	OPTION_SWITCH("block", "the source is a block device"),
	{ 0 }
};

const struct command command_change_media = {
	.name = "change-media",
	.summary = "change the medium in a CD or floppy drive",
	.description = "Change what is in one of the domain's CD or floppy "
	    "drives.",
	.options = change_media_options,
	.run = change_media_run,
};
