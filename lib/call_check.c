/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Arguments that are wrong whatever the driver. */
#include "call_check.h"

#include <inttypes.h>
#include <limits.h>
#include <string.h>

/* From here on a number of KiB no longer fits as bytes into 63 bits. */
#define MEMORY_KIB_END ((uint64_t)INT64_MAX / 1024)

enum check_kind {
	CHECK_NOT_ZERO,		/* of size bytes */
	CHECK_POSITIVE,		/* int */
	CHECK_COUNT,		/* length of an array, refused as "nparams" */
	CHECK_NOT_NEGATIVE,	/* int */
	CHECK_NOT_NULL,		/* xvm_opt_str, or an array of length 0 */
	CHECK_NOT_EMPTY,	/* xvm_str */
	CHECK_MEMORY,		/* KiB */
	CHECK_EXCLUSIVE,	/* two flags: not both */
	CHECK_REQUIRE,		/* flag a: only with b */
};

/* One rule about one argument of a call. */
struct check {
	int number;
	enum check_kind kind;
	size_t offset;		/* of the argument */
	const char *name;	/* libvirt's name of it */
	size_t size;		/* CHECK_NOT_ZERO */
	unsigned int a, b;	/* flags */
	const char *b_name;	/* name is that of a */
};

#define ARGUMENT(NUMBER, call, KIND, field, NAME) \
	{ XVM_CALL_##NUMBER, CHECK_##KIND, \
	    offsetof(struct xvm_##call##_args, field), NAME, \
	    sizeof(((struct xvm_##call##_args *)0)->field), 0, 0, NULL },
#define FLAGS(NUMBER, call, KIND, A, B) \
	{ XVM_CALL_##NUMBER, CHECK_##KIND, \
	    offsetof(struct xvm_##call##_args, flags), "VIR_" #A, 0, \
	    XVM_##A, XVM_##B, "VIR_" #B },
/* What recurs. An empty array has no pointer, as libvirt's decoder makes it. */
#define LIVE_OR_CONFIG(NUMBER, call) \
	FLAGS(NUMBER, call, EXCLUSIVE, DOMAIN_AFFECT_LIVE, \
	    DOMAIN_AFFECT_CONFIG)
#define RUNNING_OR_PAUSED(NUMBER, call) \
	FLAGS(NUMBER, call, EXCLUSIVE, DOMAIN_SAVE_RUNNING, \
	    DOMAIN_SAVE_PAUSED)
#define DUMP_WAYS(NUMBER, call) \
	FLAGS(NUMBER, call, EXCLUSIVE, DUMP_CRASH, DUMP_LIVE) \
	FLAGS(NUMBER, call, EXCLUSIVE, DUMP_CRASH, DUMP_RESET) \
	FLAGS(NUMBER, call, EXCLUSIVE, DUMP_LIVE, DUMP_RESET)
#define HOW_MANY(NUMBER, call) \
	ARGUMENT(NUMBER, call, NOT_NEGATIVE, nparams, "*nparams")
#define MEMORY(NUMBER, call) \
	ARGUMENT(NUMBER, call, NOT_ZERO, memory, "memory") \
	ARGUMENT(NUMBER, call, MEMORY, memory, "memory")
#define CPUMAP(NUMBER, call) \
	ARGUMENT(NUMBER, call, NOT_NULL, cpumap.cpumap_len, "cpumap")
#define PARAMS(NUMBER, call) \
	ARGUMENT(NUMBER, call, NOT_NULL, params.params_len, "params")

static const struct check checks[] = {
	ARGUMENT(CONNECT_LIST_DOMAINS, connect_list_domains, NOT_NEGATIVE,
	    maxids, "maxids")
	ARGUMENT(CONNECT_LIST_DEFINED_DOMAINS, connect_list_defined_domains,
	    NOT_NEGATIVE, maxnames, "maxnames")
	ARGUMENT(DOMAIN_LOOKUP_BY_ID, domain_lookup_by_id, NOT_NEGATIVE, id,
	    "id")

	RUNNING_OR_PAUSED(DOMAIN_SAVE_FLAGS, domain_save_flags)
	RUNNING_OR_PAUSED(DOMAIN_SAVE_PARAMS, domain_save_params)
	RUNNING_OR_PAUSED(DOMAIN_RESTORE_FLAGS, domain_restore_flags)
	RUNNING_OR_PAUSED(DOMAIN_RESTORE_PARAMS, domain_restore_params)
	RUNNING_OR_PAUSED(DOMAIN_SAVE_IMAGE_DEFINE_XML,
	    domain_save_image_define_xml)
	RUNNING_OR_PAUSED(DOMAIN_MANAGED_SAVE, domain_managed_save)
	RUNNING_OR_PAUSED(DOMAIN_MANAGED_SAVE_DEFINE_XML,
	    domain_managed_save_define_xml)
	DUMP_WAYS(DOMAIN_CORE_DUMP, domain_core_dump)
	DUMP_WAYS(DOMAIN_CORE_DUMP_WITH_FORMAT, domain_core_dump_with_format)
	ARGUMENT(DOMAIN_RENAME, domain_rename, NOT_NULL, new_name, "new_name")

	MEMORY(DOMAIN_SET_MAX_MEMORY, domain_set_max_memory)
	MEMORY(DOMAIN_SET_MEMORY, domain_set_memory)
	MEMORY(DOMAIN_SET_MEMORY_FLAGS, domain_set_memory_flags)
	ARGUMENT(DOMAIN_SET_MEMORY_STATS_PERIOD,
	    domain_set_memory_stats_period, NOT_NEGATIVE, period, "period")
	PARAMS(DOMAIN_SET_MEMORY_PARAMETERS, domain_set_memory_parameters)
	HOW_MANY(DOMAIN_GET_MEMORY_PARAMETERS, domain_get_memory_parameters)
	LIVE_OR_CONFIG(DOMAIN_GET_MEMORY_PARAMETERS,
	    domain_get_memory_parameters)
	PARAMS(DOMAIN_SET_NUMA_PARAMETERS, domain_set_numa_parameters)
	HOW_MANY(DOMAIN_GET_NUMA_PARAMETERS, domain_get_numa_parameters)
	PARAMS(DOMAIN_SET_BLKIO_PARAMETERS, domain_set_blkio_parameters)
	HOW_MANY(DOMAIN_GET_BLKIO_PARAMETERS, domain_get_blkio_parameters)
	LIVE_OR_CONFIG(DOMAIN_GET_BLKIO_PARAMETERS,
	    domain_get_blkio_parameters)
	FLAGS(DOMAIN_MEMORY_PEEK, domain_memory_peek, EXCLUSIVE,
	    MEMORY_VIRTUAL, MEMORY_PHYSICAL)

	ARGUMENT(DOMAIN_GET_SCHEDULER_PARAMETERS,
	    domain_get_scheduler_parameters, POSITIVE, nparams, "*nparams")
	ARGUMENT(DOMAIN_GET_SCHEDULER_PARAMETERS_FLAGS,
	    domain_get_scheduler_parameters_flags, POSITIVE, nparams,
	    "*nparams")
	LIVE_OR_CONFIG(DOMAIN_GET_SCHEDULER_PARAMETERS_FLAGS,
	    domain_get_scheduler_parameters_flags)
	PARAMS(DOMAIN_SET_SCHEDULER_PARAMETERS,
	    domain_set_scheduler_parameters)
	PARAMS(DOMAIN_SET_SCHEDULER_PARAMETERS_FLAGS,
	    domain_set_scheduler_parameters_flags)

	HOW_MANY(DOMAIN_BLOCK_STATS_FLAGS, domain_block_stats_flags)
	ARGUMENT(DOMAIN_BLOCK_PEEK, domain_block_peek, NOT_EMPTY, path,
	    "disk")
	ARGUMENT(DOMAIN_GET_BLOCK_INFO, domain_get_block_info, NOT_EMPTY,
	    path, "disk")
	ARGUMENT(DOMAIN_SET_BLOCK_IO_TUNE, domain_set_block_io_tune, COUNT,
	    params.params_len, "nparams")
	HOW_MANY(DOMAIN_GET_BLOCK_IO_TUNE, domain_get_block_io_tune)
	LIVE_OR_CONFIG(DOMAIN_GET_BLOCK_IO_TUNE, domain_get_block_io_tune)
	PARAMS(DOMAIN_SET_INTERFACE_PARAMETERS,
	    domain_set_interface_parameters)
	HOW_MANY(DOMAIN_GET_INTERFACE_PARAMETERS,
	    domain_get_interface_parameters)

	ARGUMENT(DOMAIN_SET_VCPUS, domain_set_vcpus, NOT_ZERO, nvcpus,
	    "nvcpus")
	FLAGS(DOMAIN_SET_VCPUS_FLAGS, domain_set_vcpus_flags, REQUIRE,
	    DOMAIN_VCPU_MAXIMUM, DOMAIN_AFFECT_CONFIG)
	FLAGS(DOMAIN_SET_VCPUS_FLAGS, domain_set_vcpus_flags, EXCLUSIVE,
	    DOMAIN_VCPU_GUEST, DOMAIN_AFFECT_CONFIG)
	ARGUMENT(DOMAIN_SET_VCPUS_FLAGS, domain_set_vcpus_flags, NOT_ZERO,
	    nvcpus, "nvcpus")
	LIVE_OR_CONFIG(DOMAIN_GET_VCPUS_FLAGS, domain_get_vcpus_flags)
	CPUMAP(DOMAIN_PIN_VCPU, domain_pin_vcpu)
	CPUMAP(DOMAIN_PIN_VCPU_FLAGS, domain_pin_vcpu_flags)
	ARGUMENT(DOMAIN_GET_VCPU_PIN_INFO, domain_get_vcpu_pin_info, POSITIVE,
	    ncpumaps, "ncpumaps")
	ARGUMENT(DOMAIN_GET_VCPU_PIN_INFO, domain_get_vcpu_pin_info, POSITIVE,
	    maplen, "maplen")
	LIVE_OR_CONFIG(DOMAIN_GET_VCPU_PIN_INFO, domain_get_vcpu_pin_info)
	CPUMAP(DOMAIN_PIN_EMULATOR, domain_pin_emulator)
	ARGUMENT(DOMAIN_GET_EMULATOR_PIN_INFO, domain_get_emulator_pin_info,
	    POSITIVE, maplen, "maplen")
	LIVE_OR_CONFIG(DOMAIN_GET_EMULATOR_PIN_INFO,
	    domain_get_emulator_pin_info)
	ARGUMENT(DOMAIN_GET_VCPUS, domain_get_vcpus, POSITIVE, maxinfo,
	    "maxinfo")

	LIVE_OR_CONFIG(DOMAIN_GET_IOTHREAD_INFO, domain_get_iothread_info)
	CPUMAP(DOMAIN_PIN_IOTHREAD, domain_pin_iothread)
	ARGUMENT(DOMAIN_DEL_IOTHREAD, domain_del_iothread, NOT_ZERO,
	    iothread_id, "iothread_id")
	PARAMS(DOMAIN_SET_IOTHREAD_PARAMS, domain_set_iothread_params)

	PARAMS(DOMAIN_SET_PERF_EVENTS, domain_set_perf_events)
	LIVE_OR_CONFIG(DOMAIN_GET_METADATA, domain_get_metadata)
	ARGUMENT(DOMAIN_SEND_KEY, domain_send_key, NOT_NULL,
	    keycodes.keycodes_len, "keycodes")
	ARGUMENT(DOMAIN_SEND_PROCESS_SIGNAL, domain_send_process_signal,
	    NOT_ZERO, pid_value, "pid_value")
	ARGUMENT(DOMAIN_SET_USER_PASSWORD, domain_set_user_password, NOT_NULL,
	    user, "user")
	ARGUMENT(DOMAIN_SET_USER_PASSWORD, domain_set_user_password, NOT_NULL,
	    password, "password")
	FLAGS(DOMAIN_AUTHORIZED_SSH_KEYS_SET, domain_authorized_ssh_keys_set,
	    EXCLUSIVE, DOMAIN_AUTHORIZED_SSH_KEYS_SET_APPEND,
	    DOMAIN_AUTHORIZED_SSH_KEYS_SET_REMOVE)
	FLAGS(DOMAIN_GET_JOB_STATS, domain_get_job_stats, REQUIRE,
	    DOMAIN_JOB_STATS_KEEP_COMPLETED, DOMAIN_JOB_STATS_COMPLETED)
	FLAGS(DOMAIN_START_DIRTY_RATE_CALC, domain_start_dirty_rate_calc,
	    EXCLUSIVE, DOMAIN_DIRTYRATE_MODE_DIRTY_BITMAP,
	    DOMAIN_DIRTYRATE_MODE_DIRTY_RING)
	PARAMS(DOMAIN_SET_LAUNCH_SECURITY_STATE,
	    domain_set_launch_security_state)

	HOW_MANY(NODE_GET_CPU_STATS, node_get_cpu_stats)
	HOW_MANY(NODE_GET_MEMORY_STATS, node_get_memory_stats)
	HOW_MANY(NODE_GET_MEMORY_PARAMETERS, node_get_memory_parameters)
	PARAMS(NODE_SET_MEMORY_PARAMETERS, node_set_memory_parameters)
	ARGUMENT(NODE_GET_CELLS_FREE_MEMORY, node_get_cells_free_memory,
	    POSITIVE, maxcells, "maxCells")
	ARGUMENT(NODE_GET_CELLS_FREE_MEMORY, node_get_cells_free_memory,
	    NOT_NEGATIVE, start_cell, "startCell")
	ARGUMENT(NODE_GET_FREE_PAGES, node_get_free_pages, NOT_ZERO,
	    pages.pages_len, "npages")
	ARGUMENT(NODE_GET_FREE_PAGES, node_get_free_pages, NOT_ZERO,
	    cell_count, "cellCount")
	ARGUMENT(NODE_ALLOC_PAGES, node_alloc_pages, NOT_ZERO,
	    page_sizes.page_sizes_len, "npages")
	ARGUMENT(NODE_ALLOC_PAGES, node_alloc_pages, NOT_ZERO, cell_count,
	    "cellCount")
	HOW_MANY(NODE_GET_SEV_INFO, node_get_sev_info)
	ARGUMENT(CONNECT_BASELINE_CPU, connect_baseline_cpu, NOT_NULL,
	    xmlcp_us.xmlcp_us_len, "xmlCPUs")
	ARGUMENT(CONNECT_BASELINE_HYPERVISOR_CPU,
	    connect_baseline_hypervisor_cpu, NOT_NULL, xmlcp_us.xmlcp_us_len,
	    "xmlCPUs")
};

/* A refused argument of a function. */
#define REFUSE(type, err, name, ...) \
	error_argument(err, error_api_domain((type)->api), (type)->api, name, \
	    __VA_ARGS__)

static bool
is_zero(const void *p, size_t n)
{
	static const char zeros[sizeof(void *) + sizeof(uint64_t)];

	return memcmp(p, zeros, n) == 0;
}

static int
check_one(const struct call_type *type, const struct check *c,
    const char *args, struct error *err)
{
	const void *p = args + c->offset;
	const char *s;
	uint64_t big;
	unsigned int u;
	int i;

	switch (c->kind) {
	case CHECK_NOT_ZERO:
		if (is_zero(p, c->size))
			return REFUSE(type, err, c->name,
			    "%s in %s must not be zero", c->name, type->api);
		break;
	case CHECK_POSITIVE:
	case CHECK_COUNT:
		memcpy(&i, p, sizeof(i));
		if (i <= 0)
			return REFUSE(type, err, c->name,
			    "%s in %s must be greater than zero", c->name,
			    type->api);
		break;
	case CHECK_NOT_NEGATIVE:
		memcpy(&i, p, sizeof(i));
		if (i < 0)
			return REFUSE(type, err, c->name,
			    "%s in %s must be zero or greater", c->name,
			    type->api);
		break;
	case CHECK_NOT_NULL:
		if (is_zero(p, c->size))
			return REFUSE(type, err, c->name,
			    "%s in %s must not be NULL", c->name, type->api);
		break;
	case CHECK_NOT_EMPTY:
		memcpy(&s, p, sizeof(s));
		if (s[0] == '\0')
			return REFUSE(type, err, c->name,
			    "string %s in %s must not be empty", c->name,
			    type->api);
		break;
	case CHECK_MEMORY:
		memcpy(&big, p, sizeof(big));
		if (big >= MEMORY_KIB_END)
			return error_set(err, error_api_domain(type->api),
			    XVM_ERR_OVERFLOW, "input too large: %" PRIu64,
			    big);
		break;
	case CHECK_EXCLUSIVE:
		memcpy(&u, p, sizeof(u));
		if ((u & c->a) != 0 && (u & c->b) != 0)
			return REFUSE(type, err, "ctl",
			    "Flags '%s' and '%s' are mutually exclusive",
			    c->name, c->b_name);
		break;
	case CHECK_REQUIRE:
		memcpy(&u, p, sizeof(u));
		if ((u & c->a) != 0 && (u & c->b) == 0)
			return REFUSE(type, err, "ctl",
			    "Flag '%s' is required by flag '%s'", c->b_name,
			    c->name);
		break;
	}
	return 0;
}

/* n maps of length len each must be countable. */
static int
check_maps(const struct call_type *type, int n, int len, struct error *err)
{
	if (n > 0 && len > INT_MAX / n)
		return error_set(err, XVM_FROM_DOMAIN, XVM_ERR_OVERFLOW,
		    "input too large: %d * %d", n, len);
	if (len < 0)
		return REFUSE(type, err, "maplen", "maplen in %s must be zero",
		    type->api);
	return 0;
}

static int
check_cpu_stats(const struct call_type *type,
    const struct xvm_domain_get_cpu_stats_args *a, struct error *err)
{
	if (a->start_cpu == -1) {
		if (a->ncpus != 1)
			return REFUSE(type, err, "start_cpu",
			    "ncpus must be 1 when start_cpu is -1");
	} else if (a->start_cpu < 0) {
		return REFUSE(type, err, "start_cpu",
		    "start_cpu in %s must be zero or greater", type->api);
	}
	if (a->ncpus == 0 && a->nparams != 0)
		return REFUSE(type, err, "params", "params in %s must be NULL",
		    type->api);
	if (a->nparams != 0 && a->ncpus > UINT_MAX / a->nparams)
		return error_set(err, XVM_FROM_DOMAIN, XVM_ERR_OVERFLOW,
		    "input too large: %u * %u", a->nparams, a->ncpus);
	return 0;
}

static int
check_null(const struct call_type *type, const char *name, xvm_opt_str value,
    bool want_null, struct error *err)
{
	if ((value == NULL) == want_null)
		return 0;
	return REFUSE(type, err, name, "%s in %s must %sbe NULL", name,
	    type->api, want_null ? "" : "not ");
}

static int
check_set_metadata(const struct call_type *type,
    const struct xvm_domain_set_metadata_args *a, struct error *err)
{
	switch (a->type) {
	case XVM_DOMAIN_METADATA_TITLE:
		if (a->metadata != NULL && strchr(*a->metadata, '\n') != NULL)
			return REFUSE(type, err, "metadata",
			    "metadata title can't contain newlines");
		/* FALLTHROUGH */
	case XVM_DOMAIN_METADATA_DESCRIPTION:
		if (check_null(type, "uri", a->uri, true, err) != 0)
			return -1;
		return check_null(type, "key", a->key, true, err);
	case XVM_DOMAIN_METADATA_ELEMENT:
		if (check_null(type, "uri", a->uri, false, err) != 0)
			return -1;
		return a->metadata == NULL ? 0 :
		    check_null(type, "key", a->key, false, err);
	default:
		return 0;
	}
}

static int
check_get_metadata(const struct call_type *type,
    const struct xvm_domain_get_metadata_args *a, struct error *err)
{
	switch (a->type) {
	case XVM_DOMAIN_METADATA_TITLE:
	case XVM_DOMAIN_METADATA_DESCRIPTION:
		return check_null(type, "uri", a->uri, true, err);
	case XVM_DOMAIN_METADATA_ELEMENT:
		return check_null(type, "uri", a->uri, false, err);
	default:
		return 0;
	}
}

static int
check_lifecycle(const struct xvm_domain_set_lifecycle_action_args *a,
    struct error *err)
{
	if (a->type > XVM_DOMAIN_LIFECYCLE_CRASH)
		return error_set(err, XVM_FROM_DOMAIN, XVM_ERR_INVALID_ARG,
		    "invalid lifecycle type '%u'", a->type);
	if (a->action > XVM_DOMAIN_LIFECYCLE_ACTION_COREDUMP_RESTART)
		return error_set(err, XVM_FROM_DOMAIN, XVM_ERR_INVALID_ARG,
		    "invalid lifecycle action '%u'", a->action);
	return 0;
}

static int
check_rebase(const struct call_type *type,
    const struct xvm_domain_block_rebase_args *a, struct error *err)
{
	if ((a->flags & XVM_DOMAIN_BLOCK_REBASE_COPY) != 0)
		return check_null(type, "base", a->base, false, err);
	if ((a->flags & (XVM_DOMAIN_BLOCK_REBASE_SHALLOW |
	    XVM_DOMAIN_BLOCK_REBASE_REUSE_EXT |
	    XVM_DOMAIN_BLOCK_REBASE_COPY_RAW |
	    XVM_DOMAIN_BLOCK_REBASE_COPY_DEV)) != 0)
		return REFUSE(type, err, "flags",
		    "use of flags requires a copy job");
	return 0;
}

/* -1 stands for all of them, other negative numbers are wrong. */
static int
check_all_or(const struct call_type *type, const char *name, int value,
    struct error *err)
{
	if (value >= -1)
		return 0;
	return REFUSE(type, err, "cpuNum",
	    "%s in %s only accepts %d as a negative value", name, type->api,
	    -1);
}

/* What a call has beyond the table. */
static int
check_more(const struct call_type *type, const void *args, struct error *err)
{
	switch (type->number) {
	case XVM_CALL_DOMAIN_RENAME: {
		const struct xvm_domain_rename_args *a = args;

		if (**a->new_name == '\0')
			return REFUSE(type, err, "new_name",
			    "string new_name in %s must not be empty",
			    type->api);
		return 0;
	}
	case XVM_CALL_DOMAIN_GET_VCPUS: {
		const struct xvm_domain_get_vcpus_args *a = args;

		return check_maps(type, a->maxinfo, a->maplen, err);
	}
	case XVM_CALL_DOMAIN_GET_VCPU_PIN_INFO: {
		const struct xvm_domain_get_vcpu_pin_info_args *a = args;

		return check_maps(type, a->ncpumaps, a->maplen, err);
	}
	case XVM_CALL_DOMAIN_CORE_DUMP_WITH_FORMAT: {
		const struct xvm_domain_core_dump_with_format_args *a = args;

		if (a->dumpformat > XVM_DOMAIN_CORE_DUMP_FORMAT_WIN_DMP)
			return REFUSE(type, err, "flags",
			    "dumpformat '%d' is not supported",
			    (int)a->dumpformat);
		return 0;
	}
	case XVM_CALL_DOMAIN_SEND_KEY: {
		const struct xvm_domain_send_key_args *a = args;

		if (a->codeset > XVM_KEYCODE_SET_QNUM)
			return REFUSE(type, err, "codeset",
			    "Unsupported codeset '%d'", (int)a->codeset);
		if (a->keycodes.keycodes_len > XVM_DOMAIN_SEND_KEY_MAX_KEYS)
			return REFUSE(type, err, "nkeycodes",
			    "nkeycodes must be <= %d",
			    XVM_DOMAIN_SEND_KEY_MAX_KEYS);
		return 0;
	}
	case XVM_CALL_NODE_GET_CPU_STATS:
		return check_all_or(type, "cpuNum",
		    ((const struct xvm_node_get_cpu_stats_args *)args)
		    ->cpu_num, err);
	case XVM_CALL_NODE_GET_MEMORY_STATS:
		return check_all_or(type, "cellNum",
		    ((const struct xvm_node_get_memory_stats_args *)args)
		    ->cell_num, err);
	case XVM_CALL_DOMAIN_GET_CPU_STATS:
		return check_cpu_stats(type, args, err);
	case XVM_CALL_DOMAIN_SET_METADATA:
		return check_set_metadata(type, args, err);
	case XVM_CALL_DOMAIN_GET_METADATA:
		return check_get_metadata(type, args, err);
	case XVM_CALL_DOMAIN_SET_LIFECYCLE_ACTION:
		return check_lifecycle(args, err);
	case XVM_CALL_DOMAIN_BLOCK_REBASE:
		return check_rebase(type, args, err);
	case XVM_CALL_DOMAIN_GET_BLOCK_IO_TUNE: {
		const struct xvm_domain_get_block_io_tune_args *a = args;

		return a->nparams == 0 ? 0 :
		    check_null(type, "disk", a->disk, false, err);
	}
	default:
		return 0;
	}
}

int
call_check_args(const struct call_type *type, const void *args,
    struct error *err)
{
	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		if (checks[i].number == type->number &&
		    check_one(type, &checks[i], args, err) != 0)
			return -1;
	}
	return check_more(type, args, err);
}

int
call_check_flags(unsigned int flags, unsigned int supported, int from,
    const char *function, struct error *err)
{
	if ((flags & ~supported) == 0)
		return 0;
	return error_argument(err, from, function, "flags",
	    "unsupported flags (0x%x) in function %s", flags & ~supported,
	    function);
}
