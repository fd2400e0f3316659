/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tables of CPUs. */
#include "cpu.h"

#include <string.h>

#define LENGTH(table) (sizeof(table) / sizeof((table)[0]))

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
	{ "", "" },
};

static const struct feature {
	char name[24];
	uint32_t leaf;
	uint8_t sub, reg, bit;
} features[] = {
#define FEATURE(name, leaf, sub, reg, bit) \
	{ name, leaf, sub, CPUID_##reg, bit },
#define MODEL(...)
#include "cpu_x86.def"
#undef FEATURE
#undef MODEL
};

static const struct cpu_model models[] = {
#define FEATURE(...)
#define MODEL(name, vendor, host, guest, removed, w0, w1, w2, w3) \
	{ name, vendor, removed, host, guest, { { w0, w1, w2, w3 } } },
#include "cpu_x86.def"
#undef FEATURE
#undef MODEL
};

_Static_assert(LENGTH(features) <= CPU_FEATURES_MAX,
    "a set holds every feature");
#define FITS(text, member) \
	_Static_assert(sizeof(text) <= sizeof(member), text);
#define FEATURE(n, ...) FITS(n, features[0].name)
#define MODEL(n, v, host, guest, r, ...) \
	FITS(n, models[0].name) FITS(v, models[0].vendor) \
	FITS(r, models[0].removed)
#include "cpu_x86.def"
#undef FEATURE
#undef MODEL

const struct cpu_arch *
cpu_arch_find(const char *name)
{
	for (size_t i = 0; i < LENGTH(archs); i++) {
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

const char *
cpu_model_name(const struct cpu_arch *arch, size_t i)
{
	if (arch->family == CPU_FAMILY_X86 && i < LENGTH(models))
		return models[i].name;
	if (arch->family == CPU_FAMILY_PPC64 &&
	    i < LENGTH(cpu_ppc64_models) - 1)
		return cpu_ppc64_models[i].name;
	return NULL;
}

const struct cpu_model *
cpu_x86_model(size_t i)
{
	return i < LENGTH(models) ? &models[i] : NULL;
}

size_t
cpu_x86_n_models(void)
{
	return LENGTH(models);
}

const struct cpu_model *
cpu_x86_find(const char *name)
{
	for (size_t i = 0; i < LENGTH(models); i++) {
		if (strcmp(models[i].name, name) == 0)
			return &models[i];
	}
	return NULL;
}

int
cpu_x86_feature(const char *name)
{
	for (size_t i = 0; i < LENGTH(features); i++) {
		if (strcmp(features[i].name, name) == 0)
			return (int)i;
	}
	return -1;
}

const char *
cpu_x86_feature_name(size_t i)
{
	return i < LENGTH(features) ? features[i].name : NULL;
}

bool
cpu_x86_is_migratable(size_t feature)
{
	const char *name = cpu_x86_feature_name(feature);

	return strcmp(name, "xsaves") != 0 && strcmp(name, "invtsc") != 0;
}

int
cpu_host_decode(struct cpu_host *host, const struct cpuid_word *words,
    size_t n, struct error *err)
{
	size_t named = SIZE_MAX;

	host->model = NULL;
	memset(&host->features, 0, sizeof(host->features));
	for (size_t i = 0; i < LENGTH(features); i++) {
		const struct feature *f = &features[i];

		for (size_t j = 0; j < n && f->reg != CPUID_NONE; j++) {
			if (words[j].leaf == f->leaf &&
			    words[j].sub == f->sub &&
			    words[j].reg == f->reg &&
			    (words[j].value >> f->bit & 1) != 0)
				cpu_set_add(&host->features, i);
		}
	}
	for (size_t i = LENGTH(models); i-- > 0;) {
		const struct cpu_model *m = &models[i];
		struct cpu_set lacks, more;

		lacks = cpu_set_minus(&m->features, &host->features);
		more = cpu_set_minus(&host->features, &m->features);
		if (!m->host || !cpu_set_is_empty(&lacks) ||
		    cpu_set_count(&more) >= named ||
		    (host->vendor != NULL && m->vendor[0] != '\0' &&
		    strcmp(host->vendor, m->vendor) != 0))
			continue;
		host->model = m;
		named = cpu_set_count(&more);
	}
	if (host->model != NULL)
		return 0;
	return error_set(err, XVM_FROM_CPU, XVM_ERR_INTERNAL_ERROR,
	    "Cannot find suitable CPU model for given data");
}
