/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The CPU that a guest may have to run on each of several hosts: what all of
 * them can, described as the model that comes nearest and what differs.
 */
#include <stdlib.h>
#include <string.h>

#include "../buf.h"
#include "cpu_doc.h"

/* The answer: a model, and features that it must or must not have. */
struct guest_cpu {
	const struct cpu_model *model;
	struct cpu_set required, disabled;
};

/* What the CPU can: its model's features and those named beside it. */
static int
features_of(const struct cpu_doc *cpu, const struct cpu_model **model_out,
    struct cpu_set *out, struct error *err)
{
	const struct node *f = node_child(cpu->doc->root, "feature");

	*model_out = cpu_x86_find(cpu->model);
	if (*model_out == NULL)
		return error_set(err, XVM_FROM_CPU, XVM_ERR_INTERNAL_ERROR,
		    "Unknown CPU model %s", cpu->model);
	*out = (*model_out)->features;
	for (; f != NULL; f = node_next(f, "feature")) {
		int n = cpu_x86_feature(node_attr(f, "name"));

		if (n < 0)
			return error_set(err, XVM_FROM_CPU,
			    XVM_ERR_INTERNAL_ERROR, "Unknown CPU feature %s",
			    node_attr(f, "name"));
		cpu_set_add(out, (size_t)n);
	}
	return 0;
}

static int
check_vendor(const char *vendor, struct error *err)
{
	static const char *const known[] = { "Intel", "AMD", "Hygon" };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcmp(known[i], vendor) == 0)
			return 0;
	}
	return error_set(err, XVM_FROM_CPU, XVM_ERR_OPERATION_FAILED,
	    "Unknown CPU vendor %s", vendor);
}

/*
 * One more CPU's vendor beside that of those before (NULL: none known yet).
 * *said is cleared when it does not tell.
 */
static int
join_vendor(const struct cpu_doc *cpu, const struct cpu_model *model,
    const char **vendor, bool *said, struct error *err)
{
	const char *name = cpu->vendor;

	if (name != NULL && model->vendor[0] != '\0' &&
	    strcmp(name, model->vendor) != 0)
		return error_set(err, XVM_FROM_CPU, XVM_ERR_OPERATION_FAILED,
		    "CPU vendor %s of model %s differs from vendor %s",
		    model->vendor, model->name, name);
	if (name == NULL) {
		*said = false;
		name = model->vendor;
	}
	if (name[0] == '\0')
		return 0;
	if (*vendor == NULL) {
		*vendor = name;
		return check_vendor(name, err);
	}
	if (strcmp(*vendor, name) != 0)
		return cpu_refuse(err, XVM_ERR_OPERATION_FAILED,
		    "CPU vendors do not match");
	return 0;
}

static bool
is_given(const struct cpu_doc *cpus, size_t n, const char *model)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(cpus[i].model, model) == 0)
			return true;
	}
	return false;
}

/* Do all of them have the same model? */
static bool
is_one_model(const struct cpu_doc *cpus, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		if (strcmp(cpus[i].model, cpus[0].model) != 0)
			return false;
	}
	return true;
}

/*
 * How far a description is from its model. Features to disable cost more the
 * more there are; libvirt counts about the first half of them in this way, and
 * the choice depends on it.
 */
static size_t
cost(const struct guest_cpu *g, size_t *disabled_out)
{
	size_t required = cpu_set_count(&g->required);
	size_t left = required + cpu_set_count(&g->disabled), penalty = 2;

	*disabled_out = 0;
	for (size_t i = required; i < left; i++) {
		left--;
		*disabled_out += penalty++;
	}
	return left + *disabled_out;
}

/* Is a better than b? */
static bool
is_better(const struct guest_cpu *a, const struct guest_cpu *b, bool given)
{
	size_t a_disabled, b_disabled, a_cost, b_cost;

	if (b->model == NULL)
		return true;
	a_cost = cost(a, &a_disabled);
	b_cost = cost(b, &b_disabled);
	if (a_cost < b_cost)
		return true;
	if (a_cost == b_cost && a_disabled < b_disabled)
		return true;
	return given && a_disabled < b_disabled;
}

/* The feature that a model has no more, -1: none. */
static int
removed_from(const struct cpu_model *model)
{
	return model->removed[0] == '\0' ? -1 :
	    cpu_x86_feature(model->removed);
}

