/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a test domain pretends that a guest in it would answer. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "keycode.h"
#include "runtime.h"

#define SIGNAL_LAST XVM_DOMAIN_PROCESS_SIGNAL_RT32

/* A guest's file systems, by their place in test_runtime.frozen. */
static const char *const mount_points[] = { "/", "/boot" };

#define N_MOUNTS (sizeof(mount_points) / sizeof(mount_points[0]))

int
test_domain_get_hostname(void *state, struct call *call)
{
	const struct xvm_domain_get_hostname_args *args = call->args;
	struct xvm_domain_get_hostname_ret *ret = call->ret;
	struct test_domain *dom;

	dom = test_enter_active(state, &args->dom, args->flags, 0,
	    "testDomainGetHostname", &call->err);
	if (dom == NULL)
		return -1;
	if (asprintf(&ret->hostname, "%shost", args->dom.name) < 0) {
		ret->hostname = NULL;
		return error_nomem(&call->err);
	}
	return 0;
}

int
test_domain_get_time(void *state, struct call *call)
{
	const struct xvm_domain_get_time_args *args = call->args;
	struct xvm_domain_get_time_ret *ret = call->ret;
	struct test_domain *dom;
	struct test_runtime *rt;

	dom = test_enter(state, &args->dom, args->flags, 0,
	    "testDomainGetTime", &call->err);
	if (dom == NULL)
		return -1;
	/* Not even a paused one tells the time. */
	if (dom->state != XVM_DOMAIN_RUNNING)
		return error_set(&call->err, XVM_FROM_TEST,
		    XVM_ERR_OPERATION_INVALID, "domain is not running");
	rt = test_runtime(dom, &call->err);
	if (rt == NULL)
		return -1;
	ret->seconds = rt->seconds;
	ret->nseconds = rt->nseconds;
	return 0;
}

int
test_domain_set_time(void *state, struct call *call)
{
	const struct xvm_domain_set_time_args *args = call->args;
	struct test_domain *dom;
	struct test_runtime *rt;

	dom = test_enter_active(state, &args->dom, args->flags,
	    XVM_DOMAIN_TIME_SYNC, "testDomainSetTime", &call->err);
	if (dom == NULL || (rt = test_runtime(dom, &call->err)) == NULL)
		return -1;
	rt->seconds = args->seconds;
	rt->nseconds = args->nseconds;
	return 0;
}

/* The state of the connection to the hypervisor hangs on the clock. */
int
test_domain_get_control_info(void *state, struct call *call)
{
	const struct xvm_domain_get_control_info_args *args = call->args;
	struct xvm_domain_get_control_info_ret *ret = call->ret;
	struct test_domain *dom;
	struct test_runtime *rt;

	dom = test_enter_active(state, &args->dom, args->flags, 0,
	    "testDomainGetControlInfo", &call->err);
	if (dom == NULL || (rt = test_runtime(dom, &call->err)) == NULL)
		return -1;
	if (rt->seconds > 0 && rt->seconds < 10000) {
		ret->state = XVM_DOMAIN_CONTROL_JOB;
		ret->state_time = (uint64_t)rt->seconds;
	} else if (rt->seconds >= 10000 && rt->seconds < 30000) {
		ret->state = XVM_DOMAIN_CONTROL_OCCUPIED;
		ret->state_time = (uint64_t)rt->seconds - 10000;
	} else if (rt->seconds >= 30000 && rt->seconds < 60000) {
		/* The details are the four reasons in turn. */
		ret->state = XVM_DOMAIN_CONTROL_ERROR;
		ret->details = (unsigned int)(rt->seconds % 4);
		ret->state_time = (uint64_t)rt->seconds - 30000;
	} else {
		ret->state = XVM_DOMAIN_CONTROL_OK;
	}
	return 0;
}

/*
 * Freeze or thaw those that are named, or all of them: how many were in the
 * other state. -1: one is not known, nothing is changed.
 */
