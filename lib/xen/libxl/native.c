/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xl.cfg as a whole: read by libxlutil and the table, written by the table. */
#include "native.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "config.h"
#include "native_table.h"
#include "uuid.h"

static const libxl_enum_string_table types[] = {
    {"hvm", LIBXL_DOMAIN_TYPE_HVM},
    {"pv", LIBXL_DOMAIN_TYPE_PV},
    {"pvh", LIBXL_DOMAIN_TYPE_PVH},
    {NULL, 0},
};

const char *
native_string(const struct native_reader *r, const char *name)
{
	const char *text = NULL;

	return xlu_cfg_get_string(r->xlu, name, &text, 1) == 0 ? text : NULL;
}

const char *
native_item(const struct native_reader *r, const char *name, int i)
{
	XLU_ConfigList *list;
	int n;

	if (xlu_cfg_get_list(r->xlu, name, &list, &n, 1) != 0 || i >= n)
		return NULL;
	return xlu_cfg_get_listitem(list, i);
}

int
native_refuse(const struct native_reader *r, const char *name, const char *text)
{
	return error_set(r->err, XVM_FROM_CONF, XVM_ERR_CONF_SYNTAX,
	    "'%s' is not a value of %s", text, name);
}

/* type=, or builder= of old; a PV domain is what xl takes otherwise. */
static int
read_type(const struct native_reader *r)
{
	const char *type = native_string(r, "type");
	const char *builder = native_string(r, "builder");
	libxl_domain_type t = LIBXL_DOMAIN_TYPE_PV;
	const libxl_enum_string_table *e = types;

	if (type != NULL) {
		while (e->s != NULL && strcmp(e->s, type) != 0)
			e++;
		if (e->s == NULL)
			return error_set(r->err, XVM_FROM_CONF,
			    XVM_ERR_CONFIG_UNSUPPORTED,
			    "type %s is not supported", type);
		t = (libxl_domain_type)e->v;
	} else if (builder != NULL && strcmp(builder, "hvm") == 0) {
		t = LIBXL_DOMAIN_TYPE_HVM;
	} else if (builder != NULL && strcmp(builder, "generic") != 0 &&
		   strcmp(builder, "linux") != 0) {
		return native_refuse(r, "builder", builder);
	}
	r->config->c_info.type = t;
	libxl_domain_build_info_init_type(&r->config->b_info, t);
	return 0;
}

static int
read_uuid(const struct native_reader *r)
{
	const char *text = native_string(r, "uuid");
	libxl_uuid *uuid = &r->config->c_info.uuid;

	if (text == NULL) {
		libxl_uuid_generate(uuid);
		return 0;
	}
	return libxl_uuid_from_string(uuid, text) == 0
		   ? 0
		   : error_set(r->err, XVM_FROM_CONF, XVM_ERR_CONF_SYNTAX,
			 "%s not parseable", text);
}

static int
read_strings(const struct native_reader *r, const struct native_key *key)
{
	char *field = (char *)r->config + key->offset;

	return xlu_cfg_get_list_as_string_list(
		   r->xlu, key->name, (libxl_string_list *)field, 1) == ENOMEM
		   ? error_nomem(r->err)
		   : 0;
}

static int
read_keys(const struct native_reader *r)
{
	for (const struct native_key *k = native_keys; k->name != NULL; k++) {
		const char *text;

		if (!native_key_is_for(k, r->config->c_info.type))
			continue;
		if (k->kind == NATIVE_STRINGS) {
			if (read_strings(r, k) != 0)
				return -1;
			continue;
		}
		text = native_string(r, k->name);
		if (text != NULL && native_set(k, r->config, text, r->err) != 0)
			return -1;
	}
	return 0;
}

