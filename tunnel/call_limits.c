/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The protocol's limits for sizes that calls name, before memory is taken. */
#include "call_limits.h"

#include <stdint.h>
#include <string.h>

#define DOMAINS_MAX 16384	/* names or ids in a list */
#define PARAMS_MAX 16		/* typed parameters of one kind */
#define PARAMS_MANY 64
#define THROTTLE_MAX 32
#define CPU_INFO_MAX 16384
#define CPUMAPS_MAX 8388608	/* bytes of all maps */
#define CPUS_MAX 128
#define CELLS_MAX 1024
#define MEMORY_STATS_MAX 1024
#define DISK_ERRORS_MAX 256

struct limit {
	int number;		/* of the call */
	size_t field;		/* in its arguments */
	size_t times;		/* another field to multiply it with, or field */
	bool is_unsigned;
	uint32_t max;
	int code;
	const char *words;	/* libvirtd's */
};

#define FIELD(call, f) offsetof(struct xvm_##call##_args, f)
#define IS_UNSIGNED(call, f) \
	_Generic(((struct xvm_##call##_args *)NULL)->f, \
	    unsigned int: true, int: false)
#define PRODUCT(NUMBER, call, f, g, n, text) \
	{ XVM_CALL_##NUMBER, FIELD(call, f), FIELD(call, g), \
	    IS_UNSIGNED(call, f), n, XVM_ERR_INTERNAL_ERROR, text }
#define SIZE(NUMBER, call, f, n, text) PRODUCT(NUMBER, call, f, f, n, text)
#define PARAMS(NUMBER, call, n) \
	SIZE(NUMBER, call, nparams, n, "nparams too large")
#define COUNT(NUMBER, call, f, n, text) \
	{ XVM_CALL_##NUMBER, FIELD(call, f), FIELD(call, f), \
	    IS_UNSIGNED(call, f), n, XVM_ERR_RPC, text }

static const struct limit limits[] = {
	COUNT(CONNECT_LIST_DOMAINS, connect_list_domains, maxids, DOMAINS_MAX,
	    "maxids > REMOTE_DOMAIN_LIST_MAX"),
	COUNT(CONNECT_LIST_DEFINED_DOMAINS, connect_list_defined_domains,
	    maxnames, DOMAINS_MAX, "maxnames > REMOTE_DOMAIN_LIST_MAX"),
	COUNT(NODE_GET_CELLS_FREE_MEMORY, node_get_cells_free_memory, maxcells,
	    CELLS_MAX, "maxcells > REMOTE_NODE_MAX_CELLS"),
	SIZE(DOMAIN_GET_VCPUS, domain_get_vcpus, maxinfo, CPU_INFO_MAX,
	    "maxinfo > REMOTE_VCPUINFO_MAX"),
	PRODUCT(DOMAIN_GET_VCPUS, domain_get_vcpus, maxinfo, maplen,
	    CPUMAPS_MAX, "maxinfo * maplen > REMOTE_CPUMAPS_MAX"),
	SIZE(DOMAIN_GET_VCPU_PIN_INFO, domain_get_vcpu_pin_info, ncpumaps,
	    CPU_INFO_MAX, "ncpumaps > REMOTE_VCPUINFO_MAX"),
	PRODUCT(DOMAIN_GET_VCPU_PIN_INFO, domain_get_vcpu_pin_info, ncpumaps,
	    maplen, CPUMAPS_MAX, "maxinfo * maplen > REMOTE_CPUMAPS_MAX"),
	SIZE(DOMAIN_MEMORY_STATS, domain_memory_stats, max_stats,
	    MEMORY_STATS_MAX, "maxStats > REMOTE_DOMAIN_MEMORY_STATS_MAX"),
	SIZE(DOMAIN_GET_DISK_ERRORS, domain_get_disk_errors, maxerrors,
	    DISK_ERRORS_MAX, "maxerrors too large"),
	PARAMS(DOMAIN_GET_SCHEDULER_PARAMETERS,
	    domain_get_scheduler_parameters, PARAMS_MAX),
	PARAMS(DOMAIN_GET_SCHEDULER_PARAMETERS_FLAGS,
	    domain_get_scheduler_parameters_flags, PARAMS_MAX),
	PARAMS(DOMAIN_GET_MEMORY_PARAMETERS, domain_get_memory_parameters,
	    PARAMS_MAX),
	PARAMS(DOMAIN_GET_NUMA_PARAMETERS, domain_get_numa_parameters,
	    PARAMS_MAX),
	PARAMS(DOMAIN_GET_BLKIO_PARAMETERS, domain_get_blkio_parameters,
	    PARAMS_MAX),
	PARAMS(DOMAIN_GET_BLOCK_IO_TUNE, domain_get_block_io_tune,
	    THROTTLE_MAX),
	PARAMS(DOMAIN_BLOCK_STATS_FLAGS, domain_block_stats_flags, PARAMS_MAX),
	PARAMS(DOMAIN_GET_INTERFACE_PARAMETERS,
	    domain_get_interface_parameters, PARAMS_MAX),
	PARAMS(NODE_GET_CPU_STATS, node_get_cpu_stats, PARAMS_MAX),
	PARAMS(NODE_GET_MEMORY_STATS, node_get_memory_stats, PARAMS_MAX),
	PARAMS(NODE_GET_MEMORY_PARAMETERS, node_get_memory_parameters,
	    PARAMS_MANY),
	PARAMS(DOMAIN_GET_CPU_STATS, domain_get_cpu_stats, PARAMS_MAX),
	SIZE(DOMAIN_GET_CPU_STATS, domain_get_cpu_stats, ncpus, CPUS_MAX,
	    "ncpus too large"),
};

/* A field's value; what is negative there counts as nothing. */
static uint64_t
value_at(const struct limit *l, const void *args, size_t field)
{
	uint32_t n;

	memcpy(&n, (const char *)args + field, sizeof(n));
	return !l->is_unsigned && n > INT32_MAX ? 0 : n;
}

int
call_limits_check(const struct call_type *type, const void *args,
    struct error *err)
{
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		const struct limit *l = &limits[i];
		uint64_t n;

		if (l->number != type->number)
			continue;
		n = value_at(l, args, l->field);
		if (l->times != l->field)
			n *= value_at(l, args, l->times);
		if (n > l->max)
			return error_set(err, XVM_FROM_RPC, l->code, "%s",
			    l->words);
	}
	return 0;
}
