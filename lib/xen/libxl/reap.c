/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Domains that ended, and what their marks say is to be done; domains whose
 * builder was killed; domains whose owner is gone.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include <xenctrl.h>

#include "../../domain/domain_xml.h"
#include "../defined.h"
#include "../domain_caps.h"
#include "../watch.h"
#include "side.h"

#define USERDATA_XML "libvirt-xml"
#define USERDATA_JSON "libxl-json"
#define CRASH_PAUSE 1	/* seconds before a crashed one starts again */

/* --- what killed builders left --------------------------------------------- */

/*
 * A builder died: what it had built, or was saving, is let run, what it had not
 * built is ended.
 */
static int
clear_up(struct side *side, struct mark *mark, struct error *err)
{
	int id = side_find_uuid(side, mark->uuid, NULL);

	if (id < 0)
		return mark_remove(side->xs, mark->uuid, err);
	if (mark->phase == MARK_BUILDING || mark->phase == MARK_ENDING ||
	    id != mark->domid)
		return side_destroy(side, id, mark->uuid, err);
	if (mark->phase == MARK_SAVING)
		side_save_undo(side, id, mark->uuid);
	else if (!mark->paused && libxl_domain_unpause(side->ctx, (uint32_t)id,
	    NULL) != 0)
		return side_failed(side, err,
		    "libxenlight failed to let domain %d run", id);
	mark->phase = MARK_RUNNING;
	memset(&mark->builder, 0, sizeof(mark->builder));
	return mark_write(side->xs, mark, err);
}

static bool
is_leftover(const struct mark *mark)
{
	return mark->phase != MARK_RUNNING &&
	    !process_is_alive(&mark->builder);
}

int
side_clear_leftover(struct side *side, const unsigned char *uuid,
    struct error *err)
{
	struct mark mark;
	int rc = mark_read(side->xs, uuid, &mark, err);

	if (rc == 1 && is_leftover(&mark))
		return clear_up(side, &mark, err);
	return rc < 0 ? -1 : 0;
}

void
side_clear_leftovers(struct side *side)
{
	unsigned char (*uuids)[UUID_SIZE];
	struct error err = ERROR_INIT;
	struct mark mark;
	size_t n, left = 0;

	/* The watcher has seen to it. */
	if (watch_is_running())
		return;
	if (mark_list(side->xs, &uuids, &n, &err) == 0) {
		for (size_t i = 0; i < n; i++) {
			(void)side_clear_leftover(side, uuids[i], &err);
			left += mark_read(side->xs, uuids[i], &mark,
			    &err) == 1;
		}
		free(uuids);
	}
	/* There are some to be watched, and nobody does. */
	if (left > 0)
		(void)watch_ensure(&err);
	error_release(&err);
	side_log_forget(&side->log);
}

/* --- carrying out what a mark says ----------------------------------------- */

/* With what it has by now; at worst as it was started. */
static struct doc *
last_doc(struct side *side, int id, struct error *err)
{
	struct doc *doc = side_current_doc(side, id, err);

	if (doc != NULL)
		return doc;
	error_release(err);
	return side_live_doc(side, id, err);
}

/* When it starts again: as it is defined by now, else as it was at its end. */
static struct doc *
next_doc(struct side *side, int id, const unsigned char *uuid,
    struct error *err)
{
	struct defined def;
	struct doc *doc;
	int rc = defined_find(NULL, uuid, &def, err);

	if (rc < 0)
		return NULL;
	if (rc == 0)
		return last_doc(side, id, err);
	doc = defined_load(def.name, &xen_domain_caps, err);
	defined_release(&def);
	return doc;
}

static int
start_again(struct side *side, const struct doc *doc, const struct mark *mark,
    struct error *err)
{
	const struct build how = {
		.autodestroy = mark->owner.process.pid != 0,
		.restore_fd = -1,
	};
	int id;

	side->owner = mark->owner;
	return side_build(side, doc, &how, &id, err);
}

static int
restart(struct side *side, const struct mark *mark, struct error *err)
{
	struct doc *doc = next_doc(side, mark->domid, mark->uuid, err);
	int rc;

	if (doc == NULL)
		return -1;
	rc = side_destroy(side, mark->domid, mark->uuid, err);
	if (rc == 0)
		rc = start_again(side, doc, mark, err);
	doc_free(doc);
	return rc;
}

