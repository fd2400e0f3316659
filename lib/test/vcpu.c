/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Virtual CPUs of test domains: how many, and where they run. */
#include <stdlib.h>
#include <string.h>

#include "../cpumap.h"
#include "edit.h"
#include "runtime.h"

#define MAX_VCPUS 32	/* that a test host allows */

static int
get_vcpus(struct test_conn *tc, const struct xvm_domain *ref,
    unsigned int flags, struct error *err)
{
	struct test_domain *dom;
	struct doc *doc;
	bool maximum = (flags & XVM_DOMAIN_VCPU_MAXIMUM) != 0;

	dom = test_enter(tc, ref, flags,
	    TEST_AFFECT | XVM_DOMAIN_VCPU_MAXIMUM, "testDomainGetVcpusFlags",
	    err);
	if (dom == NULL)
		return -1;
	doc = test_domain_target(dom, flags & TEST_AFFECT, err);
	if (doc == NULL)
		return -1;
	return (int)(maximum ? edit_vcpus_max(doc->root) :
	    edit_vcpus(doc->root));
}

int
test_domain_get_vcpus_flags(void *state, struct call *call)
{
	const struct xvm_domain_get_vcpus_flags_args *args = call->args;
	struct xvm_domain_get_vcpus_flags_ret *ret = call->ret;

	ret->num = get_vcpus(state, &args->dom, args->flags, &call->err);
	return ret->num < 0 ? -1 : 0;
}

static int
check_maximum(const struct doc *doc, unsigned int n, struct error *err)
{
	unsigned int max;

	if (doc == NULL || (max = edit_vcpus_max(doc->root)) >= n)
		return 0;
	return error_set(err, XVM_FROM_TEST, XVM_ERR_INVALID_ARG,
	    "requested cpu amount exceeds maximum (%u > %u)", n, max);
}

static int
set_vcpus(struct test_conn *tc, const struct xvm_domain *ref, unsigned int n,
    unsigned int flags, struct error *err)
{
	bool maximum = (flags & XVM_DOMAIN_VCPU_MAXIMUM) != 0;
	struct doc *live, *config;
	struct test_domain *dom;

	if (test_check_flags(flags, TEST_AFFECT | XVM_DOMAIN_VCPU_MAXIMUM,
	    "testDomainSetVcpusFlags", err) != 0)
		return -1;
	if ((int)n > MAX_VCPUS)
		return error_set(err, XVM_FROM_TEST, XVM_ERR_INVALID_ARG,
		    "requested cpu amount exceeds maximum supported amount "
		    "(%d > %d)", (int)n, MAX_VCPUS);
	dom = test_domain_get(tc, ref, err);
	if (dom == NULL || test_domain_targets(dom, flags & TEST_AFFECT,
	    &live, &config, err) != 0)
		return -1;
	if (check_maximum(live, n, err) != 0 ||
	    (!maximum && check_maximum(config, n, err) != 0))
		return -1;
	if (live != NULL)
		edit_set_vcpus(live->root, n);
	if (config != NULL && maximum)
		edit_set_vcpus_max(config->root, n);
	else if (config != NULL)
		edit_set_vcpus(config->root, n);
	return edit_end(tc->host, dom, err);
}

int
test_domain_set_vcpus_flags(void *state, struct call *call)
{
	const struct xvm_domain_set_vcpus_flags_args *args = call->args;

	return set_vcpus(state, &args->dom, args->nvcpus, args->flags,
	    &call->err);
}

int
test_domain_get_vcpus(void *state, struct call *call)
{
	const struct xvm_domain_get_vcpus_args *args = call->args;
	const struct test_host *host = ((struct test_conn *)state)->host;
	struct xvm_domain_get_vcpus_ret *ret = call->ret;
	uint64_t base = test_statbase();
	struct test_domain *dom;
	struct cpuset set;
	struct doc *doc;
	int n;

	dom = test_domain_get(state, &args->dom, &call->err);
	if (dom == NULL)
		return -1;
	if (dom->id < 0)
		return error_set(&call->err, XVM_FROM_TEST,
		    XVM_ERR_OPERATION_INVALID,
		    "cannot list vcpus for an inactive domain");
	doc = test_domain_config(dom, &call->err);
	if (doc == NULL)
		return -1;
	n = args->maxinfo < (int)dom->vcpus ? args->maxinfo :
	    (int)dom->vcpus;
	ret->info.info_val = calloc((size_t)n + 1, sizeof(struct
	    xvm_vcpu_info));
	if (ret->info.info_val == NULL)
		return error_nomem(&call->err);
	ret->info.info_len = (unsigned int)n;
	ret->cpumaps.cpumaps_val = cpumap_alloc(n, args->maplen, &call->err);
	if (ret->cpumaps.cpumaps_val == NULL)
		return -1;
	ret->cpumaps.cpumaps_len = (unsigned int)(n * args->maplen);
	for (unsigned int i = 0; i < (unsigned int)n; i++) {
		struct xvm_vcpu_info *info = &ret->info.info_val[i];

		if (!edit_vcpu_is_online(doc->root, i))
			continue;
		cpumap_effective(doc->root, cpumap_find_pin(doc->root,
		    "vcpupin", "vcpu", i), test_host_cpus(host), &set);
		cpumap_write(&set, ret->cpumaps.cpumaps_val +
		    i * (unsigned int)args->maplen, (size_t)args->maplen);
		info->number = i;
		info->state = XVM_VCPU_RUNNING;
		info->cpu = cpumap_last(&set);
		info->cpu_time = base / 10;
	}
	return 0;
}

