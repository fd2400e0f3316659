/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The CPU that a guest may have to run on each of several hosts: what all of
 * them can, described as the model that comes nearest and what differs.
 */
#include <stdlib.h>
#include <string.h>

#include "../buf.h"
#include "../xml.h"
#include "cpu.h"
#include "test.h"

/* A host's CPU as a document describes it. */
struct cpu {
	struct doc *doc;
	const struct cpu_arch *arch;
	const char *model;	/* these two are in the document */
	const char *vendor;	/* NULL: not said */
};

/* The answer: a model, and features that it must or must not have. */
struct guest_cpu {
	const struct cpu_model *model;
	struct cpu_set required, disabled;
};

static int
refuse(struct error *err, int code, const char *what)
{
	return error_set(err, XVM_FROM_CPU, code, "%s", what);
}

/* Every feature has a name of its own. */
static int
check_features(const struct node *root, struct error *err)
{
	const struct node *f = node_child(root, "feature"), *before;

	for (; f != NULL; f = node_next(f, "feature")) {
		const char *name = node_attr(f, "name");

		if (name == NULL || name[0] == '\0')
			return refuse(err, XVM_ERR_XML_ERROR,
			    "Invalid CPU feature name");
		for (before = node_child(root, "feature"); before != f;
		    before = node_next(before, "feature")) {
			if (strcmp(node_attr(before, "name"), name) == 0)
				return error_set(err, XVM_FROM_CPU,
				    XVM_ERR_XML_ERROR, "CPU feature '%s' "
				    "specified more than once", name);
		}
	}
	return 0;
}

/* An element's text, NULL when it is missing or empty. */
static const char *
text_of(const struct node *root, const char *name)
{
	const char *text = node_find_text(root, name);

	return text == NULL || text[0] == '\0' ? NULL : text;
}

static int
read_cpu(const char *xml, struct cpu *cpu, struct error *err)
{
	const struct node *root;
	const char *arch;

	cpu->doc = xml_parse(xml, strlen(xml), "(CPU_definition)",
	    XVM_FROM_CPU, err);
	if (cpu->doc == NULL)
		return -1;
	root = cpu->doc->root;
	if (!node_is(root, "cpu"))
		return refuse(err, XVM_ERR_XML_ERROR,
		    "XML does not contain expected 'cpu' element");
	if (node_attr(root, "mode") != NULL)
		return refuse(err, XVM_ERR_CONFIG_UNSUPPORTED,
		    "Attribute mode is only allowed for guest CPU");
	arch = text_of(root, "arch");
	if (arch == NULL)
		return refuse(err, XVM_ERR_XML_ERROR,
		    "Missing CPU architecture");
	cpu->arch = cpu_arch_find(arch);
	if (cpu->arch == NULL)
		return error_set(err, XVM_FROM_CPU,
		    XVM_ERR_CONFIG_UNSUPPORTED, "Unknown architecture %s",
		    arch);
	cpu->model = text_of(root, "model");
	if (cpu->model == NULL)
		return refuse(err, XVM_ERR_XML_ERROR,
		    "Missing CPU model name");
	cpu->vendor = text_of(root, "vendor");
	return check_features(root, err);
}

static void
set_add(struct cpu_set *set, int feature)
{
	set->w[feature / 64] |= (uint64_t)1 << (feature % 64);
}

static bool
set_has(const struct cpu_set *set, size_t feature)
{
	return (set->w[feature / 64] >> (feature % 64) & 1) != 0;
}

/* a & b, or a & ~b. */
static struct cpu_set
set_and(const struct cpu_set *a, const struct cpu_set *b, bool invert)
{
	const size_t n = sizeof(a->w) / sizeof(a->w[0]);
	struct cpu_set out;

	for (size_t i = 0; i < n; i++)
		out.w[i] = a->w[i] & (invert ? ~b->w[i] : b->w[i]);
	return out;
}

static bool
set_is_empty(const struct cpu_set *set)
{
	const size_t n = sizeof(set->w) / sizeof(set->w[0]);
	uint64_t any = 0;

	for (size_t i = 0; i < n; i++)
		any |= set->w[i];
	return any == 0;
}

static size_t
set_count(const struct cpu_set *set)
{
	size_t n = 0;

	for (size_t i = 0; i < sizeof(set->w) / sizeof(set->w[0]); i++)
		n += (size_t)__builtin_popcountll(set->w[i]);
	return n;
}

/* What the CPU can: its model's features and those named beside it. */
static int
features_of(const struct cpu *cpu, const struct cpu_model **model_out,
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
		set_add(out, n);
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
join_vendor(const struct cpu *cpu, const struct cpu_model *model,
    const char **vendor, bool *said, struct error *err)
{
	const char *name = cpu->vendor;

	if (name != NULL && model->vendor != NULL &&
	    strcmp(name, model->vendor) != 0)
		return error_set(err, XVM_FROM_CPU, XVM_ERR_OPERATION_FAILED,
		    "CPU vendor %s of model %s differs from vendor %s",
		    model->vendor, model->name, name);
	if (name == NULL) {
		*said = false;
		name = model->vendor;
	}
	if (name == NULL)
		return 0;
	if (*vendor == NULL) {
		*vendor = name;
		return check_vendor(name, err);
	}
	if (strcmp(*vendor, name) != 0)
		return refuse(err, XVM_ERR_OPERATION_FAILED,
		    "CPU vendors do not match");
	return 0;
}

static bool
is_given(const struct cpu *cpus, size_t n, const char *model)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(cpus[i].model, model) == 0)
			return true;
	}
	return false;
}

