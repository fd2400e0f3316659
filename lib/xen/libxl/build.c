/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Building a domain: marked before, let run at the end; when it fails on the
 * way nothing is left. Ending one.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../../domain/domain_xml.h"
#include "../../local_answers.h"
#include "../defined.h"
#include "../watch.h"
#include "config.h"
#include "pci.h"
#include "ports.h"
#include "side.h"

static int
check_clash(const char *name, const unsigned char *uuid, struct error *err)
{
	struct defined def;
	int rc = defined_find(NULL, uuid, &def, err);

	if (rc == 1 && strcmp(def.name, name) != 0)
		(void)local_uuid_taken(def.name, uuid, err);
	else if (rc == 0 && (rc = defined_find(name, NULL, &def, err)) == 1)
		(void)local_name_taken(name, def.uuid, err);
	else if (rc == 1)
		rc = 2;
	if (rc > 0)
		defined_release(&def);
	return rc == 0 || rc == 2 ? 0 : -1;
}

static int
check_running(struct side *side, const char *name, const unsigned char *uuid,
    struct error *err)
{
	int id = side_find_uuid(side, uuid, NULL), rc;
	libxl_dominfo info;
	uint32_t other;
	char *its_name;

	if (id >= 0) {
		its_name = libxl_domid_to_name(side->ctx, (uint32_t)id);
		if (its_name != NULL && strcmp(its_name, name) != 0)
			rc = local_uuid_taken(its_name, uuid, err);
		else
			rc = error_set(err, XVM_FROM_DOMAIN,
			    XVM_ERR_OPERATION_INVALID,
			    "domain '%s' is already active", name);
		free(its_name);
		return rc;
	}
	if (libxl_name_to_domid(side->ctx, name, &other) != 0)
		return 0;
	libxl_dominfo_init(&info);
	/* It may end just now. */
	rc = libxl_domain_info(side->ctx, &info, other) != 0 ? 0 :
	    local_name_taken(name, libxl_uuid_bytearray(&info.uuid), err);
	libxl_dominfo_dispose(&info);
	return rc;
}

/* Neither UUID nor name may be another's, running or being built. */
static int
check_free(struct side *side, const char *name, const unsigned char *uuid,
    struct error *err)
{
	int rc = check_running(side, name, uuid, err);
	struct mark mark;

	if (rc != 0)
		return rc;
	side_log_forget(&side->log);
	rc = mark_read(side->xs, uuid, &mark, err);
	if (rc == 1 && mark.phase != MARK_RUNNING &&
	    process_is_alive(&mark.builder))
		return error_set(err, XVM_FROM_DOMAIN,
		    XVM_ERR_OPERATION_INVALID, "domain '%s' is being %s",
		    name, mark.phase == MARK_ENDING ? "ended" : "built");
	if (rc < 0)
		return -1;
	return check_clash(name, uuid, err);
}

static enum mark_action
action_of(const struct doc *doc, const char *element, enum mark_action def)
{
	const char *name = node_find_text(doc->root, element);
	int action = name != NULL ? mark_action(name) : -1;

	return action >= 0 ? (enum mark_action)action : def;
}

/* Mark it, before anything of it exists; nobody else can from then on. */
static int
reserve(struct side *side, const struct doc *doc, const struct build *how,
    struct mark *mark, struct error *err)
{
	const char *name = node_find_text(doc->root, "name");
	const char *uuid = node_find_text(doc->root, "uuid");
	int lock, rc;

	memset(mark, 0, sizeof(*mark));
	if (name == NULL || uuid == NULL || uuid_parse(uuid, mark->uuid) != 0)
		return error_set(err, XVM_FROM_LIBXL, XVM_ERR_INTERNAL_ERROR,
		    "configuration without name or UUID");
	mark->phase = MARK_BUILDING;
	mark->builder = process_of(getpid());
	mark->domid = -1;
	mark->paused = how->paused;
	mark->on[MARK_POWEROFF] = action_of(doc, "on_poweroff", MARK_DESTROY);
	mark->on[MARK_REBOOT] = action_of(doc, "on_reboot", MARK_RESTART);
	mark->on[MARK_CRASH] = action_of(doc, "on_crash", MARK_DESTROY);
	if (how->autodestroy)
		mark->owner = side->owner;
	lock = defined_lock(err);
	if (lock < 0)
		return -1;
	rc = side_clear_leftover(side, mark->uuid, err);
	if (rc == 0)
		rc = check_free(side, name, mark->uuid, err);
	if (rc == 0)
		rc = mark_write(side->xs, mark, err);
	(void)close(lock);
	if (rc == 0 && watch_ensure(err) != 0) {
		(void)mark_remove(side->xs, mark->uuid, err);
		rc = -1;
	}
	return rc;
}