int
test_domain_get_vcpu_pin_info(void *state, struct call *call)
{
	const struct xvm_domain_get_vcpu_pin_info_args *args = call->args;
	const struct test_host *host = ((struct test_conn *)state)->host;
	struct xvm_domain_get_vcpu_pin_info_ret *ret = call->ret;
	struct test_domain *dom;
	struct cpuset set;
	struct doc *doc;

	dom = test_domain_get(state, &args->dom, &call->err);
	if (dom == NULL || (doc = test_domain_target(dom, args->flags,
	    &call->err)) == NULL)
		return -1;
	ret->num = (int)edit_vcpus_max(doc->root);
	if (ret->num > args->ncpumaps)
		ret->num = args->ncpumaps;
	ret->cpumaps.cpumaps_val = cpumap_alloc(ret->num, args->maplen,
	    &call->err);
	if (ret->cpumaps.cpumaps_val == NULL)
		return -1;
	ret->cpumaps.cpumaps_len = (unsigned int)(ret->num * args->maplen);
	for (unsigned int i = 0; i < (unsigned int)ret->num; i++) {
		cpumap_effective(doc->root, cpumap_find_pin(doc->root,
		    "vcpupin", "vcpu", i), test_host_cpus(host), &set);
		cpumap_write(&set, ret->cpumaps.cpumaps_val +
		    i * (unsigned int)args->maplen, (size_t)args->maplen);
	}
	return 0;
}

static int
pin_vcpu(struct test_conn *tc, const struct xvm_domain *ref,
    unsigned int vcpu, const char *map, size_t n, unsigned int flags,
    struct error *err)
{
	struct doc *live, *config;
	struct test_domain *dom;
	struct cpuset set;

	dom = test_enter(tc, ref, flags, 0, "testDomainPinVcpuFlags", err);
	if (dom == NULL)
		return -1;
	if (dom->id < 0)
		return error_set(err, XVM_FROM_TEST, XVM_ERR_OPERATION_INVALID,
		    "cannot pin vcpus on an inactive domain");
	if (test_domain_targets(dom, XVM_DOMAIN_AFFECT_LIVE, &live, &config,
	    err) != 0)
		return -1;
	if (vcpu >= edit_vcpus_max(live->root) ||
	    !edit_vcpu_is_online(live->root, vcpu))
		return error_set(err, XVM_FROM_TEST, XVM_ERR_INVALID_ARG,
		    "requested vcpu '%d' is not present in the domain",
		    (int)vcpu);
	cpumap_read(map, n, &set);
	cpumap_pin(live->root, "vcpupin", "vcpu", vcpu, &set);
	return edit_end(tc->host, dom, err);
}

int
test_domain_pin_vcpu(void *state, struct call *call)
{
	const struct xvm_domain_pin_vcpu_args *args = call->args;

	return pin_vcpu(state, &args->dom, args->vcpu,
	    args->cpumap.cpumap_val, args->cpumap.cpumap_len, 0, &call->err);
}

int
test_domain_pin_vcpu_flags(void *state, struct call *call)
{
	const struct xvm_domain_pin_vcpu_flags_args *args = call->args;

	return pin_vcpu(state, &args->dom, args->vcpu,
	    args->cpumap.cpumap_val, args->cpumap.cpumap_len, args->flags,
	    &call->err);
}

int
test_domain_pin_emulator(void *state, struct call *call)
{
	const struct xvm_domain_pin_emulator_args *args = call->args;
	struct test_domain *dom;
	struct cpuset set;
	struct node *root;

	if (test_check_flags(args->flags, TEST_AFFECT,
	    "testDomainPinEmulator", &call->err) != 0 ||
	    (dom = edit_enter(state, &args->dom, args->flags, &root, NULL,
	    &call->err)) == NULL)
		return -1;
	cpumap_read(args->cpumap.cpumap_val, args->cpumap.cpumap_len, &set);
	if (set.end == 0)
		return error_set(&call->err, XVM_FROM_TEST,
		    XVM_ERR_INVALID_ARG, "Empty cpu list for pinning");
	cpumap_pin(root, "emulatorpin", NULL, 0, &set);
	return edit_end(((struct test_conn *)state)->host, dom, &call->err);
}

int
test_domain_get_emulator_pin_info(void *state, struct call *call)
{
	const struct xvm_domain_get_emulator_pin_info_args *args = call->args;
	const struct test_host *host = ((struct test_conn *)state)->host;
	struct xvm_domain_get_emulator_pin_info_ret *ret = call->ret;
	struct test_domain *dom;
	struct cpuset set;
	struct doc *doc;

	dom = test_enter(state, &args->dom, args->flags, TEST_AFFECT,
	    "testDomainGetEmulatorPinInfo", &call->err);
	if (dom == NULL || (doc = test_domain_target(dom, args->flags,
	    &call->err)) == NULL)
		return -1;
	ret->cpumaps.cpumaps_val = cpumap_alloc(1, args->maplen, &call->err);
	if (ret->cpumaps.cpumaps_val == NULL)
		return -1;
	ret->cpumaps.cpumaps_len = (unsigned int)args->maplen;
	cpumap_effective(doc->root, cpumap_find_pin(doc->root, "emulatorpin",
	    NULL, 0), test_host_cpus(host), &set);
	cpumap_write(&set, ret->cpumaps.cpumaps_val, (size_t)args->maplen);
	ret->ret = 1;
	return 0;
}
