/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Devices attached to domains, detached, changed: running, defined, or both. */
#include "device.h"

#include <stdlib.h>
#include <string.h>

#include "../../domain/domain_xml.h"
#include "../../xml.h"
#include "../domain_caps.h"
#include "edit.h"

#define FLAGS (XVM_DOMAIN_AFFECT_LIVE | XVM_DOMAIN_AFFECT_CONFIG)

enum verb {
	ATTACH,
	DETACH,
	UPDATE,
};

/* A change: one device, in each of the documents that are meant. */
struct change {
	enum verb verb;
	const char *xml;	/* of the device, or NULL */
	const char *alias;	/* its name instead, when it is detached */
	char *mac;		/* of an interface: in both the same */
};

/* In the end a document is in order again, or the change is refused. */
static int
put_in_order(struct doc *doc, bool inactive, struct error *err)
{
	return domain_xml_normalise(doc, &xen_domain_caps,
	    inactive ? DOMAIN_XML_PARSE_INACTIVE : 0, err);
}

/*
 * An interface without an address means the only one that the domain has.
 * False: it has an address, or there is not one alone.
 */
static bool
is_only_one(const char *xml, const struct node *domain,
    const struct node *device)
{
	const struct node *devices = node_child(domain, "devices");
	struct error ignored = ERROR_INIT;
	struct doc *doc;
	bool only;

	if (strcmp(device->name, "interface") != 0 ||
	    node_count(devices, "interface") != 1)
		return false;
	doc = xml_parse(xml, strlen(xml), "(device_definition)",
	    XVM_FROM_DOMAIN, &ignored);
	only = doc != NULL && node_child(doc->root, "mac") == NULL;
	doc_free(doc);
	error_release(&ignored);
	return only;
}

static int
refuse_missing_device(const struct node *device, bool live, struct error *err)
{
	const char *target = node_attr(node_child(device, "target"), "dev");
	const char *mac = node_attr(node_child(device, "mac"), "address");
	char words[DEVICE_WORDS_SIZE];

	if (strcmp(device->name, "disk") == 0 && live)
		return error_set(err, XVM_FROM_LIBXL,
		    XVM_ERR_OPERATION_FAILED, "disk %s not found", target);
	if (strcmp(device->name, "disk") == 0)
		return error_set(err, XVM_FROM_LIBXL, XVM_ERR_INVALID_ARG,
		    "no target device %s", target);
	if (strcmp(device->name, "interface") == 0)
		return error_set(err, XVM_FROM_LIBXL, XVM_ERR_DEVICE_MISSING,
		    "no device found at address '(null)' matching MAC address "
		    "'%s' and alias '(null)'", mac);
	if (live)
		return error_set(err, XVM_FROM_LIBXL,
		    XVM_ERR_OPERATION_FAILED, "%s not found",
		    device_words(device, words));
	return error_set(err, XVM_FROM_LIBXL, XVM_ERR_INVALID_ARG,
	    "device not present in domain configuration");
}

/* The device of doc that a change is about, or NULL with the refusal. */
static struct node *
find(const struct doc *doc, const struct change *change,
    const struct node *like, bool live, struct error *err)
{
	struct node *found;

	if (change->alias != NULL) {
		found = device_find_alias(doc->root, change->alias);
		if (found == NULL)
			error_set(err, XVM_FROM_LIBXL, XVM_ERR_DEVICE_MISSING,
			    "no device found with alias %s", change->alias);
		return found;
	}
	if (is_only_one(change->xml, doc->root, like))
		return node_child(node_child(doc->root, "devices"),
		    "interface");
	found = device_find(doc->root, like);
	if (found == NULL)
		(void)refuse_missing_device(like, live, err);
	return found;
}

static int
check_new(const struct doc *doc, const struct node *device, bool live,
    struct error *err)
{
	const char *target = node_attr(node_child(device, "target"), "dev");
	const char *mac = node_attr(node_child(device, "mac"), "address");
	char words[DEVICE_WORDS_SIZE];

	if (device_find(doc->root, device) == NULL)
		return 0;
	if (strcmp(device->name, "disk") == 0)
		return error_set(err, XVM_FROM_LIBXL, live ?
		    XVM_ERR_OPERATION_FAILED : XVM_ERR_INVALID_ARG,
		    live ? "target %s already exists" :
		    "target %s already exists.", target);
	if (strcmp(device->name, "interface") == 0)
		return error_set(err, XVM_FROM_LIBXL, XVM_ERR_INVALID_ARG,
		    "network device with mac %s already exists", mac);
	if (!live && strcmp(device->name, "hostdev") == 0)
		return error_set(err, XVM_FROM_LIBXL,
		    XVM_ERR_OPERATION_INVALID,
		    "device is already in the domain configuration");
	if (!live)
		return error_set(err, XVM_FROM_LIBXL,
		    XVM_ERR_OPERATION_INVALID, "Target already exists");
	return error_set(err, XVM_FROM_LIBXL, XVM_ERR_OPERATION_FAILED,
	    "target %s already exists", device_words(device, words));
}

/* Kinds that a stored document can be given or lose, others by define. */
static int
check_stored_kind(const struct node *device, enum verb verb,
    struct error *err)
{
	static const char *const kinds[] = { "disk", "controller",
	    "interface", "hostdev", "input", "graphics", NULL };
	static const char *const words[] = {
		[ATTACH] = "attach",
		[DETACH] = "detach",
		[UPDATE] = "update",
	};

