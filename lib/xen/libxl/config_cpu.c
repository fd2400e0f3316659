/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * <cpu>: features to bits of CPUID, which libxl keeps as a policy of its own,
 * and back. What the policy holds only libxl's JSON shows: an array of leaves
 * with a string of 32 characters for each register, highest bit first: '0',
 * '1', 'x' (libxl's default), 'k', 's' (the host's); and one of MSRs with a
 * string of 64. Which bit a name is, libxl is asked as well, by setting it
 * alone.
 */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../cpu/cpu.h"
#include "config_parts.h"

/* Names that libvirt's documents and libxl write differently. */
static const struct {
	const char *xml, *libxl;
} names[] = {
    {"cx16", "cmpxchg16"},
    {"cid", "cntxid"},
    {"ds_cpl", "dscpl"},
    {"pclmuldq", "pclmulqdq"},
    {"pni", "sse3"},
    {"ht", "htt"},
    {"pn", "psn"},
    {"clflush", "clfsh"},
    {"sep", "sysenter"},
    {"cx8", "cmpxchg8"},
    {"nodeid_msr", "nodeid"},
    {"cr8legacy", "altmovcr8"},
    {"lahf_lm", "lahfsahf"},
    {"cmp_legacy", "cmplegacy"},
    {"fxsr_opt", "ffxsr"},
    {"pdpe1gb", "page1gb"},
    {"spec-ctrl", "ibrsb"},
    {"avx512ifma", "avx512-ifma"},
    {"avx512vbmi", "avx512-vbmi"},
    {"avx512vbmi2", "avx512-vbmi2"},
    {"avx512vnni", "avx512-vnni"},
    {"avx512bitalg", "avx512-bitalg"},
    {"sha-ni", "sha"},
    {"intel-pt", "proc-trace"},
    {"tsx-ldtrk", "tsxldtrk"},
    {"arch-capabilities", "arch-caps"},
    {"core-capability", "core-caps"},
    {"xsaveerptr", "rstr-fp-err-ptrs"},
    {"npt", "svm_npt"},
    {"lbrv", "svm_lbrv"},
    {"nrip-save", "svm_nrips"},
    {"tsc-scale", "svm_tscrate"},
    {"vmcb-clean", "svm_vmcbclean"},
    {"decodeassists", "svm_decode"},
    {"pause-filter", "svm_pausefilt"},
    {"amd-no-ssb", "ssb-no"},
    {"ssb-no", "intel-ssb-no"},
    {"rdctl-no", "rdcl-no"},
    {"ibrs-all", "eibrs"},
    {"skip-l1dfl-vmentry", "skip-l1dfl"},
    {"pschange-mc-no", "if-pschange-mc-no"},
};

#define FLAG_MAX 64 /* bytes of libxl's "NAME=VALUE" */

/*
 * Set what a document calls name in a policy: 0, -1: libxl has no name for it.
 * text_out is what libxl took.
 */
static int
set_flag(libxl_cpuid_policy_list *list, const char *name, char value,
    char text_out[FLAG_MAX])
{
	const char *libxl = name;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(names[i].xml, name) == 0)
			libxl = names[i].libxl;
	}
	if (strlen(name) >= FLAG_MAX - 8)
		return -1;
	(void)snprintf(text_out, FLAG_MAX, "%s=%c", libxl, value);
	if (libxl_cpuid_parse_config(list, text_out) == 0)
		return 0;
	/* The hypervisor's own spelling. */
	(void)snprintf(text_out, FLAG_MAX, "%s=%c", name, value);
	for (char *p = text_out; *p != '\0'; p++) {
		if (*p == '_' || *p == '.')
			*p = '-';
	}
	return libxl_cpuid_parse_config(list, text_out) == 0 ? 0 : -1;
}

static int
read_feature(struct conv *conv, const struct node *node)
{
	libxl_domain_build_info *info = &conv->config->b_info;
	const char *name = node_attr(node, "name");
	const char *policy = node_attr(node, "policy");
	bool off = policy != NULL && (strcmp(policy, "disable") == 0 ||
					 strcmp(policy, "forbid") == 0);
	bool optional = policy != NULL && strcmp(policy, "optional") == 0;
	char text[FLAG_MAX];

	if (name == NULL)
		return 0;
	if (strcmp(name, "vmx") != 0 && strcmp(name, "svm") != 0) {
		if (set_flag(&info->cpuid, name,
			off	   ? '0'
			: optional ? 'x'
				   : '1',
			text) != 0)
			return conv_refuse(
			    conv, node, "unsupported cpu feature '%s'", name);
		return 0;
	}
	/* Virtualisation in the guest is more than a bit. */
	if (!off && !optional && conv->type == LIBXL_DOMAIN_TYPE_PV)
		return conv_refuse(conv, node,
		    "nested virtualization is not supported for PV domains");
	if (!optional && conv->type != LIBXL_DOMAIN_TYPE_PV)
		libxl_defbool_set(&info->nested_hvm, !off);
	return 0;
}

int
cpu_from_xml(struct conv *conv)
{
	const struct node *cpu = node_child(conv->domain, "cpu");
	const char *mode = node_attr(cpu, "mode");
	const char *model = node_find_text(cpu, "model");

	if (model != NULL && model[0] != '\0')
		return conv_refuse(conv, node_child(cpu, "model"),
		    "unsupported CPU model '%s': libxl has none but the host's",
		    model);
	if (mode != NULL && strcmp(mode, "host-passthrough") != 0)
		return conv_refuse(
		    conv, cpu, "unsupported CPU mode '%s'", mode);
	for (const struct node *f = node_child(cpu, "feature"); f != NULL;
	     f = node_next(f, "feature")) {
		if (read_feature(conv, f) != 0)
			return -1;
	}
	return 0;
}

