/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Memory for a new domain, looked after as xl does: with dom0's memory given
 * on Xen's command line, or as /etc/xen/xl.conf says, dom0 keeps what it has;
 * else it shrinks, under xl's lock, which then is held until the domain is
 * built.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libxlutil.h>

#include "side.h"

#define XL_CONF "/etc/xen/xl.conf"
#define XL_LOCK "/var/lock/xl"
#define TRIES 3
#define WAIT_SECONDS 10

struct xl_settings {
	bool balloon;		/* dom0 may shrink */
	bool claim;		/* memory is claimed before building */
	char *lock;
};

/* "dom0_mem=" with a fixed size, as xl looks for it. */
static bool
is_dom0_fixed(struct side *side)
{
	const libxl_version_info *info = libxl_get_version_info(side->ctx);
	regex_t regex;
	bool fixed;

	if (info == NULL || info->commandline == NULL ||
	    regcomp(&regex, "(^| )dom0_mem=(min:|max:)?-?[0-9]",
	    REG_NOSUB | REG_EXTENDED) != 0)
		return false;
	fixed = regexec(&regex, info->commandline, 0, NULL, 0) == 0;
	regfree(&regex);
	return fixed;
}

/* autoballoon is "on", "off", "auto", or a number. */
static void
take_balloon(XLU_Config *conf, struct xl_settings *set)
{
	const char *word;
	long number;

	if (xlu_cfg_get_string(conf, "autoballoon", &word, 1) == 0) {
		if (strcmp(word, "on") == 0 || strcmp(word, "1") == 0)
			set->balloon = true;
		else if (strcmp(word, "off") == 0 || strcmp(word, "0") == 0)
			set->balloon = false;
	} else if (xlu_cfg_get_long(conf, "autoballoon", &number, 1) == 0) {
		set->balloon = number != 0;
	}
}

static int
read_settings(struct side *side, struct xl_settings *set, struct error *err)
{
	XLU_Config *conf;
	const char *lock = XL_LOCK;
	FILE *report, *f;
	char *text = NULL;
	size_t size = 0;
	long number;
	void *data = NULL;
	int n = 0;

	set->balloon = !is_dom0_fixed(side);
	set->claim = true;
	report = open_memstream(&text, &size);
	conf = report != NULL ? xlu_cfg_init(report, XL_CONF) : NULL;
	f = fopen(XL_CONF, "re");
	if (f != NULL)
		(void)fclose(f);
	if (conf != NULL && f != NULL && libxl_read_file_contents(side->ctx,
	    XL_CONF, &data, &n) == 0 && xlu_cfg_readdata(conf, data, n) == 0) {
		take_balloon(conf, set);
		(void)xlu_cfg_get_string(conf, "lockfile", &lock, 1);
		if (xlu_cfg_get_long(conf, "claim_mode", &number, 1) == 0)
			set->claim = number != 0;
	}
	set->lock = strdup(lock);
	free(data);
	if (conf != NULL)
		xlu_cfg_destroy(conf);
	if (report != NULL)
		(void)fclose(report);
	free(text);
	return set->lock != NULL ? 0 : error_nomem(err);
}

/* As xl does: a lock by fcntl over the whole file. */
static int
take_lock(const char *path, struct error *err)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, S_IWUSR), rc;

	if (fd < 0)
		return error_system(err, XVM_FROM_LIBXL, errno,
		    "cannot open xl's lock file '%s'", path);
	do {
		rc = fcntl(fd, F_SETLKW, &lock);
	} while (rc != 0 && errno == EINTR);
	if (rc == 0)
		return fd;
	error_system(err, XVM_FROM_LIBXL, errno, "cannot lock '%s'", path);
	(void)close(fd);
	return -1;
}

static int
make_room(struct side *side, const struct xl_settings *set, uint64_t need,
    struct error *err)
{
	uint64_t have = 0;

	for (int i = 0; i < TRIES; i++) {
		if (libxl_get_free_memory(side->ctx, &have) != 0)
			return side_failed(side, err,
			    "cannot tell how much memory is free");
		if (have >= need)
			return 0;
		if (!set->balloon || libxl_set_memory_target(side->ctx, 0,
		    (int64_t)have - (int64_t)need, 1, 0) != 0 ||
		    libxl_wait_for_memory_target(side->ctx, 0,
		    WAIT_SECONDS) != 0)
			break;
	}
	return error_set(err, XVM_FROM_LIBXL, XVM_ERR_OPERATION_FAILED,
	    "not enough free memory on the host: the domain needs %" PRIu64
	    " KiB, %" PRIu64 " KiB are free", need, have);
}

int
side_claim_memory(struct side *side, libxl_domain_config *config,
    int *lock_out, struct error *err)
{
	struct xl_settings set = { .lock = NULL };
	uint64_t need;
	int rc = -1;

	*lock_out = -1;
	if (read_settings(side, &set, err) != 0)
		return -1;
	libxl_defbool_setdefault(&config->b_info.claim_mode, set.claim);
	if (set.balloon) {
		*lock_out = take_lock(set.lock, err);
		if (*lock_out < 0)
			goto out;
	}
	if (libxl_domain_need_memory(side->ctx, config, INVALID_DOMID,
	    &need) != 0)
		rc = side_failed(side, err,
		    "cannot tell how much memory the domain needs");
	else
		rc = make_room(side, &set, need, err);
	if (rc != 0 && *lock_out >= 0) {
		(void)close(*lock_out);
		*lock_out = -1;
	}
out:
	free(set.lock);
	return rc;
}