	if (enum_index(kinds, device->name) >= 0)
		return 0;
	return error_set(err, XVM_FROM_LIBXL, XVM_ERR_CONFIG_UNSUPPORTED,
	    "persistent %s of device is not supported", words[verb]);
}

static void
replace(struct node *old, struct node *device)
{
	node_insert_after(old, device);
	node_unlink(old);
}

/* In the document that is stored. */
static int
change_config(struct doc *doc, const struct change *change,
    struct node *device, struct error *err)
{
	struct node *old;

	if (device != NULL &&
	    check_stored_kind(device, change->verb, err) != 0)
		return -1;
	if (change->verb == ATTACH) {
		if (check_new(doc, device, false, err) != 0)
			return -1;
		node_append(node_child(doc->root, "devices"), device);
		return put_in_order(doc, true, err);
	}
	old = find(doc, change, device, false, err);
	if (old == NULL)
		return -1;
	if (change->verb == DETACH)
		node_unlink(old);
	else
		replace(old, device);
	return put_in_order(doc, true, err);
}

/* A CD-ROM is there already: attaching one puts another medium in. */
static bool
is_medium(const struct node *device)
{
	return strcmp(device->name, "disk") == 0 &&
	    node_attr_is(device, "device", "cdrom");
}

static int
change_live(struct side *side, const struct side_edit *edit,
    const struct change *change, struct node *device, struct error *err)
{
	struct doc *doc = edit->live;
	struct node *old;
	int id = edit->dom.id;

	if (change->verb == ATTACH && !is_medium(device)) {
		if (check_new(doc, device, true, err) != 0 ||
		    device_live_attach(side, id, doc->root, device, err) != 0)
			return -1;
		node_append(node_child(doc->root, "devices"), device);
		return put_in_order(doc, false, err);
	}
	old = find(doc, change, device, true, err);
	if (old == NULL)
		return -1;
	if (change->verb == DETACH) {
		if (device_live_detach(side, id, doc->root, old, err) != 0)
			return -1;
		node_unlink(old);
		return put_in_order(doc, false, err);
	}
	if (device_live_update(side, id, doc->root, old, device, err) != 0)
		return -1;
	replace(old, device);
	return put_in_order(doc, false, err);
}

/* The device in the context of doc; both documents get the same address. */
static struct node *
parse(struct doc *doc, struct change *change, struct error *err)
{
	struct node *device = domain_device_parse(doc, change->xml,
	    strlen(change->xml), &xen_domain_caps, err), *mac;

	mac = node_child(device, "mac");
	if (mac == NULL)
		return device;
	if (change->mac != NULL)
		node_set_attr(mac, "address", change->mac);
	else if ((change->mac = strdup(node_attr(mac, "address"))) == NULL)
		doc->failed = true;
	return device;
}

/* What can be refused without touching the domain is refused first. */
static int
carry_out(struct side *side, struct side_edit *edit, struct change *change,
    struct error *err)
{
	struct doc *docs[] = { edit->config, edit->live };
	struct node *devices[] = { NULL, NULL };

	for (int i = 0; i < 2 && change->xml != NULL; i++) {
		if (docs[i] == NULL)
			continue;
		devices[i] = parse(docs[i], change, err);
		if (devices[i] == NULL)
			return -1;
	}
	if (edit->config != NULL &&
	    change_config(edit->config, change, devices[0], err) != 0)
		return -1;
	if (edit->live != NULL &&
	    change_live(side, edit, change, devices[1], err) != 0)
		return -1;
	return side_edit_end(side, edit, err);
}

static int
change_device(struct side *side, const struct xvm_domain *ref,
    unsigned int flags, struct change *change, struct error *err)
{
	struct side_edit edit;
	int rc = side_edit_begin(side, ref, flags, &edit, err);

	if (rc == 0)
		rc = carry_out(side, &edit, change, err);
	free(change->mac);
	side_edit_release(&edit);
	return rc;
}

int
side_domain_attach_device_flags(struct side *side, struct call *call)
{
	const struct xvm_domain_attach_device_flags_args *args = call->args;
	struct change change = { .verb = ATTACH, .xml = args->xml };

	if (xen_check_flags(args->flags, FLAGS, "libxlDomainAttachDeviceFlags",
	    &call->err) != 0)
		return -1;
	return change_device(side, &args->dom, args->flags, &change,
	    &call->err);
}

int
side_domain_detach_device_flags(struct side *side, struct call *call)
{
	const struct xvm_domain_detach_device_flags_args *args = call->args;
	struct change change = { .verb = DETACH, .xml = args->xml };

	if (xen_check_flags(args->flags, FLAGS, "libxlDomainDetachDeviceFlags",
	    &call->err) != 0)
		return -1;
	return change_device(side, &args->dom, args->flags, &change,
	    &call->err);
}

int
side_domain_detach_device_alias(struct side *side, struct call *call)
{
	const struct xvm_domain_detach_device_alias_args *args = call->args;
	struct change change = { .verb = DETACH, .alias = args->alias };

	if (xen_check_flags(args->flags, FLAGS, "libxlDomainDetachDeviceAlias",
	    &call->err) != 0)
		return -1;
	return change_device(side, &args->dom, args->flags, &change,
	    &call->err);
}

int
side_domain_update_device_flags(struct side *side, struct call *call)
{
	const struct xvm_domain_update_device_flags_args *args = call->args;
	struct change change = { .verb = UPDATE, .xml = args->xml };

	if (xen_check_flags(args->flags, FLAGS, "libxlDomainUpdateDeviceFlags",
	    &call->err) != 0)
		return -1;
	return change_device(side, &args->dom, args->flags, &change,
	    &call->err);
}
