/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* <features>, <clock>, <pm>. */
#include <string.h>

#include "config_parts.h"
#include "domain/domain_xml_util.h"
#include "number.h"

static const libxl_enum_string_table tsc_modes[] = {
    {"native", LIBXL_TSC_MODE_NATIVE},
    {"paravirt", LIBXL_TSC_MODE_NATIVE_PARAVIRT},
    {"emulate", LIBXL_TSC_MODE_ALWAYS_EMULATE},
    {"auto", LIBXL_TSC_MODE_DEFAULT},
    {"smpsafe", LIBXL_TSC_MODE_DEFAULT},
    {NULL, 0},
};

static bool
is_off(const struct node *feature)
{
	return node_attr_is(feature, "state", "off");
}

/* What is on, and Xen has nothing like it. */
static int
refuse_features(const struct conv *conv, const struct node *features)
{
	static const char *const known[] = {
	    "acpi", "apic", "pae", "hap", "viridian", "privnet", "xen", NULL};

	for (const struct node *f = node_child(features, NULL); f != NULL;
	     f = node_next(f, NULL)) {
		const struct node *part = node_child(f, NULL);

		if (enum_index(known, f->name) >= 0 || is_off(f))
			continue;
		while (part != NULL && is_off(part))
			part = node_next(part, NULL);
		if (part == NULL && node_child(f, NULL) != NULL)
			continue;
		return conv_refuse(conv, part == NULL ? f : part,
		    "unsupported feature '%s%s%s'", f->name,
		    part == NULL ? "" : "/", part == NULL ? "" : part->name);
	}
	return 0;
}

static int
xen_features(struct conv *conv, const struct node *xen)
{
	libxl_domain_config *c = conv->config;
	const struct node *e820 = node_child(xen, "e820_host");
	const struct node *pass = node_child(xen, "passthrough");
	const char *mode = node_attr(pass, "mode");
	int value;

	if (e820 != NULL && conv->type == LIBXL_DOMAIN_TYPE_PV)
		libxl_defbool_set(&c->b_info.u.pv.e820_host, !is_off(e820));
	else if (e820 != NULL && !is_off(e820))
		return conv_refuse(
		    conv, e820, "e820_host is only supported for PV domains");
	if (pass == NULL)
		return 0;
	value = mode == NULL ? LIBXL_PASSTHROUGH_ENABLED
			     : conv_value(libxl_passthrough_string_table, mode);
	if (value < 0)
		return conv_refuse(
		    conv, pass, "unsupported passthrough mode '%s'", mode);
	c->c_info.passthrough = is_off(pass) ? LIBXL_PASSTHROUGH_DISABLED
					     : (libxl_passthrough)value;
	return 0;
}

static int
read_features(struct conv *conv, const struct node *features)
{
	libxl_domain_config *c = conv->config;
	const struct node *hap = node_child(features, "hap");
	bool hvm = conv->type == LIBXL_DOMAIN_TYPE_HVM;

	if (refuse_features(conv, features) != 0 ||
	    xen_features(conv, node_child(features, "xen")) != 0)
		return -1;
	if (hap != NULL && conv->type != LIBXL_DOMAIN_TYPE_PV)
		libxl_defbool_set(&c->c_info.hap, !is_off(hap));
	if (hvm || node_child(features, "acpi") != NULL)
		libxl_defbool_set(
		    &c->b_info.acpi, node_child(features, "acpi") != NULL);
	if (!hvm)
		return 0;
	libxl_defbool_set(
	    &c->b_info.apic, node_child(features, "apic") != NULL);
	libxl_defbool_set(
	    &c->b_info.u.hvm.pae, node_child(features, "pae") != NULL);
	if (node_child(features, "viridian") != NULL)
		libxl_defbool_set(&c->b_info.u.hvm.viridian, true);
	return 0;
}

static int
timer(struct conv *conv, const struct node *node)
{
	libxl_domain_build_info *info = &conv->config->b_info;
	bool hvm = conv->type == LIBXL_DOMAIN_TYPE_HVM;
	bool absent = node_attr_is(node, "present", "no");
	int mode;

	if (node_attr_is(node, "name", "tsc")) {
		mode = conv_value(tsc_modes, node_attr(node, "mode"));
		if (mode >= 0)
			info->tsc_mode = (libxl_tsc_mode)mode;
		return 0;
	}
	if (node_attr_is(node, "name", "hpet") && hvm) {
		libxl_defbool_set(&info->u.hvm.hpet, !absent);
		return 0;
	}
	/* One that is not there needs no support. */
	return absent ? 0
		      : conv_refuse(conv, node,
			    "unsupported timer type (name) '%s'",
			    node_attr(node, "name"));
}

static int
read_clock(struct conv *conv, const struct node *clock)
{
	libxl_domain_build_info *info = &conv->config->b_info;
	const char *offset = node_attr(clock, "offset");
	const char *text = node_attr(clock, "adjustment");
	int64_t adjustment = 0;

	if (offset == NULL || strcmp(offset, "utc") == 0) {
		/* libxl's default */
	} else if (strcmp(offset, "localtime") == 0) {
		libxl_defbool_set(&info->localtime, true);
	} else if (strcmp(offset, "variable") == 0) {
		if (text != NULL &&
		    (number_i64(text, 10, &adjustment) != 0 ||
			adjustment > INT32_MAX || adjustment < INT32_MIN))
			return conv_refuse(conv, clock,
			    "unsupported clock adjustment '%s'", text);
		info->rtc_timeoffset = (uint32_t)adjustment;
		if (node_attr_is(clock, "basis", "localtime"))
			libxl_defbool_set(&info->localtime, true);
	} else {
		return conv_refuse(
		    conv, clock, "unsupported clock offset '%s'", offset);
	}
	for (const struct node *t = node_child(clock, "timer"); t != NULL;
	     t = node_next(t, "timer")) {
		if (timer(conv, t) != 0)
			return -1;
	}
	return 0;
}