/* root= and extra=, where there is no cmdline=. */
static int
read_cmdline(const struct native_reader *r)
{
	char **cmdline = &r->config->b_info.cmdline;
	const char *root = native_string(r, "root");
	const char *extra = native_string(r, "extra");
	struct buf text = BUF_INIT;

	if (*cmdline != NULL || (root == NULL && extra == NULL))
		return 0;
	if (root != NULL)
		buf_printf(&text, "root=%s", root);
	if (extra != NULL)
		buf_printf(&text, "%s%s", root != NULL ? " " : "", extra);
	*cmdline = buf_detach(&text);
	return *cmdline == NULL ? error_nomem(r->err) : 0;
}

/* Other names of what is in the table. */
static int
read_aliases(const struct native_reader *r)
{
	static const libxl_enum_string_table firmware[] = {
	    {"ovmf", LIBXL_BIOS_TYPE_OVMF},
	    {"uefi", LIBXL_BIOS_TYPE_OVMF},
	    {"seabios", LIBXL_BIOS_TYPE_SEABIOS},
	    {"rombios", LIBXL_BIOS_TYPE_ROMBIOS},
	    {"bios", LIBXL_BIOS_TYPE_UNKNOWN},
	    {NULL, 0},
	};
	libxl_domain_build_info *info = &r->config->b_info;
	const char *text = native_string(r, "firmware");
	const char *card = native_string(r, "stdvga");
	const libxl_enum_string_table *e = firmware;

	if (r->config->c_info.type != LIBXL_DOMAIN_TYPE_HVM)
		return 0;
	if (card != NULL && info->u.hvm.vga.kind == 0)
		info->u.hvm.vga.kind = strcmp(card, "0") == 0
					   ? LIBXL_VGA_INTERFACE_TYPE_CIRRUS
					   : LIBXL_VGA_INTERFACE_TYPE_STD;
	if (text == NULL)
		return 0;
	while (e->s != NULL && strcmp(e->s, text) != 0)
		e++;
	if (e->s != NULL) {
		info->u.hvm.bios = (libxl_bios_type)e->v;
		return 0;
	}
	free(info->u.hvm.firmware);
	info->u.hvm.firmware = strdup(text);
	return info->u.hvm.firmware == NULL ? error_nomem(r->err) : 0;
}

/* As xl has them before it reads a file. */
static void
set_defaults(libxl_domain_config *c)
{
	libxl_defbool_set(&c->c_info.run_hotplug_scripts, true);
	libxl_defbool_set(&c->b_info.claim_mode, true);
	c->on_poweroff = LIBXL_ACTION_ON_SHUTDOWN_DESTROY;
	c->on_reboot = LIBXL_ACTION_ON_SHUTDOWN_RESTART;
	c->on_watchdog = LIBXL_ACTION_ON_SHUTDOWN_DESTROY;
	c->on_crash = LIBXL_ACTION_ON_SHUTDOWN_DESTROY;
	c->on_soft_reset = LIBXL_ACTION_ON_SHUTDOWN_SOFT_RESET;
}

static int
read_all(const struct native_reader *r)
{
	set_defaults(r->config);
	if (read_type(r) != 0 || read_keys(r) != 0 || read_uuid(r) != 0 ||
	    read_cmdline(r) != 0 || read_aliases(r) != 0)
		return -1;
	if (r->config->c_info.name == NULL)
		return error_set(r->err, XVM_FROM_CONF, XVM_ERR_INTERNAL_ERROR,
		    "config value name was missing");
	return native_read_cpus(r) != 0 || native_read_devices(r) != 0 ? -1 : 0;
}

/* What libxlutil complained of, the first line. */
static int
refuse_syntax(const char *report, struct error *err)
{
	return error_set(err, XVM_FROM_CONF, XVM_ERR_CONF_SYNTAX, "%.*s",
	    (int)strcspn(report, "\n"), report);
}

