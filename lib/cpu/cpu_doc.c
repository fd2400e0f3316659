/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading the description of a CPU. */
#include "cpu_doc.h"

#include <string.h>

#include "../domain/domain_xml.h"
#include "../xml.h"

int
cpu_refuse(struct error *err, int code, const char *what)
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
			return cpu_refuse(err, XVM_ERR_XML_ERROR,
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
read_host(struct cpu_doc *cpu, struct error *err)
{
	const struct node *root = cpu->doc->root;
	const char *arch;

	if (node_attr(root, "mode") != NULL)
		return cpu_refuse(err, XVM_ERR_CONFIG_UNSUPPORTED,
		    "Attribute mode is only allowed for guest CPU");
	arch = text_of(root, "arch");
	if (arch == NULL)
		return cpu_refuse(err, XVM_ERR_XML_ERROR,
		    "Missing CPU architecture");
	cpu->arch = cpu_arch_find(arch);
	if (cpu->arch == NULL)
		return error_set(err, XVM_FROM_CPU,
		    XVM_ERR_CONFIG_UNSUPPORTED, "Unknown architecture %s",
		    arch);
	cpu->model = text_of(root, "model");
	if (cpu->model == NULL)
		return cpu_refuse(err, XVM_ERR_XML_ERROR,
		    "Missing CPU model name");
	cpu->vendor = text_of(root, "vendor");
	return check_features(root, err);
}

static int
read_guest(struct cpu_doc *cpu, struct error *err)
{
	const struct node *root = cpu->doc->root;

	if (domain_cpu_normalise(cpu->doc, cpu->doc->root, err) != 0)
		return -1;
	cpu->model = text_of(root, "model");
	cpu->vendor = text_of(root, "vendor");
	return 0;
}

/* Refuse an element that is in no description of a CPU. */
static int
validate_names(const struct node *root, struct error *err)
{
	static const char *const names[] = {
		"arch", "features", "model", "vendor", "microcode",
		"signature", "counter", "topology", "feature", "numa",
		"cache", "maxphysaddr",
	};
	const struct node *c = node_child(root, NULL);

	for (; c != NULL; c = node_next(c, NULL)) {
		size_t i = 0, n = sizeof(names) / sizeof(names[0]);

		while (i < n && !node_is(c, names[i]))
			i++;
		if (i == n)
			return error_set(err, XVM_FROM_XML,
			    XVM_ERR_XML_INVALID_SCHEMA,
			    "Element cpu has extra content: %s", c->name);
	}
	return 0;
}

int
cpu_doc_read(const char *text, bool any, bool validate, struct cpu_doc *cpu,
    struct error *err)
{
	const struct node *root;

	memset(cpu, 0, sizeof(*cpu));
	cpu->doc = xml_parse(text, strlen(text), "(CPU_definition)",
	    XVM_FROM_CPU, err);
	if (cpu->doc == NULL)
		return -1;
	root = cpu->doc->root;
	if (!node_is(root, "cpu"))
		return cpu_refuse(err, XVM_ERR_XML_ERROR,
		    "XML does not contain expected 'cpu' element");
	if (validate && validate_names(root, err) != 0)
		return -1;
	if (any && node_child(root, "arch") == NULL)
		return read_guest(cpu, err);
	if (any && node_attr(root, "match") != NULL)
		return cpu_refuse(err, XVM_ERR_XML_ERROR, "'arch' element "
		    "cannot be used inside 'cpu' element with 'match' "
		    "attribute'");
	return read_host(cpu, err);
}
