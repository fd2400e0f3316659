/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Domains saved to files, restored from them; their memory dumped. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../domain/domain_xml.h"
#include "../defined.h"
#include "../partial.h"
#include "image.h"

/* Take xml, if not NULL, in place of *doc, which is freed then. 0 or -1. */
static int
replace_doc(struct doc **doc, const char *xml, struct error *err)
{
	struct doc *instead;

	if (xml == NULL)
		return 0;
	instead = image_doc_instead(*doc, xml, err);
	if (instead == NULL)
		return -1;
	doc_free(*doc);
	*doc = instead;
	return 0;
}

void
side_save_undo(struct side *side, int id, const unsigned char *uuid)
{
	libxl_dominfo info;

	libxl_dominfo_init(&info);
	if (side_find_uuid(side, uuid, &info) == id && info.shutdown &&
	    info.shutdown_reason == LIBXL_SHUTDOWN_REASON_SUSPEND)
		(void)libxl_domain_resume(side->ctx, (uint32_t)id, 1, NULL);
	libxl_dominfo_dispose(&info);
}

/* So that it goes on when we are killed; xl's have no mark. 0 or -1. */
static int
begin_saving(struct side *side, const struct side_domain *dom,
    struct error *err)
{
	struct mark mark;
	int rc;

	if (side_clear_leftover(side, dom->uuid, err) != 0)
		return -1;
	rc = mark_read(side->xs, dom->uuid, &mark, err);
	if (rc == 1 && mark.phase == MARK_SAVING)
		return error_set(err, XVM_FROM_LIBXL,
		    XVM_ERR_OPERATION_INVALID, "domain '%s' is being saved",
		    dom->name);
	if (rc != 1 || mark.phase != MARK_RUNNING || mark.domid != dom->id)
		return rc < 0 ? -1 : 0;
	mark.phase = MARK_SAVING;
	mark.builder = process_of(getpid());
	return mark_write(side->xs, &mark, err);
}

/* It was not saved, and goes on. */
static void
end_saving(struct side *side, const struct side_domain *dom)
{
	struct error ignored = ERROR_INIT;
	struct mark mark;

	side_save_undo(side, dom->id, dom->uuid);
	if (mark_read(side->xs, dom->uuid, &mark, &ignored) == 1 &&
	    mark.phase == MARK_SAVING && mark.builder.pid == getpid()) {
		mark.phase = MARK_RUNNING;
		memset(&mark.builder, 0, sizeof(mark.builder));
		(void)mark_write(side->xs, &mark, &ignored);
	}
	error_release(&ignored);
}

static int
write_image(struct side *side, const struct side_domain *dom,
    const char *xml, int fd, struct error *err)
{
	struct doc *doc = side_current_doc(side, dom->id, err);
	int rc;

	if (doc == NULL)
		return -1;
	rc = replace_doc(&doc, xml, err);
	if (rc == 0)
		rc = image_write_head(fd, doc, err);
	doc_free(doc);
	if (rc == 0 && libxl_domain_suspend(side->ctx, (uint32_t)dom->id, fd,
	    0, NULL) != 0)
		rc = side_failed(side, err, "Failed to save domain '%d' with "
		    "libxenlight", dom->id);
	return rc;
}

/* Into what is no file: a pipe, a device. */
static int
save_through(struct side *side, const struct side_domain *dom,
    const char *xml, const char *to, struct error *err)
{
	int fd = open(to, O_WRONLY | O_TRUNC | O_CLOEXEC), rc;

	if (fd < 0)
		return error_system(err, XVM_FROM_LIBXL, errno,
		    "Failed to create domain save file '%s'", to);
	rc = write_image(side, dom, xml, fd, err);
	if (close(fd) != 0 && rc == 0)
		rc = error_system(err, XVM_FROM_LIBXL, errno,
		    "cannot close file");
	return rc;
}

/* Into a file; one that is there is replaced when the image is whole. */
static int
save_file(struct side *side, const struct side_domain *dom, const char *xml,
    const char *to, struct error *err)
{
	struct partial file;
	int rc = partial_open(to, &file, err);

	if (rc == 0)
		rc = write_image(side, dom, xml, file.fd, err);
	if (rc == 0)
		rc = partial_keep(&file, err);
	partial_release(&file);
	return rc;
}

/* The domain ends last. */
static int
save(struct side *side, const struct side_domain *dom, const char *xml,
    const char *to, struct error *err)
{
	struct stat st;
	int rc;

	if (dom->info.paused)
		return error_set(err, XVM_FROM_LIBXL,
		    XVM_ERR_OPERATION_INVALID, "Domain '%d' has to be running "
		    "because libxenlight will suspend it", dom->id);
	if (begin_saving(side, dom, err) != 0)
		return -1;
	if (stat(to, &st) != 0 || S_ISREG(st.st_mode))
		rc = save_file(side, dom, xml, to, err);
	else
		rc = save_through(side, dom, xml, to, err);
	if (rc == 0)
		return side_destroy(side, dom->id, dom->uuid, err);
	end_saving(side, dom);
	return -1;
}