/* Keep a userdata text from before the UUID changes, and put it back. */
struct kept {
	uint8_t *data;
	int n;
};

static void
take_userdata(struct side *side, uint32_t id, const char *what,
    struct kept *kept)
{
	kept->data = NULL;
	kept->n = 0;
	if (libxl_userdata_retrieve(side->ctx, id, what, &kept->data,
	    &kept->n) == 0 && kept->data != NULL)
		(void)libxl_userdata_unlink(side->ctx, id, what);
}

static void
put_userdata(struct side *side, uint32_t id, const char *what,
    struct kept *kept)
{
	if (kept->data != NULL)
		(void)libxl_userdata_store(side->ctx, id, what, kept->data,
		    kept->n);
	free(kept->data);
}

/* libxl's own way changes the UUID in xenstore alone. */
static int
set_uuid(struct side *side, uint32_t id, unsigned char uuid[UUID_SIZE],
    struct error *err)
{
	xc_interface *xc = xc_interface_open(&side->log.logger, NULL, 0);
	int rc = -1;

	if (xc != NULL && xc_domain_sethandle(xc, id, uuid) == 0)
		rc = 0;
	else
		(void)side_failed(side, err,
		    "cannot change the UUID of domain %u", id);
	if (xc != NULL)
		(void)xc_interface_close(xc);
	return rc;
}

/* The document of one that stays under another name. */
static int
rename_live(struct side *side, int id, const unsigned char *uuid,
    struct error *err)
{
	char text[UUID_TEXT_SIZE], *name;
	struct doc *doc = side_live_doc(side, id, err);
	int rc;

	if (doc == NULL)
		return -1;
	name = libxl_domid_to_name(side->ctx, (uint32_t)id);
	if (name != NULL)
		node_set_text(node_need(doc->root, "name"), name);
	node_set_text(node_need(doc->root, "uuid"), uuid_format(uuid, text));
	free(name);
	rc = side_store_live(side, id, doc, err);
	doc_free(doc);
	return rc;
}

/* Leave the ended one where it is, named after the time, and start another. */
static int
preserve_and_restart(struct side *side, const struct mark *mark,
    struct error *err)
{
	struct doc *doc = next_doc(side, mark->domid, mark->uuid, err);
	uint32_t id = (uint32_t)mark->domid;
	libxl_domain_create_info info;
	struct kept xml, json;
	unsigned char fresh[UUID_SIZE];
	libxl_uuid uuid;
	char suffix[32];
	time_t now = time(NULL);
	struct tm tm;
	int rc = -1;

	if (doc == NULL)
		return -1;
	libxl_domain_create_info_init(&info);
	info.name = libxl_domid_to_name(side->ctx, id);
	libxl_uuid_generate(&uuid);
	memcpy(fresh, libxl_uuid_bytearray(&uuid), UUID_SIZE);
	(void)strftime(suffix, sizeof(suffix), "-%Y%m%dT%H%M%SZ",
	    gmtime_r(&now, &tm));
	take_userdata(side, id, USERDATA_XML, &xml);
	take_userdata(side, id, USERDATA_JSON, &json);
	if (info.name == NULL || libxl_domain_preserve(side->ctx, id, &info,
	    suffix, uuid) != 0)
		(void)side_failed(side, err,
		    "libxenlight failed to keep domain %u", id);
	else
		rc = set_uuid(side, id, fresh, err);
	put_userdata(side, id, USERDATA_XML, &xml);
	put_userdata(side, id, USERDATA_JSON, &json);
	if (rc == 0)
		rc = rename_live(side, mark->domid, fresh, err);
	if (rc == 0)
		rc = mark_remove(side->xs, mark->uuid, err);
	if (rc == 0)
		rc = start_again(side, doc, mark, err);
	libxl_domain_create_info_dispose(&info);
	doc_free(doc);
	return rc;
}

