/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Test domains in files: saved, restored, dumped; and managed saves, which
 * are but a mark.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../buf.h"
#include "image.h"
#include "test.h"

/* The domain again, if it is still the one that ran with that id. */
static struct test_domain *
find_again(struct test_conn *tc, const struct xvm_domain *ref, int id,
    struct error *err)
{
	struct test_domain *dom = test_domain_get_active(tc, ref, err);

	if (dom == NULL || dom->id == id)
		return dom;
	error_set(err, XVM_FROM_TEST, XVM_ERR_OPERATION_INVALID,
	    "domain is not running");
	return NULL;
}

static int
save(struct test_conn *tc, const struct xvm_domain *ref, const char *to,
    struct error *err)
{
	struct test_domain *dom = test_domain_get_active(tc, ref, err);
	char *path = NULL, *name = NULL;
	struct buf image = BUF_INIT;
	struct doc *config;
	int id, rc = -1;

	if (dom == NULL)
		return -1;
	id = dom->id;
	config = test_domain_config(dom, err);
	if (config == NULL || image_format(config, id, &image, err) != 0)
		goto out;
	path = image_path(to);
	name = strdup(dom->name);
	if (path == NULL || name == NULL) {
		(void)error_nomem(err);
		goto out;
	}
	test_leave(tc);
	rc = image_write(path, name, &image, err);
	test_return(tc);
	if (rc != 0)
		goto out;
	dom = find_again(tc, ref, id, err);
	if (dom == NULL)
		rc = -1;
	else
		test_domain_stop(tc->host, dom, XVM_DOMAIN_SHUTOFF_SAVED,
		    XVM_DOMAIN_EVENT_STOPPED_SAVED);
out:
	buf_release(&image);
	free(path);
	free(name);
	return rc;
}

/* The configuration in a file, which may be slow to read. */
static struct doc *
read_image(struct test_conn *tc, const char *path, struct error *err)
{
	struct doc *config;

	test_leave(tc);
	config = image_read(path, err);
	test_return(tc);
	return config;
}

static int
refuse_other_xml(char *const *dxml, struct error *err)
{
	if (dxml == NULL)
		return 0;
	return error_set(err, XVM_FROM_TEST, XVM_ERR_ARGUMENT_UNSUPPORTED,
	    "xml modification unsupported");
}

int
test_domain_save_flags(void *state, struct call *call)
{
	const struct xvm_domain_save_flags_args *args = call->args;

	if (test_check_flags(args->flags, 0, "testDomainSaveFlags",
	    &call->err) != 0 || refuse_other_xml(args->dxml, &call->err) != 0)
		return -1;
	return save(state, &args->dom, args->to, &call->err);
}

static int
restore(struct test_conn *tc, const char *from, struct error *err)
{
	char *path = image_path(from);
	struct test_domain *dom;
	struct doc *config;
	bool updated;

	if (path == NULL)
		return error_nomem(err);
	config = read_image(tc, path, err);
	free(path);
	if (config == NULL)
		return -1;
	dom = test_domain_assign(tc->host, config, true, &updated, err);
	if (dom == NULL)
		return -1;
	test_domain_start(tc->host, dom, XVM_DOMAIN_RUNNING_RESTORED);
	test_event_lifecycle(tc->host, dom, XVM_DOMAIN_EVENT_STARTED,
	    XVM_DOMAIN_EVENT_STARTED_RESTORED);
	return 0;
}

int
test_domain_restore_flags(void *state, struct call *call)
{
	const struct xvm_domain_restore_flags_args *args = call->args;

	if (test_check_flags(args->flags, 0, "testDomainRestoreFlags",
	    &call->err) != 0 || refuse_other_xml(args->dxml, &call->err) != 0)
		return -1;
	return restore(state, args->from, &call->err);
}

int
test_domain_save_image_get_xml_desc(void *state, struct call *call)
{
	const struct xvm_domain_save_image_get_xml_desc_args *args =
	    call->args;
	struct xvm_domain_save_image_get_xml_desc_ret *ret = call->ret;
	struct doc *config;
	char *path;

	if (test_check_flags(args->flags, XVM_DOMAIN_SAVE_IMAGE_XML_SECURE,
	    "testDomainSaveImageGetXMLDesc", &call->err) != 0)
		return -1;
	path = image_path(args->file);
	if (path == NULL)
		return error_nomem(&call->err);
	config = read_image(state, path, &call->err);
	free(path);
	if (config == NULL)
		return -1;
	ret->xml = domain_xml_format(config, -1, XVM_DOMAIN_XML_SECURE,
	    &call->err);
	doc_free(config);
	return ret->xml != NULL ? 0 : -1;
}