int
side_domain_save_flags(struct side *side, struct call *call)
{
	const struct xvm_domain_save_flags_args *args = call->args;
	struct side_domain dom;
	int rc;

	if (xen_check_flags(args->flags, XVM_DOMAIN_SAVE_BYPASS_CACHE,
	    "libxlDomainSaveFlags", &call->err) != 0)
		return -1;
	if (side_find_active(side, &args->dom, &dom, &call->err) != 0)
		return -1;
	rc = save(side, &dom, args->dxml != NULL ? *args->dxml : NULL,
	    args->to, &call->err);
	side_domain_release(&dom);
	return rc;
}

static int
managed_save(struct side *side, const struct side_domain *dom,
    struct error *err)
{
	char *path;
	int rc;

	if (!dom->persistent)
		return error_set(err, XVM_FROM_LIBXL,
		    XVM_ERR_OPERATION_INVALID,
		    "cannot do managed save for transient domain");
	path = defined_path(DEFINED_SAVE, dom->name, ".save");
	if (path == NULL)
		return error_nomem(err);
	rc = defined_make_dir(DEFINED_SAVE, err);
	if (rc == 0)
		rc = save(side, dom, NULL, path, err);
	free(path);
	return rc;
}

int
side_domain_managed_save(struct side *side, struct call *call)
{
	const struct xvm_domain_managed_save_args *args = call->args;
	struct side_domain dom;
	int rc;

	if (xen_check_flags(args->flags, XVM_DOMAIN_SAVE_BYPASS_CACHE,
	    "libxlDomainManagedSave", &call->err) != 0 ||
	    side_find_active(side, &args->dom, &dom, &call->err) != 0)
		return -1;
	rc = managed_save(side, &dom, &call->err);
	side_domain_release(&dom);
	return rc;
}

int
side_domain_restore_flags(struct side *side, struct call *call)
{
	const struct xvm_domain_restore_flags_args *args = call->args;
	struct build how = {
		.paused = (args->flags & XVM_DOMAIN_SAVE_PAUSED) != 0,
	};
	struct doc *doc;
	int id, rc;

	if (xen_check_flags(args->flags, XVM_DOMAIN_SAVE_PAUSED |
	    XVM_DOMAIN_SAVE_RUNNING | XVM_DOMAIN_SAVE_BYPASS_CACHE,
	    "libxlDomainRestoreFlags", &call->err) != 0)
		return -1;
	how.restore_fd = image_open(args->from, &doc, &call->err);
	if (how.restore_fd < 0)
		return -1;
	rc = replace_doc(&doc, args->dxml != NULL ? *args->dxml : NULL,
	    &call->err);
	if (rc == 0)
		rc = side_build(side, doc, &how, &id, &call->err);
	(void)close(how.restore_fd);
	doc_free(doc);
	return rc;
}

int
side_dump_core(struct side *side, int id, const char *to, struct error *err)
{
	bool is_new = access(to, F_OK) != 0;

	if (libxl_domain_core_dump(side->ctx, (uint32_t)id, to, NULL) == 0)
		return 0;
	if (is_new)
		(void)unlink(to);
	return side_failed(side, err, "Failed to dump core of domain '%d' "
	    "with libxenlight", id);
}

static int
core_dump(struct side *side, const struct side_domain *dom, const char *to,
    unsigned int flags, struct error *err)
{
	uint32_t id = (uint32_t)dom->id;
	bool pause = (flags & XVM_DUMP_LIVE) == 0 && !dom->info.paused;
	int rc;

	if (pause && libxl_domain_pause(side->ctx, id, NULL) != 0)
		return side_failed(side, err, "Before dumping core, failed to "
		    "suspend domain '%d' with libxenlight", dom->id);
	rc = side_dump_core(side, dom->id, to, err);
	if (rc == 0 && (flags & XVM_DUMP_CRASH) != 0)
		return side_destroy(side, dom->id, dom->uuid, err);
	if (pause && libxl_domain_unpause(side->ctx, id, NULL) != 0 && rc == 0)
		rc = side_failed(side, err, "After dumping core, failed to "
		    "resume domain '%d' with libxenlight", dom->id);
	return rc == 0 ? 0 : -1;
}

int
side_domain_core_dump_with_format(struct side *side, struct call *call)
{
	const struct xvm_domain_core_dump_with_format_args *args = call->args;
	struct side_domain dom;
	int rc;

	if (xen_check_flags(args->flags, XVM_DUMP_LIVE | XVM_DUMP_CRASH,
	    "libxlDomainCoreDump", &call->err) != 0)
		return -1;
	if (args->dumpformat != XVM_DOMAIN_CORE_DUMP_FORMAT_RAW)
		return error_set(&call->err, XVM_FROM_LIBXL,
		    XVM_ERR_OPERATION_UNSUPPORTED,
		    "kdump-compressed format is not supported here");
	if (side_find_active(side, &args->dom, &dom, &call->err) != 0)
		return -1;
	rc = core_dump(side, &dom, args->to, args->flags, &call->err);
	side_domain_release(&dom);
	return rc;
}
