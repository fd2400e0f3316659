/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Configurations coming to a test host, leaving it, changing their name. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../local_answers.h"
#include "../xml.h"
#include "directives.h"
#include "edit.h"
#include "test.h"

#define IFNAMES_MAX 1024

/* A name that the host gave to an interface; it is not kept. */
static bool
is_generated(const char *ifname)
{
	return strncmp(ifname, "vnet", 4) == 0 ||
	    strncmp(ifname, "macvtap", 7) == 0 ||
	    strncmp(ifname, "macvlan", 7) == 0;
}

/* The interface's own name or NULL. */
static const char *
ifname_of(const struct node *iface)
{
	const char *dev = node_attr(node_child(iface, "target"), "dev");

	return dev != NULL && dev[0] != '\0' && !is_generated(dev) ?
	    dev : NULL;
}

static bool
is_taken(const struct node *devices, const char *name)
{
	const struct node *n = node_child(devices, "interface");

	for (; n != NULL; n = node_next(n, "interface")) {
		const char *dev = ifname_of(n);

		if (dev != NULL && strcmp(dev, name) == 0)
			return true;
	}
	return false;
}

/* testnet0, testnet1 ... for interfaces that have no name. */
static int
name_interfaces(struct doc *doc, struct error *err)
{
	struct node *devices = node_child(doc->root, "devices");
	struct node *n = node_child(devices, "interface");
	char name[32];
	int i = 0;

	for (; n != NULL; n = node_next(n, "interface")) {
		if (ifname_of(n) != NULL)
			continue;
		do {
			if (i == IFNAMES_MAX)
				return error_set(err, XVM_FROM_TEST,
				    XVM_ERR_INTERNAL_ERROR,
				    "Exceeded max iface limit %d", IFNAMES_MAX);
			(void)snprintf(name, sizeof(name), "testnet%d", i++);
		} while (is_taken(devices, name));
		node_set_attr(node_need(n, "target"), "dev", name);
	}
	return doc->failed ? error_nomem(err) : 0;
}

int
test_normalise_config(struct doc *doc, struct error *err)
{
	if (name_interfaces(doc, err) != 0)
		return -1;
	return domain_xml_normalise(doc, &test_domain_caps,
	    DOMAIN_XML_PARSE_INACTIVE, err);
}

struct doc *
test_parse_config(const char *xml, struct error *err)
{
	struct doc *doc = xml_parse(xml, strlen(xml), "(domain_definition)",
	    XVM_FROM_DOMAIN, err);
	struct test_directives ignored;	/* they are for node files */

	if (doc == NULL)
		return NULL;
	if (!node_is(doc->root, "domain")) {
		error_set(err, XVM_FROM_XML, XVM_ERR_XML_ERROR,
		    "expecting root element of 'domain', not '%s'",
		    doc->root->name);
		goto fail;
	}
	if (test_directives_take(doc->root, &ignored, err) != 0 ||
	    test_normalise_config(doc, err) != 0)
		goto fail;
	return doc;
fail:
	doc_free(doc);
	return NULL;
}

/* Refuse what the host has already under another name or UUID. */
static int
check_clash(struct test_host *host, const struct test_domain *same,
    const char *name, struct error *err)
{
	const struct test_domain *other;

	if (same != NULL && strcmp(same->name, name) != 0)
		return local_uuid_taken(same->name, same->uuid, err);
	if (same != NULL)
		return 0;
	other = test_find_name(host, name);
	return other == NULL ? 0 : local_name_taken(name, other->uuid, err);
}

/* A configuration for a domain that is there. The document is handed over. */
static int
reassign(struct test_host *host, struct test_domain *dom, struct doc *config,
    bool run, bool *updated_out, struct error *err)
{
	if (dom->id >= 0 && run) {
		doc_free(config);
		return error_set(err, XVM_FROM_DOMAIN,
		    XVM_ERR_OPERATION_INVALID, "domain '%s' is already active",
		    dom->name);
	}
	if (dom->id >= 0) {
		*updated_out = dom->keeps_next;
		doc_free(dom->next_config);
		dom->next_config = config;
		dom->keeps_next = true;
		return 0;
	}
	*updated_out = true;
	if (!run)
		return test_domain_set_config(host, dom, config, err);
	/* What it has now comes back when it stops. */
	if (test_domain_config(dom, err) == NULL) {
		doc_free(config);
		return -1;
	}
	dom->next_config = dom->config;
	dom->config = NULL;
	dom->keeps_next = true;
	return test_domain_set_config(host, dom, config, err);
}