static int
set_frozen(struct test_runtime *rt, char *const *names, unsigned int n,
    bool frozen, struct error *err)
{
	bool after[N_MOUNTS];
	int changed = 0;

	for (size_t i = 0; i < N_MOUNTS; i++)
		after[i] = n == 0 ? frozen : rt->frozen[i];
	for (unsigned int k = 0; k < n; k++) {
		size_t i = 0;

		while (i < N_MOUNTS && strcmp(names[k], mount_points[i]) != 0)
			i++;
		if (i == N_MOUNTS)
			return error_set(err, XVM_FROM_TEST,
			    XVM_ERR_OPERATION_INVALID,
			    "mount point not found: %s", names[k]);
		after[i] = frozen;
	}
	for (size_t i = 0; i < N_MOUNTS; i++) {
		changed += after[i] != rt->frozen[i];
		rt->frozen[i] = after[i];
	}
	return changed;
}

int
test_domain_fsfreeze(void *state, struct call *call)
{
	const struct xvm_domain_fsfreeze_args *args = call->args;
	struct xvm_domain_fsfreeze_ret *ret = call->ret;
	struct test_domain *dom;
	struct test_runtime *rt;

	dom = test_enter_active(state, &args->dom, args->flags, 0,
	    "testDomainFSFreeze", &call->err);
	if (dom == NULL || (rt = test_runtime(dom, &call->err)) == NULL)
		return -1;
	ret->filesystems = set_frozen(rt, args->mountpoints.mountpoints_val,
	    args->mountpoints.mountpoints_len, true, &call->err);
	return ret->filesystems < 0 ? -1 : 0;
}

int
test_domain_fsthaw(void *state, struct call *call)
{
	const struct xvm_domain_fsthaw_args *args = call->args;
	struct xvm_domain_fsthaw_ret *ret = call->ret;
	struct test_domain *dom;
	struct test_runtime *rt;

	dom = test_enter_active(state, &args->dom, args->flags, 0,
	    "testDomainFSThaw", &call->err);
	if (dom == NULL || (rt = test_runtime(dom, &call->err)) == NULL)
		return -1;
	ret->filesystems = set_frozen(rt, args->mountpoints.mountpoints_val,
	    args->mountpoints.mountpoints_len, false, &call->err);
	return ret->filesystems < 0 ? -1 : 0;
}

int
test_domain_fstrim(void *state, struct call *call)
{
	const struct xvm_domain_fstrim_args *args = call->args;
	const char *where = args->mount_point != NULL ? *args->mount_point :
	    NULL;

	if (test_enter_active(state, &args->dom, args->flags, 0,
	    "testDomainFSTrim", &call->err) == NULL)
		return -1;
	for (size_t i = 0; where != NULL && i < N_MOUNTS; i++) {
		if (strcmp(where, mount_points[i]) == 0)
			where = NULL;
	}
	if (where != NULL)
		return error_set(&call->err, XVM_FROM_TEST,
		    XVM_ERR_OPERATION_INVALID, "mount point not found: %s",
		    where);
	return 0;
}

/* One file system, on partition number of a disk. */
static int
fill_fsinfo(struct xvm_domain_fsinfo *info, const char *mount,
    const char *disk, int number, struct error *err)
{
	info->mountpoint = strdup(mount);
	info->fstype = strdup("ext4");
	if (asprintf(&info->name, "%s%d", disk, number) < 0)
		info->name = NULL;
	info->dev_aliases.dev_aliases_val = calloc(1, sizeof(char *));
	if (info->dev_aliases.dev_aliases_val == NULL)
		return error_nomem(err);
	info->dev_aliases.dev_aliases_len = 1;
	info->dev_aliases.dev_aliases_val[0] = strdup(disk);
	if (info->mountpoint == NULL || info->fstype == NULL ||
	    info->name == NULL || info->dev_aliases.dev_aliases_val[0] == NULL)
		return error_nomem(err);
	return 0;
}