/* path of KIND, unless NULL or empty, can be used so; a name alone is sought. */
static int
check_file(const char *kind, const char *path, int mode, struct error *err)
{
	if (path == NULL || path[0] == '\0' || access(path, mode) == 0)
		return 0;
	return error_system(err, XVM_FROM_LIBXL, errno, "cannot %s %s '%s'",
	    mode == X_OK ? "run" : "read", kind, path);
}

/* What libxl would not name in its error. */
static int
check_files(const struct doc *doc, const libxl_domain_config *config,
    struct error *err)
{
	const char *loader = node_find_text(doc->root, "bootloader");

	if (check_file("kernel", node_find_text(doc->root, "os/kernel"), R_OK,
	    err) != 0 ||
	    check_file("initrd", node_find_text(doc->root, "os/initrd"), R_OK,
	    err) != 0)
		return -1;
	if (loader != NULL && loader[0] == '/' &&
	    check_file("bootloader", loader, X_OK, err) != 0)
		return -1;
	/* Those it looks at itself; the device model opens these. */
	for (int i = 0; i < config->num_disks; i++) {
		const libxl_device_disk *d = &config->disks[i];

		if (d->backend == LIBXL_DISK_BACKEND_QDISK &&
		    d->backend_domid == 0 && d->backend_domname == NULL &&
		    d->script == NULL && d->pdev_path != NULL &&
		    d->pdev_path[0] == '/' &&
		    check_file("disk", d->pdev_path, R_OK, err) != 0)
			return -1;
	}
	return 0;
}

/*
 * Channels are consoles, and the first console is number 0: libxl does not make
 * a channel of that number, though xl counts from 0. Sockets that have no place
 * of their own are in ours.
 */
static int
prepare_channels(libxl_domain_config *config, struct error *err)
{
	for (int i = 0; i < config->num_channels; i++) {
		libxl_device_channel *c = &config->channels[i];

		c->devid = i + 1;
		if (c->connection == LIBXL_CHANNEL_CONNECTION_SOCKET &&
		    c->u.socket.path != NULL && strncmp(c->u.socket.path,
		    CONFIG_CHANNELS "/", strlen(CONFIG_CHANNELS "/")) == 0 &&
		    defined_make_dir(CONFIG_CHANNELS, err) != 0)
			return -1;
	}
	return 0;
}

/* By libxl, paused in the end. */
static int
create(struct side *side, const struct doc *doc, const struct build *how,
    libxl_domain_config *config, uint32_t *id, struct error *err)
{
	const char *name = node_find_text(doc->root, "name");
	const time_t start = time(NULL);
	libxl_domain_restore_params params;
	int lock, rc;

	if (side_claim_memory(side, config, &lock, err) != 0)
		return -1;
	*id = INVALID_DOMID;
	if (how->restore_fd < 0) {
		rc = libxl_domain_create_new(side->ctx, config, id, NULL,
		    NULL);
	} else {
		libxl_domain_restore_params_init(&params);
		params.stream_version = 2;
		rc = libxl_domain_create_restore(side->ctx, config, id,
		    how->restore_fd, -1, &params, NULL, NULL);
		libxl_domain_restore_params_dispose(&params);
	}
	if (lock >= 0)
		(void)close(lock);
	if (rc == 0)
		return 0;
	side_log_model(side, name, start);
	side_failed(side, err, how->restore_fd < 0 ?
	    "libxenlight failed to create new domain '%s'" :
	    "libxenlight failed to restore domain '%s'", name);
	if (libxl_domid_valid_guest(*id))
		(void)libxl_domain_destroy(side->ctx, *id, NULL);
	return -1;
}

/* It is built: keep what is known of it, and let it run. */
static int
finish(struct side *side, const struct doc *doc, const struct build *how,
    struct mark *mark, struct error *err)
{
	uint32_t id = (uint32_t)mark->domid;