int
test_domain_save_image_define_xml(void *state, struct call *call)
{
	const struct xvm_domain_save_image_define_xml_args *args = call->args;
	struct buf image = BUF_INIT;
	struct doc *config;
	char *path;
	int rc = -1;

	if (test_check_flags(args->flags, XVM_DOMAIN_SAVE_RUNNING |
	    XVM_DOMAIN_SAVE_PAUSED, "testDomainSaveImageDefineXML",
	    &call->err) != 0)
		return -1;
	path = image_path(args->file);
	if (path == NULL)
		return error_nomem(&call->err);
	config = read_image(state, path, &call->err);	/* it must be one */
	if (config == NULL)
		goto out;
	doc_free(config);
	config = test_parse_config(args->dxml, &call->err);
	if (config == NULL)
		goto out;
	if (image_format(config, -1, &image, &call->err) == 0) {
		test_leave(state);
		rc = image_write(path, node_find_text(config->root, "name"),
		    &image, &call->err);
		test_return(state);
	}
	doc_free(config);
out:
	buf_release(&image);
	free(path);
	return rc;
}

/* The file of a dump: what it begins with. */
static int
write_dump(struct test_conn *tc, const char *name, const char *to,
    struct error *err)
{
	struct buf data = BUF_INIT;
	char *path = image_path(to);
	bool opened;
	int rc;

	buf_add(&data, IMAGE_MAGIC, sizeof(IMAGE_MAGIC));
	if (path == NULL || data.failed) {
		rc = error_nomem(err);
		goto out;
	}
	test_leave(tc);
	rc = image_write_file(path, &data, &opened);
	if (rc != 0)
		error_system(err, XVM_FROM_TEST, errno, opened ?
		    "domain '%s' coredump: failed to write header to %s" :
		    "domain '%s' coredump: failed to open %s", name, path);
	test_return(tc);
out:
	free(path);
	buf_release(&data);
	return rc;
}

static int
core_dump(struct test_conn *tc, const struct xvm_domain *ref, const char *to,
    unsigned int format, unsigned int flags, struct error *err)
{
	struct test_domain *dom;
	int id;

	if (test_check_flags(flags, XVM_DUMP_CRASH,
	    "testDomainCoreDumpWithFormat", err) != 0)
		return -1;
	dom = test_domain_get_active(tc, ref, err);
	if (dom == NULL)
		return -1;
	id = dom->id;
	if (write_dump(tc, ref->name, to, err) != 0)
		return -1;
	if (format != XVM_DOMAIN_CORE_DUMP_FORMAT_RAW)
		return error_set(err, XVM_FROM_TEST,
		    XVM_ERR_OPERATION_UNSUPPORTED,
		    "kdump-compressed format is not supported here");
	if ((flags & XVM_DUMP_CRASH) == 0)
		return 0;
	dom = find_again(tc, ref, id, err);
	if (dom == NULL)
		return -1;
	test_domain_stop(tc->host, dom, XVM_DOMAIN_SHUTOFF_CRASHED,
	    XVM_DOMAIN_EVENT_STOPPED_CRASHED);
	return 0;
}

int
test_domain_core_dump_with_format(void *state, struct call *call)
{
	const struct xvm_domain_core_dump_with_format_args *args = call->args;

	return core_dump(state, &args->dom, args->to, args->dumpformat,
	    args->flags, &call->err);
}

int
test_domain_managed_save(void *state, struct call *call)
{
	const unsigned int ways = XVM_DOMAIN_SAVE_BYPASS_CACHE |
	    XVM_DOMAIN_SAVE_RUNNING | XVM_DOMAIN_SAVE_PAUSED;
	struct test_conn *tc = state;
	const struct xvm_domain_managed_save_args *args = call->args;
	struct test_domain *dom;

	if (test_check_flags(args->flags, ways, "testDomainManagedSave",
	    &call->err) != 0)
		return -1;
	dom = test_domain_get_active(tc, &args->dom, &call->err);
	if (dom == NULL)
		return -1;
	if (!dom->persistent)
		return error_set(&call->err, XVM_FROM_TEST,
		    XVM_ERR_OPERATION_INVALID,
		    "cannot do managed save for transient domain");
	test_domain_stop(tc->host, dom, XVM_DOMAIN_SHUTOFF_SAVED,
	    XVM_DOMAIN_EVENT_STOPPED_SAVED);
	dom->managed_save = true;
	return 0;
}

int
test_domain_has_managed_save_image(void *state, struct call *call)
{
	const struct xvm_domain_has_managed_save_image_args *args =
	    call->args;
	struct xvm_domain_has_managed_save_image_ret *ret = call->ret;
	struct test_domain *dom;

	if (test_check_flags(args->flags, 0, "testDomainHasManagedSaveImage",
	    &call->err) != 0)
		return -1;
	dom = test_domain_get(state, &args->dom, &call->err);
	if (dom == NULL)
		return -1;
	ret->result = dom->managed_save;
	return 0;
}

int
test_domain_managed_save_remove(void *state, struct call *call)
{
	const struct xvm_domain_managed_save_remove_args *args = call->args;
	struct test_domain *dom;

	if (test_check_flags(args->flags, 0, "testDomainManagedSaveRemove",
	    &call->err) != 0)
		return -1;
	dom = test_domain_get(state, &args->dom, &call->err);
	if (dom == NULL)
		return -1;
	dom->managed_save = false;
	return 0;
}