struct test_domain *
test_domain_assign(struct test_host *host, struct doc *config, bool run,
    bool *updated_out, struct error *err)
{
	const char *name = node_find_text(config->root, "name");
	const char *text = node_find_text(config->root, "uuid");
	unsigned char uuid[UUID_SIZE];
	struct test_domain *same;

	*updated_out = false;
	if (name == NULL || text == NULL || uuid_parse(text, uuid) != 0) {
		error_set(err, XVM_FROM_TEST, XVM_ERR_INTERNAL_ERROR,
		    "configuration without name or UUID");
		doc_free(config);
		return NULL;
	}
	same = test_find_uuid(host, uuid);
	if (check_clash(host, same, name, err) != 0) {
		doc_free(config);
		return NULL;
	}
	if (same == NULL)
		return test_domain_add(host, config, err);
	if (reassign(host, same, config, run, updated_out, err) != 0)
		return NULL;
	return same;
}

static int
define(struct test_conn *tc, const char *xml, unsigned int flags,
    struct xvm_domain *out, struct error *err)
{
	struct test_domain *dom;
	struct doc *config;
	bool updated;

	if (test_check_flags(flags, XVM_DOMAIN_DEFINE_VALIDATE,
	    "testDomainDefineXMLFlags", err) != 0)
		return -1;
	config = test_parse_config(xml, err);
	if (config == NULL)
		return -1;
	if ((flags & XVM_DOMAIN_DEFINE_VALIDATE) != 0 &&
	    domain_xml_validate(config, err) != 0) {
		doc_free(config);
		return -1;
	}
	if (strchr(node_find_text(config->root, "name"), '\n') != NULL) {
		doc_free(config);
		return error_set(err, XVM_FROM_XML, XVM_ERR_XML_DETAIL,
		    "invalid char in name: \n");
	}
	dom = test_domain_assign(tc->host, config, false, &updated, err);
	if (dom == NULL)
		return -1;
	dom->persistent = true;
	test_event_lifecycle(tc->host, dom, XVM_DOMAIN_EVENT_DEFINED,
	    updated ? XVM_DOMAIN_EVENT_DEFINED_UPDATED :
	    XVM_DOMAIN_EVENT_DEFINED_ADDED);
	return test_domain_ref(dom, out, err);
}

int
test_domain_define_xml_flags(void *state, struct call *call)
{
	const struct xvm_domain_define_xml_flags_args *args = call->args;
	struct xvm_domain_define_xml_flags_ret *ret = call->ret;

	return define(state, args->xml, args->flags, &ret->dom, &call->err);
}

static int
create(struct test_conn *tc, const char *xml, unsigned int flags,
    struct xvm_domain *out, struct error *err)
{
	struct test_domain *dom;
	struct doc *config;
	bool updated;

	if (test_check_flags(flags, XVM_DOMAIN_START_VALIDATE,
	    "testDomainCreateXML", err) != 0)
		return -1;
	config = test_parse_config(xml, err);
	if (config == NULL)
		return -1;
	if ((flags & XVM_DOMAIN_START_VALIDATE) != 0 &&
	    domain_xml_validate(config, err) != 0) {
		doc_free(config);
		return -1;
	}
	dom = test_domain_assign(tc->host, config, true, &updated, err);
	if (dom == NULL)
		return -1;
	test_domain_start(tc->host, dom, XVM_DOMAIN_RUNNING_BOOTED);
	test_event_lifecycle(tc->host, dom, XVM_DOMAIN_EVENT_STARTED,
	    XVM_DOMAIN_EVENT_STARTED_BOOTED);
	return test_domain_ref(dom, out, err);
}

int
test_domain_create_xml(void *state, struct call *call)
{
	const struct xvm_domain_create_xml_args *args = call->args;
	struct xvm_domain_create_xml_ret *ret = call->ret;

	return create(state, args->xml_desc, args->flags, &ret->dom,
	    &call->err);
}