/* Do all of them have the same model? */
static bool
is_one_model(const struct cpu *cpus, size_t n)
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
	size_t required = set_count(&g->required);
	size_t left = required + set_count(&g->disabled), penalty = 2;

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

/* Describe a set of features as the nearest model. */
static int
describe(const struct cpu_set *set, const char *vendor,
    const struct cpu *cpus, size_t n, struct guest_cpu *out,
    struct error *err)
{
	bool one = is_one_model(cpus, n);

	out->model = NULL;
	for (size_t i = cpu_x86_n_models(); i-- > 0;) {
		struct guest_cpu g = { .model = cpu_x86_model(i) };
		bool given = is_given(cpus, n, g.model->name);
		int removed;

		if ((vendor != NULL && g.model->vendor != NULL &&
		    strcmp(vendor, g.model->vendor) != 0) || !g.model->guest)
			continue;
		g.required = set_and(set, &g.model->features, true);
		g.disabled = set_and(&g.model->features, set, true);
		removed = g.model->removed == NULL ? -1 :
		    cpu_x86_feature(g.model->removed);
		if (removed >= 0 && !set_has(&g.required, (size_t)removed))
			set_add(&g.disabled, removed);
		if ((given && one) || is_better(&g, out, given))
			*out = g;
		if (given && one)
			return 0;
	}
	if (out->model == NULL)
		return refuse(err, XVM_ERR_INTERNAL_ERROR,
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
		if (set_has(&g->model->features, i) ||
		    set_has(&g->required, i) || set_has(&g->disabled, i))
			names[n++] = name;
	}
	qsort(names, n, sizeof(names[0]), compare_names);
	for (i = 0; i < n; i++)
		write_feature(names[i], !set_has(&g->disabled,
		    (size_t)cpu_x86_feature(names[i])), out);
}

static void
write_features(const struct guest_cpu *g, struct buf *out)
{
	int removed = g->model->removed == NULL ? -1 :
	    cpu_x86_feature(g->model->removed);
	const char *name;
	size_t i;

	for (i = 0; (name = cpu_x86_feature_name(i)) != NULL; i++) {
		if (set_has(&g->required, i))
			write_feature(name, true, out);
	}
	for (i = 0; (name = cpu_x86_feature_name(i)) != NULL; i++) {
		if (set_has(&g->disabled, i) && (int)i != removed)
			write_feature(name, false, out);
	}
	if (removed >= 0 && set_has(&g->disabled, (size_t)removed))
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

static int
baseline_x86(const struct cpu *cpus, size_t n, bool expand, struct buf *out,
    struct error *err)
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
		all = set_and(&all, &set, false);
	}
	if (set_is_empty(&all))
		return refuse(err, XVM_ERR_OPERATION_FAILED,
		    "CPUs are incompatible");
	if (describe(&all, vendor, cpus, n, &g, err) != 0)
		return -1;
	write_head(g.model->name, is_one_model(cpus, n) &&
	    strcmp(g.model->name, cpus[0].model) == 0 ? "forbid" : "allow",
	    said ? vendor : NULL, out);
	if (expand)
		write_expanded(&g, out);
	else
		write_features(&g, out);
	return 0;
}

static int
baseline_ppc64(const struct cpu *cpus, size_t n, struct buf *out,
    struct error *err)
{
	const struct cpu_vendor_model *model = cpu_ppc64_models;

	while (model->name != NULL && strcmp(model->name, cpus[0].model) != 0)
		model++;
	if (model->name == NULL)
		return error_set(err, XVM_FROM_CPU, XVM_ERR_INTERNAL_ERROR,
		    "Unknown CPU model %s", cpus[0].model);
	for (size_t i = 0; i < n; i++) {
		const char *vendor = cpus[i].vendor;

		if (strcmp(cpus[i].model, model->name) != 0)
			return refuse(err, XVM_ERR_OPERATION_FAILED,
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
baseline(const struct cpu *cpus, size_t n, bool expand, struct buf *out,
    struct error *err)
{
	if (cpu_arch_check(cpus[0].arch, err) != 0)
		return -1;
	switch (cpus[0].arch->family) {
	case CPU_FAMILY_X86:
		return baseline_x86(cpus, n, expand, out, err);
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
test_connect_baseline_cpu(void *state, struct call *call)
{
	const struct xvm_connect_baseline_cpu_args *args = call->args;
	struct xvm_connect_baseline_cpu_ret *ret = call->ret;
	size_t n = args->xmlcp_us.xmlcp_us_len, i;
	struct buf out = BUF_INIT;
	struct cpu *cpus;
	int rc = 0;

	(void)state;
	if (test_check_flags(args->flags,
	    XVM_CONNECT_BASELINE_CPU_EXPAND_FEATURES,
	    "testConnectBaselineCPU", &call->err) != 0)
		return -1;
	if (n == 0)
		return refuse(&call->err, XVM_ERR_INVALID_ARG,
		    "no CPUs given");
	cpus = calloc(n, sizeof(*cpus));
	if (cpus == NULL)
		return error_nomem(&call->err);
	for (i = 0; i < n && rc == 0; i++)
		rc = read_cpu(args->xmlcp_us.xmlcp_us_val[i], &cpus[i],
		    &call->err);
	if (rc == 0)
		rc = baseline(cpus, n, (args->flags &
		    XVM_CONNECT_BASELINE_CPU_EXPAND_FEATURES) != 0, &out,
		    &call->err);
	if (rc == 0) {
		buf_puts(&out, "</cpu>\n");
		ret->cpu = buf_detach(&out);
		rc = ret->cpu != NULL ? 0 : error_nomem(&call->err);
	}
	buf_release(&out);
	for (i = 0; i < n; i++)
		doc_free(cpus[i].doc);
	free(cpus);
	return rc;
}
