/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* undefine: forget a domain, and what belongs to it. */
#include <string.h>

#include "domain_doc.h"
#include "domain_options.h"
#include "input.h"

static const struct option undefine_options[] = {
	OPTION_DOMAIN(XVM_CONNECT_LIST_DOMAINS_PERSISTENT),
	OPTION_SWITCH("managed-save", "remove its managed save too"),
	OPTION_TEXT("storage", "remove these volumes too: targets or source "
	    "paths (see domblklist) between commas", complete_disk_target),
	OPTION_SWITCH("remove-all-storage", "remove all of its volumes too"),
	OPTION_OLD_NAME("delete-snapshots", "delete-storage-volume-snapshots"),
	OPTION_SWITCH("delete-storage-volume-snapshots",
	    "with --remove-all-storage: the volumes' snapshots too"),
	OPTION_SWITCH("wipe-storage", "overwrite the volumes' data first"),
	OPTION_SWITCH("snapshots-metadata",
	    "forget its snapshots (of an inactive domain)"),
	OPTION_SWITCH("checkpoints-metadata",
	    "forget its checkpoints (of an inactive domain)"),
	OPTION_SWITCH("nvram", "remove its NVRAM file too"),
	OPTION_SWITCH("keep-nvram", "keep its NVRAM file"),
	OPTION_SWITCH("tpm", "remove the state of its TPM too"),
	OPTION_SWITCH("keep-tpm", "keep the state of its TPM"),
	{ 0 }
};

static const struct flag_option undefine_flags[] = {
	{ "managed-save", XVM_DOMAIN_UNDEFINE_MANAGED_SAVE },
	{ "snapshots-metadata", XVM_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA },
	{ "checkpoints-metadata", XVM_DOMAIN_UNDEFINE_CHECKPOINTS_METADATA },
	{ "nvram", XVM_DOMAIN_UNDEFINE_NVRAM },
	{ "keep-nvram", XVM_DOMAIN_UNDEFINE_KEEP_NVRAM },
	{ "tpm", XVM_DOMAIN_UNDEFINE_TPM },
	{ "keep-tpm", XVM_DOMAIN_UNDEFINE_KEEP_TPM },
};

static int
check_options(struct cmd *cmd, const char **storage_out)
{
	if (cmd_requires(cmd, "delete-storage-volume-snapshots",
	    "remove-all-storage") != 0 ||
	    cmd_exclusive(cmd, "nvram", "keep-nvram") != 0 ||
	    cmd_exclusive(cmd, "tpm", "keep-tpm") != 0)
		return -1;
	*storage_out = cmd_word(cmd, "storage");
	if (*storage_out != NULL && (*storage_out)[0] == '\0')
		*storage_out = NULL;
	if (*storage_out == NULL && cmd_has(cmd, "wipe-storage") &&
	    !cmd_has(cmd, "remove-all-storage"))
		return cmd_error(cmd, "'--wipe-storage' requires '--storage "
		    "<string>' or '--remove-all-storage'");
	return 0;
}

/* Take the disk out of the user's list: true when it was there. */
static bool
take_from_list(char **list, const char *target, const char *source)
{
	for (; *list != NULL; list++) {
		if (strcmp(*list, target) == 0 || strcmp(*list, source) == 0) {
			*list = call_text("");
			return true;
		}
	}
	return false;
}

/*
 * Say which of the disks' volumes stay: no connection of ours manages volumes
 * yet, so that is all of them. list: what the user named, NULL: all disks.
 * 0, or -1 when a named one is none of the domain's disks.
 */
static int
check_storage(struct cmd *cmd, const struct node *domain, char **list)
{
	static const char *const sources[] = {
		"file", "dir", "name", "dev", "volume", NULL
	};
	const struct node *disk;
	int rc = 0;

	for (disk = node_child(node_child(domain, "devices"), "disk");
	    disk != NULL; disk = node_next(disk, "disk")) {
		const char *target = child_attr(disk, "target", "dev");
		const char *source = child_attr_of(disk, "source", sources);
		const char *pool = child_attr(disk, "source", "pool");

		if (target == NULL)
			return -1;
		if (source == NULL ||
		    (list != NULL && !take_from_list(list, target, source)))
			continue;
		if (pool != NULL)
			(void)cmd_error(cmd, "Storage pool '%s' for volume "
			    "'%s' not found.", pool, target);
		else
			(void)cmd_error(cmd, "Storage volume '%s'(%s) is not "
			    "managed by libvirt. Remove it manually.\n",
			    target, source);
	}
	for (; list != NULL && *list != NULL; list++) {
		if ((*list)[0] != '\0')
			rc = cmd_error(cmd, "Volume '%s' was not found in "
			    "domain's definition.\n", *list);
	}
	return rc;
}

/* What is known of the domain before anything is changed. */
struct facts {
	bool active;
	bool managed_save;
};