/* Describe a set of features as the nearest model. */
static int
describe(const struct cpu_set *set, const char *vendor,
    const struct cpu_doc *cpus, size_t n, struct guest_cpu *out,
    struct error *err)
{
	bool one = is_one_model(cpus, n);

	out->model = NULL;
	for (size_t i = cpu_x86_n_models(); i-- > 0;) {
		struct guest_cpu g = { .model = cpu_x86_model(i) };
		bool given = is_given(cpus, n, g.model->name);
		int removed;

		if ((vendor != NULL && g.model->vendor[0] != '\0' &&
		    strcmp(vendor, g.model->vendor) != 0) || !g.model->guest)
			continue;
		g.required = cpu_set_minus(set, &g.model->features);
		g.disabled = cpu_set_minus(&g.model->features, set);
		removed = removed_from(g.model);
		if (removed >= 0 && !cpu_set_has(&g.required, (size_t)removed))
			cpu_set_add(&g.disabled, (size_t)removed);
		if ((given && one) || is_better(&g, out, given))
			*out = g;
		if (given && one)
			return 0;
	}
	if (out->model == NULL)
		return cpu_refuse(err, XVM_ERR_INTERNAL_ERROR,
		    "Cannot find suitable CPU model for given data");
	return 0;
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
write_feature(const char *name, bool required, struct buf *out)
{
	buf_printf(out, "  <feature policy='%s' name='%s'/>\n",
	    required ? "require" : "disable", name);
}

/* All features, those of the model too, in the order of their names. */
static void
write_expanded(const struct guest_cpu *g, struct buf *out)
{
	const char *names[CPU_FEATURES_MAX];
	size_t n = 0, i;
	const char *name;

	for (i = 0; (name = cpu_x86_feature_name(i)) != NULL; i++) {
		if (cpu_set_has(&g->model->features, i) ||
		    cpu_set_has(&g->required, i) ||
		    cpu_set_has(&g->disabled, i))
			names[n++] = name;
	}
	qsort(names, n, sizeof(names[0]), compare_names);
	for (i = 0; i < n; i++)
		write_feature(names[i], !cpu_set_has(&g->disabled,
		    (size_t)cpu_x86_feature(names[i])), out);
}

static void
write_features(const struct guest_cpu *g, struct buf *out)
{
	int removed = removed_from(g->model);
	const char *name;
	size_t i;

	for (i = 0; (name = cpu_x86_feature_name(i)) != NULL; i++) {
		if (cpu_set_has(&g->required, i))
			write_feature(name, true, out);
	}
	for (i = 0; (name = cpu_x86_feature_name(i)) != NULL; i++) {
		if (cpu_set_has(&g->disabled, i) && (int)i != removed)
			write_feature(name, false, out);
	}
	if (removed >= 0 && cpu_set_has(&g->disabled, (size_t)removed))
		write_feature(g->model->removed, false, out);
}

static void
write_head(const char *model, const char *fallback, const char *vendor,
    struct buf *out)
{
	buf_puts(out, "<cpu mode='custom' match='exact'>\n");
	buf_printf(out, "  <model fallback='%s'>", fallback);
	xml_escape(model, out);
	buf_puts(out, "</model>\n");
	if (vendor != NULL)
		buf_printf(out, "  <vendor>%s</vendor>\n", vendor);
}

static void
drop_immobile(struct cpu_set *set)
{
	struct cpu_set immobile = { { 0 } };

	for (size_t i = 0; cpu_x86_feature_name(i) != NULL; i++) {
		if (!cpu_x86_is_migratable(i))
			cpu_set_add(&immobile, i);
	}
	*set = cpu_set_minus(set, &immobile);
}

static int
baseline_x86(const struct cpu_doc *cpus, size_t n, unsigned int flags,
    struct buf *out, struct error *err)
{
	const struct cpu_model *model;
	const char *vendor = cpus[0].vendor;
	bool said = vendor != NULL;
	struct cpu_set all, set;
	struct guest_cpu g;

