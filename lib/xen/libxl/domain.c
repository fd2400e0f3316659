/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finding the domain that a call is about, and its documents. */
#include <stdlib.h>
#include <string.h>

#include "../../domain/domain_xml.h"
#include "../../xml.h"
#include "../defined.h"
#include "../domain_caps.h"
#include "../userdata.h"
#include "config.h"
#include "side.h"

int
side_find_uuid(struct side *side, const unsigned char *uuid,
    libxl_dominfo *info_out)
{
	int n, id = -1;
	libxl_dominfo *list = libxl_list_domain(side->ctx, &n);

	for (int i = 0; list != NULL && i < n; i++) {
		if (list[i].dying ||
		    memcmp(libxl_uuid_bytearray(&list[i].uuid), uuid,
		    UUID_SIZE) != 0)
			continue;
		id = (int)list[i].domid;
		if (info_out != NULL)
			libxl_dominfo_copy(side->ctx, info_out, &list[i]);
		break;
	}
	if (list != NULL)
		libxl_dominfo_list_free(list, n);
	return id;
}

/* Is it defined? By its name at first, which costs one file. */
static int
find_defined(const char *name, const unsigned char *uuid,
    struct defined *out, struct error *err)
{
	int rc = name != NULL ? defined_find(name, NULL, out, err) : 0;

	if (rc == 1 && memcmp(out->uuid, uuid, UUID_SIZE) == 0)
		return 1;
	if (rc == 1)
		defined_release(out);
	return rc < 0 ? -1 : defined_find(NULL, uuid, out, err);
}

int
side_find(struct side *side, const struct xvm_domain *ref,
    struct side_domain *out, struct error *err)
{
	char text[UUID_TEXT_SIZE];
	struct defined def;
	int found;

	memset(out, 0, sizeof(*out));
	libxl_dominfo_init(&out->info);
	memcpy(out->uuid, ref->uuid, UUID_SIZE);
	if (side_clear_leftover(side, out->uuid, err) != 0)
		goto fail;
	out->id = side_find_uuid(side, out->uuid, &out->info);
	found = find_defined(ref->name, out->uuid, &def, err);
	if (found < 0)
		goto fail;
	out->persistent = found == 1;
	if (out->id >= 0) {
		out->name = libxl_domid_to_name(side->ctx,
		    (uint32_t)out->id);
		if (out->name == NULL)
			out->name = strdup("");
		if (found == 1)
			defined_release(&def);
	} else if (found == 1) {
		out->name = def.name;
	} else {
		error_set(err, XVM_FROM_LIBXL, XVM_ERR_NO_DOMAIN,
		    "no domain with matching uuid '%s' (%s)",
		    uuid_format(out->uuid, text), ref->name);
		goto fail;
	}
	side_log_forget(&side->log);
	if (out->name != NULL)
		return 0;
	error_nomem(err);
fail:
	side_domain_release(out);
	return -1;
}

/* Whoever builds one writes its configuration when it is done. */
static bool
is_half_built(const struct side_domain *dom)
{
	return dom->info.paused && !dom->info.shutdown &&
	    !userdata_exists(dom->id, dom->uuid, USERDATA_CONFIG);
}

/* Of one that is half built: does somebody go on with it? */
static bool
is_being_built(struct side *side, const struct side_domain *dom)
{
	struct error err = ERROR_INIT;
	struct mark mark;
	bool ours = mark_read(side->xs, dom->uuid, &mark, &err) == 1 &&
	    process_is_alive(&mark.builder);

	error_release(&err);
	return ours || side_xl_builds(dom->name);
}

static int
refuse_half_built(struct side *side, const struct side_domain *dom,
    bool to_end, struct error *err)
{
	if (!is_half_built(dom))
		return 0;
	if (is_being_built(side, dom))
		return error_set(err, XVM_FROM_LIBXL,
		    XVM_ERR_OPERATION_INVALID, "domain %d is being built",
		    dom->id);
	return to_end ? 0 : error_set(err, XVM_FROM_LIBXL,
	    XVM_ERR_OPERATION_INVALID, "domain %d is half built, and whoever "
	    "built it has gone: it can only be destroyed", dom->id);
}

int
side_check_built(struct side *side, const struct side_domain *dom,
    struct error *err)
{
	return refuse_half_built(side, dom, false, err);
}

