/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The host's CPU, and what fits to it. */
#include "host_cpu.h"

#include <string.h>

#include "node.h"

/* What the words of physinfo's hw_cap are, since Xen 4.7. */
static const struct cpuid_word hw_cap[] = {
	{ 0x1, 0, CPUID_EDX, 0 },
	{ 0x1, 0, CPUID_ECX, 0 },
	{ 0x80000001, 0, CPUID_EDX, 0 },
	{ 0x80000001, 0, CPUID_ECX, 0 },
	{ 0xd, 1, CPUID_EAX, 0 },
	{ 0x7, 0, CPUID_EBX, 0 },
	{ 0x7, 0, CPUID_ECX, 0 },
	{ 0x80000007, 0, CPUID_EDX, 0 },
};

#define N_WORDS (sizeof(hw_cap) / sizeof(hw_cap[0]))
_Static_assert(N_WORDS <= sizeof(((xc_physinfo_t *)0)->hw_cap) /
    sizeof(uint32_t), "every word is there");

/* Bits of the first word and of the third. */
#define CPUID_SEP (1u << 11)
#define CPUID_LM (1u << 29)

void
host_cpu_read(const xc_physinfo_t *info, struct cpu_host *out)
{
	struct cpuid_word words[N_WORDS];
	struct error ignored = ERROR_INIT;

	memset(out, 0, sizeof(*out));
	out->arch = cpu_arch_find(node_arch());
	/* ARM has none. */
	if (info->hw_cap[0] == 0)
		return;
	for (size_t i = 0; i < N_WORDS; i++) {
		words[i] = hw_cap[i];
		words[i].value = info->hw_cap[i];
	}
	/*
	 * Xen clears it on AMD, where SYSENTER is for 32 bits alone; guests
	 * have it all the same, and nearly every model.
	 */
	if ((info->hw_cap[2] & CPUID_LM) != 0)
		words[0].value |= CPUID_SEP;
	(void)cpu_host_decode(out, words, N_WORDS, &ignored);
	error_release(&ignored);
}

int
xen_connect_compare_cpu(void *state, struct call *call)
{
	const struct xvm_connect_compare_cpu_args *args = call->args;
	struct xvm_connect_compare_cpu_ret *ret = call->ret;
	unsigned int flags = 0;
	struct cpu_host host;
	xc_physinfo_t info;

	if (xen_check_flags(args->flags,
	    XVM_CONNECT_COMPARE_CPU_FAIL_INCOMPATIBLE |
	    XVM_CONNECT_COMPARE_CPU_VALIDATE_XML, "libxlConnectCompareCPU",
	    &call->err) != 0 ||
	    node_physinfo(state, &info, &call->err) != 0)
		return -1;
	host_cpu_read(&info, &host);
	if ((args->flags & XVM_CONNECT_COMPARE_CPU_FAIL_INCOMPATIBLE) != 0)
		flags |= CPU_COMPARE_FAIL;
	if ((args->flags & XVM_CONNECT_COMPARE_CPU_VALIDATE_XML) != 0)
		flags |= CPU_COMPARE_VALIDATE;
	return cpu_compare(&host, args->xml, flags, &ret->result, &call->err);
}

int
xen_connect_baseline_cpu(void *state, struct call *call)
{
	const struct xvm_connect_baseline_cpu_args *args = call->args;
	struct xvm_connect_baseline_cpu_ret *ret = call->ret;
	unsigned int flags = 0;

	(void)state;
	if (xen_check_flags(args->flags,
	    XVM_CONNECT_BASELINE_CPU_EXPAND_FEATURES |
	    XVM_CONNECT_BASELINE_CPU_MIGRATABLE, "libxlConnectBaselineCPU",
	    &call->err) != 0)
		return -1;
	if ((args->flags & XVM_CONNECT_BASELINE_CPU_EXPAND_FEATURES) != 0)
		flags |= CPU_BASELINE_EXPAND;
	if ((args->flags & XVM_CONNECT_BASELINE_CPU_MIGRATABLE) != 0)
		flags |= CPU_BASELINE_MIGRATABLE;
	return cpu_baseline(args->xmlcp_us.xmlcp_us_val,
	    args->xmlcp_us.xmlcp_us_len, flags, &ret->cpu, &call->err);
}
