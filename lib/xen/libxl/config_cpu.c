/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * <cpu>: features to bits of CPUID, which libxl keeps as a policy of its own,
 * and back. What the policy holds only libxl's JSON shows: an array of leaves
 * with a string of 32 characters for each register, highest bit first: '0',
 * '1', 'x' (libxl's default), 'k', 's' (the host's). Which bit a name is, libxl
 * is asked as well, by setting it alone.
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

/* A policy as JSON: its leaves; NULL: none, or no memory. *root_out is freed.
 */
static json_object *
leaves_of(const libxl_domain_build_info *info, json_object **root_out)
{
	libxl_domain_build_info view;
	json_object *cpuid = NULL, *list = NULL;
	char *text;

	/* Nothing else of it is written. */
	libxl_domain_build_info_init(&view);
	view.cpuid = info->cpuid;
	text = libxl_domain_build_info_to_json(NULL, &view);
	*root_out = text == NULL ? NULL : json_tokener_parse(text);
	free(text);
	if (!json_object_object_get_ex(*root_out, "cpuid", &cpuid))
		return NULL;
	if (json_object_is_type(cpuid, json_type_array))
		return cpuid;
	return json_object_object_get_ex(cpuid, "cpuid", &list) ? list : NULL;
}

static const char *const registers[] = {"eax", "ebx", "ecx", "edx"};

/* The text of a register in a leaf of the list, NULL: not there. */
static const char *
register_in(json_object *list, int leaf, int subleaf, const char *name)
{
	for (size_t i = 0; i < json_object_array_length(list); i++) {
		json_object *e = json_object_array_get_idx(list, i);
		json_object *l = NULL, *s = NULL, *r = NULL;

		(void)json_object_object_get_ex(e, "leaf", &l);
		(void)json_object_object_get_ex(e, "subleaf", &s);
		if (json_object_get_int64(l) == (int64_t)(uint32_t)leaf &&
		    (s == NULL ? -1 : json_object_get_int(s)) == subleaf &&
		    json_object_object_get_ex(e, name, &r))
			return json_object_get_string(r);
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
		json_object *l = NULL, *s = NULL;

		(void)json_object_object_get_ex(e, "leaf", &l);
		(void)json_object_object_get_ex(e, "subleaf", &s);
		for (size_t r = 0; r < 4; r++) {
			json_object *text = NULL;
			const char *bits, *there, *mark;

			if (!json_object_object_get_ex(e, registers[r], &text))
				continue;
			bits = json_object_get_string(text);
			mark = strchr(bits, '1');
			there =
			    register_in(policy, (int)json_object_get_int64(l),
				s == NULL ? -1 : json_object_get_int(s),
				registers[r]);
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
	json_object *root = NULL, *policy = leaves_of(info, &root);
	const char *name;
	int rc = 0;

	for (size_t i = 0; rc == 0 && policy != NULL &&
			   (name = cpu_x86_feature_name(i)) != NULL;
	     i++) {
		json_object *one_root = NULL, *one = NULL;
		libxl_domain_build_info probe;
		char text[FLAG_MAX], value = 'x';

		libxl_domain_build_info_init(&probe);
		if (set_flag(&probe.cpuid, name, '1', text) == 0 &&
		    (one = leaves_of(&probe, &one_root)) != NULL)
			value = look_up(policy, one);
		(void)json_object_put(one_root);
		libxl_domain_build_info_dispose(&probe);
		if (value != '0' && value != '1')
			continue;
		text[strlen(text) - 1] = value;
		rc = fn(arg, name, text, value == '1');
	}
	(void)json_object_put(root);
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