static int
find_active(struct side *side, const struct xvm_domain *ref, bool to_end,
    struct side_domain *out, struct error *err)
{
	if (side_find(side, ref, out, err) != 0)
		return -1;
	if (out->id == 0)
		error_set(err, XVM_FROM_LIBXL, XVM_ERR_OPERATION_INVALID,
		    "Domain-0 does not support requested operation");
	else if (out->id < 0)
		error_set(err, XVM_FROM_DOMAIN, XVM_ERR_OPERATION_INVALID,
		    "domain is not running");
	else if (refuse_half_built(side, out, to_end, err) == 0)
		return 0;
	side_domain_release(out);
	return -1;
}

int
side_find_active(struct side *side, const struct xvm_domain *ref,
    struct side_domain *out, struct error *err)
{
	return find_active(side, ref, false, out, err);
}

int
side_find_to_end(struct side *side, const struct xvm_domain *ref,
    struct side_domain *out, struct error *err)
{
	return find_active(side, ref, true, out, err);
}

void
side_domain_release(struct side_domain *dom)
{
	libxl_dominfo_dispose(&dom->info);
	free(dom->name);
	dom->name = NULL;
}

int
side_domain_ref(const struct side_domain *dom, struct xvm_domain *out,
    struct error *err)
{
	memcpy(out->uuid, dom->uuid, UUID_SIZE);
	out->id = dom->id;
	out->name = strdup(dom->name);
	return out->name != NULL ? 0 : error_nomem(err);
}

/* Of a domain that xl made. */
static struct doc *
doc_from_libxl(struct side *side, int id, struct error *err)
{
	libxl_domain_config config;
	struct doc *doc = NULL;

	libxl_domain_config_init(&config);
	if (libxl_retrieve_domain_configuration(side->ctx, (uint32_t)id,
	    &config, NULL) != 0)
		(void)side_failed(side, err,
		    "cannot read the configuration of domain %d", id);
	else
		doc = config_to_xml(side->ctx, &config, err);
	libxl_domain_config_dispose(&config);
	return doc;
}

bool
side_has_doc(struct side *side, int id)
{
	uint8_t *text = NULL;
	int n = 0, rc = libxl_userdata_retrieve(side->ctx, (uint32_t)id,
	    USERDATA_XML, &text, &n);

	free(text);
	side_log_forget(&side->log);
	return rc == 0 && n > 0;
}

struct doc *
side_live_doc(struct side *side, int id, struct error *err)
{
	struct doc *doc;
	uint8_t *text = NULL;
	int n = 0;

	if (libxl_userdata_retrieve(side->ctx, (uint32_t)id, USERDATA_XML,
	    &text, &n) != 0 || text == NULL || n == 0) {
		free(text);
		side_log_forget(&side->log);
		return doc_from_libxl(side, id, err);
	}
	doc = domain_xml_parse((const char *)text,
	    strnlen((const char *)text, (size_t)n), &xen_domain_caps, 0, err);
	free(text);
	return doc;
}

int
side_store_live(struct side *side, int id, const struct doc *doc,
    struct error *err)
{
	char *text = domain_xml_format(doc, -1, XVM_DOMAIN_XML_SECURE, err);
	int rc;

	if (text == NULL)
		return -1;
	rc = libxl_userdata_store(side->ctx, (uint32_t)id, USERDATA_XML,
	    (const uint8_t *)text, (int)strlen(text) + 1);
	free(text);
	if (rc != 0)
		return side_failed(side, err,
		    "cannot keep the document of domain %d", id);
	return 0;
}

int
side_targets(const struct side_domain *dom, unsigned int flags,
    bool *live_out, bool *config_out, struct error *err)
{
	const unsigned int both = XVM_DOMAIN_AFFECT_LIVE |
	    XVM_DOMAIN_AFFECT_CONFIG;
	bool current = (flags & both) == 0;

	*live_out = current ? dom->id >= 0 :
	    (flags & XVM_DOMAIN_AFFECT_LIVE) != 0;
	*config_out = current ? dom->id < 0 :
	    (flags & XVM_DOMAIN_AFFECT_CONFIG) != 0;
	if (*live_out && dom->id < 0)
		return error_set(err, XVM_FROM_DOMAIN,
		    XVM_ERR_OPERATION_INVALID, "domain is not running");
	if (*config_out && !dom->persistent)
		return error_set(err, XVM_FROM_DOMAIN,
		    XVM_ERR_OPERATION_INVALID, "transient domains do not have "
		    "any persistent config");
	return 0;
}