static int
undefine(struct test_conn *tc, const struct xvm_domain *ref,
    unsigned int flags, struct error *err)
{
	struct test_domain *dom;

	if (test_check_flags(flags, XVM_DOMAIN_UNDEFINE_MANAGED_SAVE |
	    XVM_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA, "testDomainUndefineFlags",
	    err) != 0)
		return -1;
	dom = test_domain_get(tc, ref, err);
	if (dom == NULL)
		return -1;
	if (dom->managed_save &&
	    (flags & XVM_DOMAIN_UNDEFINE_MANAGED_SAVE) == 0)
		return error_set(err, XVM_FROM_TEST, XVM_ERR_OPERATION_INVALID,
		    "Refusing to undefine while domain managed save image "
		    "exists");
	if (dom->id < 0 && dom->n_snapshots > 0 &&
	    (flags & XVM_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA) == 0)
		return error_set(err, XVM_FROM_TEST, XVM_ERR_OPERATION_INVALID,
		    "cannot delete inactive domain with %u snapshots",
		    dom->n_snapshots);
	test_event_lifecycle(tc->host, dom, XVM_DOMAIN_EVENT_UNDEFINED,
	    XVM_DOMAIN_EVENT_UNDEFINED_REMOVED);
	dom->managed_save = false;
	if (dom->id >= 0)
		dom->persistent = false;
	else
		test_domain_remove(tc->host, dom);
	return 0;
}

int
test_domain_undefine_flags(void *state, struct call *call)
{
	const struct xvm_domain_undefine_flags_args *args = call->args;

	return undefine(state, &args->dom, args->flags, &call->err);
}

/* May the domain take the name? */
static int
check_rename(struct test_host *host, const struct test_domain *dom,
    const char *name, struct error *err)
{
	if (dom->id >= 0)
		return error_set(err, XVM_FROM_TEST, XVM_ERR_OPERATION_INVALID,
		    "cannot rename active domain");
	if (!dom->persistent)
		return error_set(err, XVM_FROM_TEST, XVM_ERR_OPERATION_INVALID,
		    "cannot rename a transient domain");
	if (dom->state != XVM_DOMAIN_SHUTOFF)
		return error_set(err, XVM_FROM_TEST, XVM_ERR_OPERATION_INVALID,
		    "domain has to be shutoff before renaming");
	if (strcmp(dom->name, name) == 0)
		return error_set(err, XVM_FROM_DOMAIN,
		    XVM_ERR_OPERATION_INVALID,
		    "Can't rename domain to itself");
	if (test_find_name(host, name) != NULL)
		return error_set(err, XVM_FROM_DOMAIN,
		    XVM_ERR_OPERATION_INVALID,
		    "domain with name '%s' already exists", name);
	if (strchr(name, '/') != NULL)
		return error_set(err, XVM_FROM_TEST, XVM_ERR_XML_ERROR,
		    "name %s cannot contain '/'", name);
	return 0;
}

int
test_domain_rename(void *state, struct call *call)
{
	struct test_host *host = ((struct test_conn *)state)->host;
	const struct xvm_domain_rename_args *args = call->args;
	const char *name = args->new_name != NULL ? *args->new_name : "";
	struct test_domain *dom;
	struct doc *config;

	if (test_check_flags(args->flags, 0, "testDomainRename",
	    &call->err) != 0)
		return -1;
	dom = test_domain_get(state, &args->dom, &call->err);
	if (dom == NULL || check_rename(host, dom, name, &call->err) != 0)
		return -1;
	config = test_domain_config(dom, &call->err);
	if (config == NULL)
		return -1;
	test_event_lifecycle(host, dom, XVM_DOMAIN_EVENT_UNDEFINED,
	    XVM_DOMAIN_EVENT_UNDEFINED_RENAMED);
	node_set_text(node_need(config->root, "name"), name);
	if (edit_end(host, dom, &call->err) != 0)
		return -1;
	test_event_lifecycle(host, dom, XVM_DOMAIN_EVENT_DEFINED,
	    XVM_DOMAIN_EVENT_DEFINED_RENAMED);
	return 0;
}