int
test_domain_get_fsinfo(void *state, struct call *call)
{
	const struct xvm_domain_get_fsinfo_args *args = call->args;
	struct xvm_domain_get_fsinfo_ret *ret = call->ret;
	struct test_domain *dom;
	const struct node *disk;
	const char *target;
	struct doc *doc;

	dom = test_enter_active(state, &args->dom, args->flags, 0,
	    "testDomainGetFSInfo", &call->err);
	if (dom == NULL || (doc = test_domain_config(dom, &call->err)) == NULL)
		return -1;
	disk = node_child(node_child(doc->root, "devices"), "disk");
	while (disk != NULL && !node_attr_is(disk, "device", "disk"))
		disk = node_next(disk, "disk");
	if (disk == NULL)
		return 0;
	target = node_attr(node_child(disk, "target"), "dev");
	ret->info.info_val = calloc(N_MOUNTS, sizeof(*ret->info.info_val));
	if (ret->info.info_val == NULL)
		return error_nomem(&call->err);
	ret->info.info_len = N_MOUNTS;
	for (size_t i = 0; i < N_MOUNTS; i++) {
		if (fill_fsinfo(&ret->info.info_val[i], mount_points[i],
		    target != NULL ? target : "", (int)i + 1,
		    &call->err) != 0)
			return -1;
	}
	ret->ret = N_MOUNTS;
	return 0;
}

int
test_domain_set_user_password(void *state, struct call *call)
{
	const struct xvm_domain_set_user_password_args *args = call->args;

	return test_enter_active(state, &args->dom, args->flags,
	    XVM_DOMAIN_PASSWORD_ENCRYPTED, "testDomainSetUserPassword",
	    &call->err) == NULL ? -1 : 0;
}

int
test_domain_inject_nmi(void *state, struct call *call)
{
	const struct xvm_domain_inject_nmi_args *args = call->args;

	return test_enter_active(state, &args->dom, args->flags, 0,
	    "testDomainInjectNMI", &call->err) == NULL ? -1 : 0;
}

int
test_domain_send_key(void *state, struct call *call)
{
	const struct xvm_domain_send_key_args *args = call->args;

	if (test_enter_active(state, &args->dom, args->flags, 0,
	    "testDomainSendKey", &call->err) == NULL)
		return -1;
	for (unsigned int i = 0; i < args->keycodes.keycodes_len; i++) {
		unsigned int code = args->keycodes.keycodes_val[i];

		if (!keycode_is_valid(args->codeset, code))
			return error_set(&call->err, XVM_FROM_TEST,
			    XVM_ERR_INTERNAL_ERROR,
			    "invalid keycode %u of %s codeset", code,
			    keycode_set_name(args->codeset));
	}
	return 0;
}

int
test_domain_send_process_signal(void *state, struct call *call)
{
	const struct xvm_domain_send_process_signal_args *args = call->args;

	if (test_check_flags(args->flags, 0, "testDomainSendProcessSignal",
	    &call->err) != 0)
		return -1;
	if (args->pid_value != 1)
		return error_set(&call->err, XVM_FROM_TEST,
		    XVM_ERR_INVALID_ARG,
		    "only sending a signal to pid 1 is supported");
	if (args->signum > SIGNAL_LAST)
		return error_set(&call->err, XVM_FROM_TEST,
		    XVM_ERR_INVALID_ARG, "signum value %d is out of range",
		    (int)args->signum);
	return test_domain_get(state, &args->dom, &call->err) == NULL ? -1 : 0;
}

/* libvirt's API adds a flag that its test driver refuses: it always fails. */
int
test_domain_get_launch_security_info(void *state, struct call *call)
{
	const struct xvm_domain_get_launch_security_info_args *args =
	    call->args;

	(void)state;
	return test_check_flags(args->flags | XVM_TYPED_PARAM_STRING_OKAY, 0,
	    "testDomainGetLaunchSecurityInfo", &call->err);
}