	if (side_store_live(side, mark->domid, doc, err) != 0)
		return -1;
	if (side_is_abandoned(side))
		return error_set(err, XVM_FROM_LIBXL,
		    XVM_ERR_OPERATION_ABORTED, "given up by the caller");
	mark->phase = MARK_BUILT;
	if (mark_write(side->xs, mark, err) != 0)
		return -1;
	if (!how->paused && libxl_domain_unpause(side->ctx, id, NULL) != 0)
		return side_failed(side, err,
		    "libxenlight failed to let domain %u run", id);
	mark->phase = MARK_RUNNING;
	memset(&mark->builder, 0, sizeof(mark->builder));
	return mark_write(side->xs, mark, err);
}

static int
build(struct side *side, const struct doc *doc, const struct build *how,
    int *id_out, struct error *err)
{
	struct error ignored = ERROR_INIT;
	libxl_domain_config config;
	struct mark mark;
	uint32_t id = INVALID_DOMID;
	int rc = -1;

	if (config_from_xml(side->ctx, doc->root, &config, err) != 0)
		return -1;
	if (check_files(doc, &config, err) != 0 ||
	    prepare_channels(&config, err) != 0 ||
	    side_pci_check_all(side, &config, err) != 0)
		goto out;
	if (reserve(side, doc, how, &mark, err) != 0)
		goto out;
	if (create(side, doc, how, &config, &id, err) == 0) {
		mark.domid = (int)id;
		rc = finish(side, doc, how, &mark, err);
		if (rc != 0)
			(void)libxl_domain_destroy(side->ctx, id, NULL);
	}
	if (rc != 0) {
		side_pci_return_all(side, &config);
		(void)mark_remove(side->xs, mark.uuid, &ignored);
	} else
		*id_out = mark.domid;
	error_release(&ignored);
out:
	libxl_domain_config_dispose(&config);
	return rc;
}

int
side_build(struct side *side, const struct doc *doc, const struct build *how,
    int *id_out, struct error *err)
{
	struct doc *own = ports_choose(doc, err);
	int rc = own == NULL ? -1 : build(side, own, how, id_out, err);

	doc_free(own);
	return rc;
}

/*
 * Whoever finds the mark of one that was not wholly ended, goes on. *old_out is
 * the mark that there was: 1, or 0 for none, -1.
 */
static int
mark_ending(struct side *side, int id, const unsigned char *uuid,
    struct mark *old_out, struct error *err)
{
	int found = mark_read(side->xs, uuid, old_out, err);
	struct mark mark;

	if (found < 0)
		return -1;
	if (found == 1)
		mark = *old_out;
	else
		memset(&mark, 0, sizeof(mark));
	memcpy(mark.uuid, uuid, UUID_SIZE);
	mark.phase = MARK_ENDING;
	mark.builder = process_of(getpid());
	mark.domid = id;
	return mark_write(side->xs, &mark, err) == 0 ? found : -1;
}

/* It may be another's by now, who started the domain again. */
static int
remove_ending(struct side *side, const unsigned char *uuid,
    struct error *err)
{
	struct mark mark;
	int found = mark_read(side->xs, uuid, &mark, err);

	if (found < 0)
		return -1;
	if (found == 0 || mark.phase != MARK_ENDING ||
	    mark.builder.pid != getpid())
		return 0;
	return mark_remove(side->xs, uuid, err);
}

int
side_destroy(struct side *side, int id, const unsigned char *uuid,
    struct error *err)
{
	struct error ignored = ERROR_INIT;
	libxl_domain_config had;
	struct mark old;
	int found = mark_ending(side, id, uuid, &old, err), rc;

	if (found < 0)
		return -1;
	side_pci_of(side, id, &had);
	rc = libxl_domain_destroy(side->ctx, (uint32_t)id, NULL);
	side_pci_return_all(side, &had);
	libxl_domain_config_dispose(&had);
	/* It may have gone by another's hand. */
	if (rc != 0 && side_find_uuid(side, uuid, NULL) == id) {
		(void)side_failed(side, err, "Failed to destroy domain '%d'",
		    id);
		if (found == 1)
			(void)mark_write(side->xs, &old, &ignored);
		else
			(void)remove_ending(side, uuid, &ignored);
		error_release(&ignored);
		return -1;
	}
	side_log_forget(&side->log);
	return remove_ending(side, uuid, err);
}