static int
dump_core(struct side *side, const struct mark *mark, struct error *err)
{
	const char dir[] = DEFINED_STATE "/dump";
	char *name = libxl_domid_to_name(side->ctx, (uint32_t)mark->domid);
	char *path = NULL, suffix[32];
	time_t now = time(NULL);
	struct tm tm;
	int rc = -1;

	(void)strftime(suffix, sizeof(suffix), "-%Y%m%dT%H%M%SZ.dump",
	    gmtime_r(&now, &tm));
	if (name != NULL)
		path = defined_path(dir, name, suffix);
	if (path == NULL)
		error_nomem(err);
	else if (defined_make_dir(dir, err) == 0)
		rc = side_dump_core(side, mark->domid, path, err);
	free(path);
	free(name);
	return rc;
}

static int
carry_out(struct side *side, const struct mark *mark, enum mark_action action,
    struct error *err)
{
	struct error ignored = ERROR_INIT;

	switch (action) {
	case MARK_RESTART:
		return restart(side, mark, err);
	case MARK_PRESERVE:
		return mark_remove(side->xs, mark->uuid, err);
	case MARK_RENAME_RESTART:
		return preserve_and_restart(side, mark, err);
	case MARK_DUMP_RESTART:
	case MARK_DUMP_DESTROY:
		/* Without room for the dump it goes on all the same. */
		if (dump_core(side, mark, &ignored) != 0)
			syslog(LOG_ERR, "%s", ignored.message);
		error_release(&ignored);
		return action == MARK_DUMP_RESTART ?
		    restart(side, mark, err) :
		    side_destroy(side, mark->domid, mark->uuid, err);
	case MARK_DESTROY:
	default:
		return side_destroy(side, mark->domid, mark->uuid, err);
	}
}

/* Why it ended, as an index of mark.on; -1: it has not, or for a save. */
static int
end_of(const libxl_dominfo *info)
{
	if (!info->shutdown)
		return -1;
	switch (info->shutdown_reason) {
	case LIBXL_SHUTDOWN_REASON_POWEROFF:
		return MARK_POWEROFF;
	case LIBXL_SHUTDOWN_REASON_REBOOT:
		return MARK_REBOOT;
	case LIBXL_SHUTDOWN_REASON_CRASH:
	case LIBXL_SHUTDOWN_REASON_WATCHDOG:
		return MARK_CRASH;
	default:
		return -1;
	}
}

static int
see_to(struct side *side, struct mark *mark, struct error *err)
{
	libxl_dominfo info;
	int id, end, rc = 0;

	if (is_leftover(mark))
		return clear_up(side, mark, err);
	if (mark->phase != MARK_RUNNING)
		return 0;
	libxl_dominfo_init(&info);
	id = side_find_uuid(side, mark->uuid, &info);
	end = end_of(&info);
	if (id < 0 || id != mark->domid) {
		rc = mark_remove(side->xs, mark->uuid, err);
	} else if (mark->owner.process.pid != 0 &&
	    !process_is_alive(&mark->owner.process)) {
		rc = side_destroy(side, id, mark->uuid, err);
	} else if (end >= 0) {
		if (end == MARK_CRASH && mark->on[end] != MARK_DESTROY)
			(void)sleep(CRASH_PAUSE);
		rc = carry_out(side, mark, mark->on[end], err);
	}
	libxl_dominfo_dispose(&info);
	return rc;
}

int
side_reap(struct side *side, const char *text, struct error *err)
{
	unsigned char uuid[UUID_SIZE];
	struct mark mark;
	int rc;

	if (uuid_parse(text, uuid) != 0)
		return error_set(err, XVM_FROM_LIBXL, XVM_ERR_INVALID_ARG,
		    "malformed uuid '%s'", text);
	rc = mark_read(side->xs, uuid, &mark, err);
	return rc == 1 ? see_to(side, &mark, err) : rc;
}

int
side_destroy_owned(struct side *side, struct error *err)
{
	unsigned char (*uuids)[UUID_SIZE];
	struct mark mark;
	size_t n;
	int rc = 0;

	if (mark_list(side->xs, &uuids, &n, err) != 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		int id;

		if (mark_read(side->xs, uuids[i], &mark, err) != 1 ||
		    !mark_owner_equal(&mark.owner, &side->owner))
			continue;
		id = side_find_uuid(side, uuids[i], NULL);
		if (id >= 0 && side_destroy(side, id, uuids[i], err) != 0)
			rc = -1;
	}
	free(uuids);
	return rc;
}