static int
look(struct cmd *cmd, const struct xvm_domain *dom, struct facts *out)
{
	struct xvm_domain_is_active_args active = { *dom };
	struct xvm_domain_has_managed_save_image_args save = { *dom, 0 };
	const struct xvm_domain_is_active_ret *active_ret;
	const struct xvm_domain_has_managed_save_image_ret *save_ret;
	struct call *calls = cmd_batch(cmd, 2);

	cmd_batch_set(cmd, &calls[0], XVM_CALL_DOMAIN_IS_ACTIVE, &active);
	cmd_batch_set(cmd, &calls[1], XVM_CALL_DOMAIN_HAS_MANAGED_SAVE_IMAGE,
	    &save);
	(void)cmd_submit(cmd, calls, 2);
	if (calls[0].rc != 0) {
		cmd_take_error(cmd, &calls[0]);
		return -1;
	}
	active_ret = calls[0].ret;
	save_ret = calls[1].ret;
	out->active = active_ret->active != 0;
	/* Only an inactive domain has one to lose. */
	out->managed_save = false;
	if (out->active)
		return 0;
	if (calls[1].rc == 0) {
		out->managed_save = save_ret->result != 0;
	} else if (calls[1].err.code != XVM_ERR_NO_SUPPORT) {
		cmd_take_error(cmd, &calls[1]);
		return -1;
	}
	return 0;
}

/* 0; -1 the driver refused; -2 refused here (said). */
static int
undefine(struct cmd *cmd, const struct xvm_domain *dom,
    const struct facts *facts, unsigned int flags)
{
	struct xvm_domain_undefine_flags_args with_flags = { *dom, flags };
	struct xvm_domain_managed_save_remove_args save = { *dom, 0 };
	struct xvm_domain_undefine_args args = { *dom };
	bool with_save = (flags & XVM_DOMAIN_UNDEFINE_MANAGED_SAVE) != 0;
	bool nvram = (flags & XVM_DOMAIN_UNDEFINE_NVRAM) != 0;

	if (!facts->managed_save || with_save || nvram) {
		int code;

		if (cmd_call(cmd, XVM_CALL_DOMAIN_UNDEFINE_FLAGS,
		    &with_flags) != NULL)
			return 0;
		code = cmd_last_error(cmd)->code;
		if (nvram || (code != XVM_ERR_NO_SUPPORT &&
		    code != XVM_ERR_INVALID_ARG))
			return -1;
		/* A flag that the driver does not know: piece by piece. */
		cmd_forget_error(cmd);
	}
	if (facts->managed_save && !with_save) {
		(void)cmd_error(cmd, "Refusing to undefine while domain "
		    "managed save image exists");
		return -2;
	}
	if (facts->managed_save && cmd_call(cmd,
	    XVM_CALL_DOMAIN_MANAGED_SAVE_REMOVE, &save) == NULL)
		return -2;
	return cmd_call(cmd, XVM_CALL_DOMAIN_UNDEFINE, &args) == NULL ? -1 : 0;
}

static int
undefine_run(struct cmd *cmd)
{
	unsigned int flags = FLAGS_OF(cmd, undefine_flags);
	bool all = cmd_has(cmd, "remove-all-storage");
	const struct xvm_domain *dom;
	const struct node *domain;
	const char *storage;
	struct facts facts;
	int rc;

	if (check_options(cmd, &storage) != 0 ||
	    (dom = cmd_domain(cmd)) == NULL || look(cmd, dom, &facts) != 0)
		return -1;
	if (!facts.managed_save)
		flags &= ~(unsigned int)XVM_DOMAIN_UNDEFINE_MANAGED_SAVE;
	if (facts.active)
		flags &= ~(unsigned int)XVM_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA;
	if (storage != NULL || all) {
		if (facts.active)
			return cmd_error(cmd, "Storage volume deletion is "
			    "supported only on stopped domains");
		if (storage != NULL && all)
			return cmd_error(cmd, "Specified both --storage and "
			    "--remove-all-storage");
		domain = cmd_domain_doc(cmd, dom, 0);
		if (domain == NULL || check_storage(cmd, domain,
		    storage == NULL ? NULL : cmd_split_list(cmd, storage)) != 0)
			return -1;
	}
	rc = undefine(cmd, dom, &facts, flags);
	if (rc == -2)
		return -1;
	if (rc != 0)
		return cmd_error(cmd, "Failed to undefine domain '%s'",
		    cmd_word(cmd, "domain"));
	cmd_extra(cmd, "Domain '%s' has been undefined\n",
	    cmd_word(cmd, "domain"));
	return 0;
}

const struct command command_undefine = {
	.name = "undefine",
	.summary = "forget a domain's configuration",
	.description = "Forget an inactive domain; a running one lasts until "
	    "it is shut down.",
	.options = undefine_options,
	.run = undefine_run,
};