static void
read_pm(struct conv *conv, const struct node *pm)
{
	libxl_domain_build_info *info = &conv->config->b_info;
	const struct node *mem = node_child(pm, "suspend-to-mem");
	const struct node *disk = node_child(pm, "suspend-to-disk");

	if (conv->type != LIBXL_DOMAIN_TYPE_HVM)
		return;
	if (mem != NULL)
		libxl_defbool_set(
		    &info->u.hvm.acpi_s3, !node_attr_is(mem, "enabled", "no"));
	if (disk != NULL)
		libxl_defbool_set(
		    &info->u.hvm.acpi_s4, !node_attr_is(disk, "enabled", "no"));
}

int
features_from_xml(struct conv *conv)
{
	if (read_features(conv, node_child(conv->domain, "features")) != 0 ||
	    read_clock(conv, node_child(conv->domain, "clock")) != 0)
		return -1;
	read_pm(conv, node_child(conv->domain, "pm"));
	return 0;
}

/* Set, and true. */
static bool
is_on(libxl_defbool value)
{
	return !libxl_defbool_is_default(value) && libxl_defbool_val(value);
}

static const char *
on_off(libxl_defbool value)
{
	return is_on(value) ? "on" : "off";
}

static void
passthrough_to_xml(libxl_passthrough passthrough, struct node *features)
{
	struct node *node;

	if (passthrough == LIBXL_PASSTHROUGH_DEFAULT)
		return;
	node = node_add(node_need(features, "xen"), "passthrough");
	node_set_attr(node, "state",
	    passthrough == LIBXL_PASSTHROUGH_DISABLED ? "off" : "on");
	if (passthrough == LIBXL_PASSTHROUGH_SYNC_PT ||
	    passthrough == LIBXL_PASSTHROUGH_SHARE_PT)
		node_set_attr(node, "mode",
		    conv_name(
			libxl_passthrough_string_table, (int)passthrough));
}

/* In an HVM domain what is not said is on. */
static void
hvm_to_xml(const libxl_domain_build_info *info, struct node *features)
{
	const struct {
		const char *name;
		libxl_defbool value;
		bool unsaid;
	} all[] = {
	    {"acpi", info->acpi, true},
	    {"apic", info->apic, true},
	    {"pae", info->u.hvm.pae, true},
	    {"viridian", info->u.hvm.viridian, false},
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (libxl_defbool_is_default(all[i].value)
			? all[i].unsaid
			: is_on(all[i].value))
			(void)node_add(features, all[i].name);
	}
}

static void
pm_to_xml(const libxl_domain_build_info *info, struct node *domain)
{
	const struct {
		const char *name;
		libxl_defbool value;
	} all[] = {
	    {"suspend-to-mem", info->u.hvm.acpi_s3},
	    {"suspend-to-disk", info->u.hvm.acpi_s4},
	};

	for (size_t i = 0; i < 2; i++) {
		if (!libxl_defbool_is_default(all[i].value))
			node_set_attr(
			    node_add(node_need(domain, "pm"), all[i].name),
			    "enabled", is_on(all[i].value) ? "yes" : "no");
	}
}

static void
clock_to_xml(const libxl_domain_build_info *info, bool hvm, struct node *domain)
{
	struct node *clock = node_add(domain, "clock"), *t;
	int32_t adjustment = (int32_t)info->rtc_timeoffset;
	bool local = is_on(info->localtime);

	node_set_attr(clock, "offset",
	    adjustment != 0 ? "variable"
	    : local	    ? "localtime"
			    : "utc");
	if (adjustment != 0) {
		node_set_attr_fmt(clock, "adjustment", "%d", (int)adjustment);
		node_set_attr(clock, "basis", local ? "localtime" : "utc");
	}
	if (hvm && !libxl_defbool_is_default(info->u.hvm.hpet)) {
		t = node_add(clock, "timer");
		node_set_attr(t, "name", "hpet");
		node_set_attr(
		    t, "present", is_on(info->u.hvm.hpet) ? "yes" : "no");
	}
	if (info->tsc_mode != LIBXL_TSC_MODE_DEFAULT) {
		t = node_add(clock, "timer");
		node_set_attr(t, "name", "tsc");
		node_set_attr(
		    t, "mode", conv_name(tsc_modes, (int)info->tsc_mode));
	}
}

void
features_to_xml(const libxl_domain_config *config, struct node *domain)
{
	const libxl_domain_build_info *info = &config->b_info;
	bool hvm = config->c_info.type == LIBXL_DOMAIN_TYPE_HVM;
	struct node *features = node_add(domain, "features"), *node;

	if (hvm)
		hvm_to_xml(info, features);
	else if (is_on(info->acpi))
		(void)node_add(features, "acpi");
	if (!libxl_defbool_is_default(config->c_info.hap) &&
	    config->c_info.type != LIBXL_DOMAIN_TYPE_PV)
		node_set_attr(node_add(features, "hap"), "state",
		    on_off(config->c_info.hap));
	if (config->c_info.type == LIBXL_DOMAIN_TYPE_PV &&
	    !libxl_defbool_is_default(info->u.pv.e820_host)) {
		node = node_add(node_need(features, "xen"), "e820_host");
		node_set_attr(node, "state", on_off(info->u.pv.e820_host));
	}
	passthrough_to_xml(config->c_info.passthrough, features);
	if (hvm)
		pm_to_xml(info, domain);
	clock_to_xml(info, hvm, domain);
}