int
native_read(
    const char *text, size_t n, libxl_domain_config *out, struct error *err)
{
	struct native_reader r = {.config = out, .err = err};
	char *report = NULL;
	size_t report_size = 0;
	FILE *f;
	int rc = -1;

	if (n > INT_MAX || memchr(text, '\0', n) != NULL)
		return error_set(err, XVM_FROM_CONF, XVM_ERR_CONF_SYNTAX,
		    "no text of xl.cfg");
	f = open_memstream(&report, &report_size);
	if (f == NULL)
		return error_nomem(err);
	libxl_domain_config_init(out);
	r.xlu = xlu_cfg_init(f, "config");
	if (r.xlu == NULL) {
		(void)error_nomem(err);
	} else if (xlu_cfg_readdata(r.xlu, text, (int)n) != 0) {
		(void)fflush(f);
		(void)refuse_syntax(report, err);
	} else {
		rc = read_all(&r);
	}
	if (r.xlu != NULL)
		xlu_cfg_destroy(r.xlu);
	(void)fclose(f);
	free(report);
	if (rc != 0)
		libxl_domain_config_dispose(out);
	return rc;
}

static bool
is_number(const struct native_key *key)
{
	return key->kind == NATIVE_BOOL || key->kind == NATIVE_INT ||
	       key->kind == NATIVE_MIB;
}

static void
write_strings(const struct native_key *key, const libxl_domain_config *config,
    struct buf *out)
{
	char *const *list =
	    *(char *const *const *)((const char *)config + key->offset);
	struct buf items = BUF_INIT;

	for (; list != NULL && *list != NULL; list++)
		native_list_add(&items, *list);
	native_list_put(out, key->name, &items);
}

static void
write_key(const struct native_key *key, const libxl_domain_config *config,
    struct buf *out)
{
	char *value;

	if (key->kind == NATIVE_STRINGS) {
		write_strings(key, config, out);
		return;
	}
	value = native_get(key, config);
	if (value == NULL)
		return;
	buf_printf(out, "%s = ", key->name);
	/* A number with a sign is none for libxlutil, but as a text it is. */
	if (is_number(key) && value[0] != '-')
		buf_puts(out, value);
	else
		native_quote(out, value);
	buf_putc(out, '\n');
	free(value);
}

char *
native_write(const libxl_domain_config *config, struct error *err)
{
	const libxl_enum_string_table *type = types;
	struct buf out = BUF_INIT;
	char uuid[UUID_TEXT_SIZE], *text;

	while (type->s != NULL && type->v != (int)config->c_info.type)
		type++;
	if (type->s != NULL)
		buf_printf(&out, "type = \"%s\"\n", type->s);
	buf_printf(&out, "uuid = \"%s\"\n",
	    uuid_format(
		libxl_uuid_bytearray_const(&config->c_info.uuid), uuid));
	for (const struct native_key *k = native_keys; k->name != NULL; k++) {
		if (native_key_is_for(k, config->c_info.type))
			write_key(k, config, &out);
	}
	if (native_write_cpus(config, &out, err) != 0 ||
	    native_write_devices(config, &out, err) != 0) {
		buf_release(&out);
		return NULL;
	}
	text = buf_detach(&out);
	if (text == NULL)
		(void)error_nomem(err);
	return text;
}

int
native_parse(libxl_ctx *ctx, const char *text, size_t n, struct doc **doc_out,
    struct error *err)
{
	libxl_domain_config config;

	*doc_out = NULL;
	if (native_read(text, n, &config, err) != 0)
		return -1;
	*doc_out = config_to_xml(ctx, &config, err);
	libxl_domain_config_dispose(&config);
	return *doc_out == NULL ? -1 : 0;
}

char *
native_format(libxl_ctx *ctx, const struct doc *doc, struct error *err)
{
	libxl_domain_config config;
	char *text;

	if (config_from_xml(ctx, doc->root, &config, err) != 0)
		return NULL;
	text = native_write(&config, err);
	libxl_domain_config_dispose(&config);
	return text;
}
