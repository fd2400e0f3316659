/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tables of CPUs, and the names of models as a call's answer. */
#include "cpu.h"

#include <stdlib.h>
#include <string.h>

#include "test.h"

static const struct cpu_arch archs[] = {
	{ "alpha", CPU_FAMILY_NONE },
	{ "armv6l", CPU_FAMILY_ARM },
	{ "armv7l", CPU_FAMILY_ARM },
	{ "armv7b", CPU_FAMILY_ARM },
	{ "aarch64", CPU_FAMILY_ARM },
	{ "cris", CPU_FAMILY_NONE },
	{ "i686", CPU_FAMILY_X86 },
	{ "ia64", CPU_FAMILY_NONE },
	{ "lm32", CPU_FAMILY_NONE },
	{ "m68k", CPU_FAMILY_NONE },
	{ "microblaze", CPU_FAMILY_NONE },
	{ "microblazeel", CPU_FAMILY_NONE },
	{ "mips", CPU_FAMILY_NONE },
	{ "mipsel", CPU_FAMILY_NONE },
	{ "mips64", CPU_FAMILY_NONE },
	{ "mips64el", CPU_FAMILY_NONE },
	{ "openrisc", CPU_FAMILY_NONE },
	{ "parisc", CPU_FAMILY_NONE },
	{ "parisc64", CPU_FAMILY_NONE },
	{ "ppc", CPU_FAMILY_NONE },
	{ "ppcle", CPU_FAMILY_NONE },
	{ "ppc64", CPU_FAMILY_PPC64 },
	{ "ppc64le", CPU_FAMILY_PPC64 },
	{ "ppcemb", CPU_FAMILY_NONE },
	{ "riscv32", CPU_FAMILY_NONE },
	{ "riscv64", CPU_FAMILY_NONE },
	{ "s390", CPU_FAMILY_S390 },
	{ "s390x", CPU_FAMILY_S390 },
	{ "sh4", CPU_FAMILY_NONE },
	{ "sh4eb", CPU_FAMILY_NONE },
	{ "sparc", CPU_FAMILY_NONE },
	{ "sparc64", CPU_FAMILY_NONE },
	{ "unicore32", CPU_FAMILY_NONE },
	{ "x86_64", CPU_FAMILY_X86 },
	{ "xtensa", CPU_FAMILY_NONE },
	{ "xtensaeb", CPU_FAMILY_NONE },
};

const struct cpu_vendor_model cpu_ppc64_models[] = {
	{ "POWER6", "IBM" },
	{ "POWER7", "IBM" },
	{ "POWER8", "IBM" },
	{ "POWER9", "IBM" },
	{ "POWER10", "IBM" },
	{ "POWERPC_e5500", "Freescale" },
	{ "POWERPC_e6500", "Freescale" },
	{ NULL, NULL },
};

static const char *const features[] = {
#define FEATURE(name) name,
#define MODEL(name, vendor, guest, removed, w0, w1, w2, w3)
#include "cpu_x86.def"
#undef FEATURE
#undef MODEL
};

static const struct cpu_model models[] = {
#define FEATURE(name)
#define MODEL(name, vendor, guest, removed, w0, w1, w2, w3) \
	{ name, vendor, guest, removed, { { w0, w1, w2, w3 } } },
#include "cpu_x86.def"
#undef FEATURE
#undef MODEL
};

#define N_FEATURES (sizeof(features) / sizeof(features[0]))
#define N_MODELS (sizeof(models) / sizeof(models[0]))

_Static_assert(N_FEATURES <= CPU_FEATURES_MAX, "a set holds every feature");

const struct cpu_arch *
cpu_arch_find(const char *name)
{
	for (size_t i = 0; i < sizeof(archs) / sizeof(archs[0]); i++) {
		if (strcmp(archs[i].name, name) == 0)
			return &archs[i];
	}
	return NULL;
}

int
cpu_arch_check(const struct cpu_arch *arch, struct error *err)
{
	if (arch->family != CPU_FAMILY_NONE)
		return 0;
	return error_set(err, XVM_FROM_CPU, XVM_ERR_NO_SUPPORT,
	    "'%s' architecture is not supported by CPU driver", arch->name);
}

const struct cpu_model *
cpu_x86_model(size_t i)
{
	return i < N_MODELS ? &models[i] : NULL;
}

size_t
cpu_x86_n_models(void)
{
	return N_MODELS;
}

const struct cpu_model *
cpu_x86_find(const char *name)
{
	for (size_t i = 0; i < N_MODELS; i++) {
		if (strcmp(models[i].name, name) == 0)
			return &models[i];
	}
	return NULL;
}

int
cpu_x86_feature(const char *name)
{
	for (size_t i = 0; i < N_FEATURES; i++) {
		if (strcmp(features[i], name) == 0)
			return (int)i;
	}
	return -1;
}

const char *
cpu_x86_feature_name(size_t i)
{
	return i < N_FEATURES ? features[i] : NULL;
}

/* The i-th model's name of an architecture, NULL behind the last. */
static const char *
model_name(const struct cpu_arch *arch, size_t i)
{
	const size_t n_ppc64 = sizeof(cpu_ppc64_models) /
	    sizeof(cpu_ppc64_models[0]);

	if (arch->family == CPU_FAMILY_X86 && i < N_MODELS)
		return models[i].name;
	if (arch->family == CPU_FAMILY_PPC64 && i < n_ppc64)
		return cpu_ppc64_models[i].name;
	return NULL;
}

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
	while (model_name(arch, n) != NULL)
		n++;
	ret->ret = (int)n;
	if (args->need_results == 0)
		return 0;
	ret->models.models_val = calloc(n + 1, sizeof(char *));
	if (ret->models.models_val == NULL)
		return error_nomem(&call->err);
	for (size_t i = 0; i < n; i++) {
		if (test_text(model_name(arch, i), &ret->models.models_val[
		    ret->models.models_len++], &call->err) != 0)
			return -1;
	}
	return 0;
}
