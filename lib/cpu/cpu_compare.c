/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Can a host's CPU do what another one can, or what a guest wants? */
#include <string.h>

#include "../buf.h"
#include "../tree.h"
#include "../xvm-constants.h"
#include "cpu_doc.h"

/* What a document says of features, in the order in which it is read. */
enum policy {
	POLICY_FORCE,
	POLICY_REQUIRE,
	POLICY_OPTIONAL,
	POLICY_DISABLE,
	POLICY_FORBID,
	N_POLICIES,
};

static enum policy
policy_of(const struct cpu_doc *cpu, const struct node *feature)
{
	static const char *const names[N_POLICIES] = {
		"force", "require", "optional", "disable", "forbid",
	};
	const char *text = node_attr(feature, "policy");
	int i = POLICY_FORCE;

	if (cpu->arch != NULL || text == NULL)
		return POLICY_REQUIRE;
	while (i < POLICY_FORBID && strcmp(names[i], text) != 0)
		i++;
	return (enum policy)i;
}

static int
read_sets(const struct cpu_doc *cpu, struct cpu_set sets[N_POLICIES],
    struct error *err)
{
	memset(sets, 0, N_POLICIES * sizeof(sets[0]));
	for (int i = 0; i < N_POLICIES; i++) {
		const struct node *f = node_child(cpu->doc->root, "feature");

		if (i == POLICY_REQUIRE && cpu->model != NULL) {
			const struct cpu_model *m = cpu_x86_find(cpu->model);

			if (m == NULL)
				return error_set(err, XVM_FROM_CPU,
				    XVM_ERR_INTERNAL_ERROR,
				    "Unknown CPU model %s", cpu->model);
			sets[i] = m->features;
		}
		for (; f != NULL; f = node_next(f, "feature")) {
			const char *name = node_attr(f, "name");
			int n = cpu_x86_feature(name);

			if ((int)policy_of(cpu, f) != i)
				continue;
			if (n < 0)
				return error_set(err, XVM_FROM_CPU,
				    XVM_ERR_INTERNAL_ERROR,
				    "Unknown CPU feature %s", name);
			cpu_set_add(&sets[i], (size_t)n);
		}
	}
	return 0;
}

static void
write_names(const char *what, const struct cpu_set *set, struct buf *why)
{
	const char *before = ": ", *name;

	buf_puts(why, what);
	for (size_t i = 0; (name = cpu_x86_feature_name(i)) != NULL; i++) {
		if (cpu_set_has(set, i)) {
			buf_printf(why, "%s%s", before, name);
			before = ", ";
		}
	}
}

/* XVM_CPU_COMPARE_*; of what does not fit, why tells the reason. */
static int
compare_sets(const struct cpu_set *host, const struct cpu_set *sets,
    bool strict, struct buf *why)
{
	struct cpu_set forbidden, lacking, extra, want = sets[POLICY_REQUIRE];

	forbidden = cpu_set_and(&sets[POLICY_FORBID], host);
	if (!cpu_set_is_empty(&forbidden)) {
		write_names("Host CPU provides forbidden features",
		    &forbidden, why);
		return XVM_CPU_COMPARE_INCOMPATIBLE;
	}
	want = cpu_set_minus(&want, &sets[POLICY_FORCE]);
	want = cpu_set_minus(&want, &sets[POLICY_OPTIONAL]);
	want = cpu_set_minus(&want, &sets[POLICY_DISABLE]);
	lacking = cpu_set_minus(&want, host);
	if (!cpu_set_is_empty(&lacking)) {
		write_names("Host CPU does not provide required features",
		    &lacking, why);
		return XVM_CPU_COMPARE_INCOMPATIBLE;
	}
	extra = cpu_set_minus(host, &want);
	extra = cpu_set_minus(&extra, &sets[POLICY_OPTIONAL]);
	extra = cpu_set_minus(&extra, &sets[POLICY_DISABLE]);
	extra = cpu_set_minus(&extra, &sets[POLICY_FORCE]);
	if (cpu_set_is_empty(&extra))
		return XVM_CPU_COMPARE_IDENTICAL;
	if (!strict)
		return XVM_CPU_COMPARE_SUPERSET;
	write_names("Host CPU does not strictly match guest CPU: "
	    "Extra features", &extra, why);
	return XVM_CPU_COMPARE_INCOMPATIBLE;
}

/* 0, or -1: it could not be told. */
static int
compare_x86(const struct cpu_host *host, const struct cpu_doc *cpu,
    int *result_out, struct buf *why, struct error *err)
{
	struct cpu_set sets[N_POLICIES];
	bool strict = cpu->arch == NULL &&
	    node_attr_is(cpu->doc->root, "match", "strict");

	*result_out = XVM_CPU_COMPARE_INCOMPATIBLE;
	if (host->model == NULL) {
		buf_puts(why, "unknown host CPU");
		return 0;
	}
	if (cpu->arch != NULL && cpu->arch->family != CPU_FAMILY_X86) {
		buf_printf(why, "CPU arch %s does not match host arch",
		    cpu->arch->name);
		return 0;
	}
	if (cpu->vendor != NULL && (host->vendor == NULL ||
	    strcmp(cpu->vendor, host->vendor) != 0)) {
		buf_printf(why, "host CPU vendor does not match required CPU "
		    "vendor %s", cpu->vendor);
		return 0;
	}
	if (read_sets(cpu, sets, err) != 0)
		return -1;
	*result_out = compare_sets(&host->features, sets, strict, why);
	return 0;
}

int
cpu_compare(const struct cpu_host *host, const char *document,
    unsigned int flags, int *result_out, struct error *err)
{
	struct buf why = BUF_INIT;
	struct cpu_doc cpu;
	int rc;

	rc = cpu_doc_read(document, true, (flags & CPU_COMPARE_VALIDATE) != 0,
	    &cpu, err);
	if (rc == 0)
		rc = cpu_arch_check(host->arch, err);
	if (rc == 0 && host->arch->family == CPU_FAMILY_X86)
		rc = compare_x86(host, &cpu, result_out, &why, err);
	else if (rc == 0 && cpu.arch == NULL)
		*result_out = XVM_CPU_COMPARE_IDENTICAL;
	else if (rc == 0) {
		/* Of the others no host's model is known. */
		*result_out = XVM_CPU_COMPARE_INCOMPATIBLE;
		buf_puts(&why, "unknown host CPU");
	}
	if (rc == 0 && *result_out == XVM_CPU_COMPARE_INCOMPATIBLE &&
	    (flags & CPU_COMPARE_FAIL) != 0)
		rc = cpu_refuse(err, XVM_ERR_CPU_INCOMPATIBLE, buf_str(&why));
	buf_release(&why);
	doc_free(cpu.doc);
	return rc;
}
