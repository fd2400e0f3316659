/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The CPUs that a guest of the test host can be said to have. */
#include <stdlib.h>

#include "../cpu/cpu.h"
#include "test.h"

int
test_connect_get_cpu_model_names(void *state, struct call *call)
{
	const struct xvm_connect_get_cpu_model_names_args *args = call->args;
	struct xvm_connect_get_cpu_model_names_ret *ret = call->ret;
	const struct cpu_arch *arch;
	size_t n = 0;

	(void)state;
	if (test_check_flags(args->flags, 0, "testConnectGetCPUModelNames",
	    &call->err) != 0)
		return -1;
	arch = cpu_arch_find(args->arch);
	if (arch == NULL)
		return error_set(&call->err, XVM_FROM_TEST,
		    XVM_ERR_INVALID_ARG, "cannot find architecture %s",
		    args->arch);
	if (cpu_arch_check(arch, &call->err) != 0)
		return -1;
	while (cpu_model_name(arch, n) != NULL)
		n++;
	ret->ret = (int)n;
	if (args->need_results == 0)
		return 0;
	ret->models.models_val = calloc(n + 1, sizeof(char *));
	if (ret->models.models_val == NULL)
		return error_nomem(&call->err);
	for (size_t i = 0; i < n; i++) {
		if (test_text(cpu_model_name(arch, i),
		    &ret->models.models_val[ret->models.models_len++],
		    &call->err) != 0)
			return -1;
	}
	return 0;
}

int
test_connect_baseline_cpu(void *state, struct call *call)
{
	const struct xvm_connect_baseline_cpu_args *args = call->args;
	struct xvm_connect_baseline_cpu_ret *ret = call->ret;
	bool expand = (args->flags &
	    XVM_CONNECT_BASELINE_CPU_EXPAND_FEATURES) != 0;

	(void)state;
	if (test_check_flags(args->flags,
	    XVM_CONNECT_BASELINE_CPU_EXPAND_FEATURES,
	    "testConnectBaselineCPU", &call->err) != 0)
		return -1;
	return cpu_baseline(args->xmlcp_us.xmlcp_us_val,
	    args->xmlcp_us.xmlcp_us_len, expand ? CPU_BASELINE_EXPAND : 0,
	    &ret->cpu, &call->err);
}