	if (features_of(&cpus[0], &model, &all, err) != 0 ||
	    (said && check_vendor(vendor, err) != 0))
		return -1;
	for (size_t i = 1; i < n; i++) {
		if (features_of(&cpus[i], &model, &set, err) != 0 ||
		    join_vendor(&cpus[i], model, &vendor, &said, err) != 0)
			return -1;
		all = cpu_set_and(&all, &set);
	}
	if (cpu_set_is_empty(&all))
		return cpu_refuse(err, XVM_ERR_OPERATION_FAILED,
		    "CPUs are incompatible");
	if (describe(&all, vendor, cpus, n, &g, err) != 0)
		return -1;
	if ((flags & CPU_BASELINE_MIGRATABLE) != 0) {
		drop_immobile(&g.required);
		drop_immobile(&g.disabled);
	}
	write_head(g.model->name, is_one_model(cpus, n) &&
	    strcmp(g.model->name, cpus[0].model) == 0 ? "forbid" : "allow",
	    said ? vendor : NULL, out);
	if ((flags & CPU_BASELINE_EXPAND) != 0)
		write_expanded(&g, out);
	else
		write_features(&g, out);
	return 0;
}

static int
baseline_ppc64(const struct cpu_doc *cpus, size_t n, struct buf *out,
    struct error *err)
{
	const struct cpu_vendor_model *model = cpu_ppc64_models;

	while (model->name[0] != '\0' &&
	    strcmp(model->name, cpus[0].model) != 0)
		model++;
	if (model->name[0] == '\0')
		return error_set(err, XVM_FROM_CPU, XVM_ERR_INTERNAL_ERROR,
		    "Unknown CPU model %s", cpus[0].model);
	for (size_t i = 0; i < n; i++) {
		const char *vendor = cpus[i].vendor;

		if (strcmp(cpus[i].model, model->name) != 0)
			return cpu_refuse(err, XVM_ERR_OPERATION_FAILED,
			    "CPUs are incompatible");
		if (vendor == NULL)
			continue;
		if (strcmp(vendor, "IBM") != 0 &&
		    strcmp(vendor, "Freescale") != 0)
			return error_set(err, XVM_FROM_CPU,
			    XVM_ERR_OPERATION_FAILED, "Unknown CPU vendor %s",
			    vendor);
		if (strcmp(vendor, model->vendor) != 0)
			return error_set(err, XVM_FROM_CPU,
			    XVM_ERR_OPERATION_FAILED, "CPU vendor %s of model "
			    "%s differs from vendor %s", model->vendor,
			    model->name, vendor);
	}
	write_head(model->name, "forbid", NULL, out);
	return 0;
}

/* The CPUs have been read. */
static int
baseline(const struct cpu_doc *cpus, size_t n, unsigned int flags,
    struct buf *out, struct error *err)
{
	if (cpu_arch_check(cpus[0].arch, err) != 0)
		return -1;
	switch (cpus[0].arch->family) {
	case CPU_FAMILY_X86:
		return baseline_x86(cpus, n, flags, out, err);
	case CPU_FAMILY_PPC64:
		return baseline_ppc64(cpus, n, out, err);
	case CPU_FAMILY_ARM:
		write_head(cpus[0].model, "allow", NULL, out);
		return 0;
	default:
		return error_set(err, XVM_FROM_CPU, XVM_ERR_NO_SUPPORT,
		    "cannot compute baseline CPU of %s architecture",
		    cpus[0].arch->name);
	}
}

int
cpu_baseline(char *const *documents, size_t n, unsigned int flags,
    char **out, struct error *err)
{
	struct buf text = BUF_INIT;
	struct cpu_doc *cpus;
	int rc = 0;

	*out = NULL;
	if (n == 0)
		return cpu_refuse(err, XVM_ERR_INVALID_ARG, "no CPUs given");
	cpus = calloc(n, sizeof(*cpus));
	if (cpus == NULL)
		return error_nomem(err);
	for (size_t i = 0; i < n && rc == 0; i++)
		rc = cpu_doc_read(documents[i], false, false, &cpus[i], err);
	if (rc == 0)
		rc = baseline(cpus, n, flags, &text, err);
	if (rc == 0) {
		buf_puts(&text, "</cpu>\n");
		*out = buf_detach(&text);
		rc = *out != NULL ? 0 : error_nomem(err);
	}
	buf_release(&text);
	for (size_t i = 0; i < n; i++)
		doc_free(cpus[i].doc);
	free(cpus);
	return rc;
}