/* Add what a list holds to another one. */
static void
add_all(json_object *to, json_object *list)
{
	size_t n = json_object_is_type(list, json_type_array)
		       ? json_object_array_length(list)
		       : 0;

	for (size_t i = 0; i < n; i++)
		(void)json_object_array_add(
		    to, json_object_get(json_object_array_get_idx(list, i)));
}

/* A policy as JSON: its leaves and MSRs, to be put; NULL: no memory. */
static json_object *
places_of(const libxl_domain_build_info *info)
{
	json_object *root, *policy = NULL, *list = NULL, *out;
	libxl_domain_build_info view;
	char *text;

	/* Nothing else of it is written. */
	libxl_domain_build_info_init(&view);
	view.cpuid = info->cpuid;
	text = libxl_domain_build_info_to_json(NULL, &view);
	root = text == NULL ? NULL : json_tokener_parse(text);
	free(text);
	out = json_object_new_array();
	if (out != NULL && json_object_object_get_ex(root, "cpuid", &policy)) {
		/* A libxl without MSRs: the leaves alone. */
		add_all(out, policy);
		if (json_object_object_get_ex(policy, "cpuid", &list))
			add_all(out, list);
		if (json_object_object_get_ex(policy, "msr", &list))
			add_all(out, list);
	}
	(void)json_object_put(root);
	return out;
}

/* Do both say something of the same leaf or MSR? */
static bool
is_same_place(json_object *a, json_object *b)
{
	static const char *const keys[] = {"leaf", "subleaf", "index"};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		json_object *x = NULL, *y = NULL;

		(void)json_object_object_get_ex(a, keys[i], &x);
		(void)json_object_object_get_ex(b, keys[i], &y);
		if ((x == NULL) != (y == NULL) ||
		    json_object_get_int64(x) != json_object_get_int64(y))
			return false;
	}
	return true;
}

static const char *const texts[] = {"eax", "ebx", "ecx", "edx", "policy"};

/* The text of a register at the place of another one, NULL: not there. */
static const char *
text_at(json_object *policy, json_object *place, const char *name)
{
	for (size_t i = 0; i < json_object_array_length(policy); i++) {
		json_object *e = json_object_array_get_idx(policy, i);
		json_object *text = NULL;

		if (is_same_place(e, place) &&
		    json_object_object_get_ex(e, name, &text))
			return json_object_get_string(text);
	}
	return NULL;
}

/* What a policy says of the only bit that is set in another one; 'x': nothing.
 */
static char
look_up(json_object *policy, json_object *one)
{
	for (size_t i = 0; i < json_object_array_length(one); i++) {
		json_object *e = json_object_array_get_idx(one, i);

		for (size_t t = 0; t < sizeof(texts) / sizeof(texts[0]); t++) {
			json_object *text = NULL;
			const char *bits, *there, *mark;

			if (!json_object_object_get_ex(e, texts[t], &text))
				continue;
			bits = json_object_get_string(text);
			mark = strchr(bits, '1');
			there = text_at(policy, e, texts[t]);
			if (mark != NULL && there != NULL &&
			    strlen(there) == strlen(bits))
				return there[mark - bits];
		}
	}
	return 'x';
}

int
cpu_flags_each(const libxl_domain_build_info *info, cpu_flag *fn, void *arg)
{
	json_object *policy = places_of(info);
	const char *name;
	int rc = 0;

	for (size_t i = 0; rc == 0 && policy != NULL &&
			   (name = cpu_x86_feature_name(i)) != NULL;
	     i++) {
		json_object *one = NULL;
		libxl_domain_build_info probe;
		char text[FLAG_MAX], value = 'x';

		libxl_domain_build_info_init(&probe);
		if (set_flag(&probe.cpuid, name, '1', text) == 0 &&
		    (one = places_of(&probe)) != NULL)
			value = look_up(policy, one);
		(void)json_object_put(one);
		libxl_domain_build_info_dispose(&probe);
		if (value != '0' && value != '1')
			continue;
		text[strlen(text) - 1] = value;
		rc = fn(arg, name, text, value == '1');
	}
	(void)json_object_put(policy);
	return rc;
}

static void
add_feature(struct node *cpu, const char *policy, const char *name)
{
	struct node *f = node_add(cpu, "feature");

	node_set_attr(f, "policy", policy);
	node_set_attr(f, "name", name);
}

static int
flag_to_xml(void *cpu, const char *name, const char *flag, bool on)
{
	(void)flag;
	add_feature(cpu, on ? "force" : "disable", name);
	return 0;
}

void
cpu_to_xml(const libxl_domain_config *config, struct node *domain)
{
	const libxl_domain_build_info *info = &config->b_info;
	bool nested = !libxl_defbool_is_default(info->nested_hvm);
	struct node *cpu;

	if (!nested && info->cpuid == NULL)
		return;
	cpu = node_need(domain, "cpu");
	node_set_attr(cpu, "mode", "host-passthrough");
	if (nested)
		add_feature(cpu,
		    libxl_defbool_val(info->nested_hvm) ? "require" : "disable",
		    "vmx");
	(void)cpu_flags_each(info, flag_to_xml, cpu);
}
