/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The host and the connection to it. */
#include <stdio.h>
#include <string.h>

#include "../buf.h"
#include "../file.h"
#include "../hostname.h"
#include "../local_answers.h"
#include "../tree.h"
#include "xen.h"

int
xen_connect_get_type(void *state, struct call *call)
{
	struct xvm_connect_get_type_ret *ret = call->ret;

	(void)state;
	return xen_text("Xen", &ret->type, &call->err);
}

int
xen_connect_get_version(void *state, struct call *call)
{
	struct xvm_connect_get_version_ret *ret = call->ret;
	struct xen_conn *xen = state;
	int version = xc_version(xen->xc, XENVER_version, NULL);

	if (version < 0)
		return hyper_failed(&call->err, "cannot ask Xen for its "
		    "version");
	ret->hv_ver = (uint64_t)(version >> 16) * 1000000 +
	    (uint64_t)(version & 0xffff) * 1000;
	return 0;
}

int
xen_connect_get_lib_version(void *state, struct call *call)
{
	struct xvm_connect_get_lib_version_ret *ret = call->ret;

	(void)state;
	ret->lib_ver = LOCAL_LIB_VERSION;
	return 0;
}

int
xen_connect_get_hostname(void *state, struct call *call)
{
	struct xvm_connect_get_hostname_ret *ret = call->ret;

	(void)state;
	return hostname_get(&ret->hostname, &call->err);
}

int
xen_connect_get_uri(void *state, struct call *call)
{
	const struct xen_conn *xen = state;
	struct xvm_connect_get_uri_ret *ret = call->ret;

	return xen_text(xen->uri, &ret->uri, &call->err);
}

int
xen_connect_is_secure(void *state, struct call *call)
{
	struct xvm_connect_is_secure_ret *ret = call->ret;

	(void)state;
	ret->secure = 1;	/* it does not leave the host */
	return 0;
}

int
xen_connect_get_max_vcpus(void *state, struct call *call)
{
	struct xvm_connect_get_max_vcpus_ret *ret = call->ret;
	struct xen_conn *xen = state;

	ret->max_vcpus = xc_get_max_cpus(xen->xc);
	if (ret->max_vcpus <= 0)
		return hyper_failed(&call->err, "cannot ask Xen for its CPUs");
	return 0;
}

int
xen_connect_supports_feature(void *state, struct call *call)
{
	const struct xvm_connect_supports_feature_args *args = call->args;
	struct xvm_connect_supports_feature_ret *ret = call->ret;

	(void)state;
	ret->supported = local_has_feature(args->feature);
	return 0;
}

/* --- what the firmware says of the machine ----------------------------------- */

struct smbios_entry {
	const char *name;
	const char *file;	/* below /sys/class/dmi/id */
};

static const struct smbios_block {
	const char *name;
	const struct smbios_entry *entries;
} blocks[] = {
	{ "bios", (const struct smbios_entry[]) {
		{ "vendor", "bios_vendor" },
		{ "version", "bios_version" },
		{ "date", "bios_date" },
		{ "release", "bios_release" },
		{ NULL, NULL } } },
	{ "system", (const struct smbios_entry[]) {
		{ "manufacturer", "sys_vendor" },
		{ "product", "product_name" },
		{ "version", "product_version" },
		{ "serial", "product_serial" },
		{ "uuid", "product_uuid" },
		{ "sku", "product_sku" },
		{ "family", "product_family" },
		{ NULL, NULL } } },
	{ "baseBoard", (const struct smbios_entry[]) {
		{ "manufacturer", "board_vendor" },
		{ "product", "board_name" },
		{ "version", "board_version" },
		{ "serial", "board_serial" },
		{ "asset", "board_asset_tag" },
		{ NULL, NULL } } },
	{ "chassis", (const struct smbios_entry[]) {
		{ "manufacturer", "chassis_vendor" },
		{ "version", "chassis_version" },
		{ "serial", "chassis_serial" },
		{ "asset", "chassis_asset_tag" },
		{ NULL, NULL } } },
};

static void
write_entry(const struct smbios_entry *entry, struct buf *out)
{
	struct error ignored = ERROR_INIT;
	struct buf text = BUF_INIT;
	char path[128];

	(void)snprintf(path, sizeof(path), "/sys/class/dmi/id/%s",
	    entry->file);
	if (file_read(path, 4096, &text, &ignored) == 0 && text.len > 0) {
		text.data[strcspn(text.data, "\n")] = '\0';
		if (text.data[0] != '\0') {
			buf_printf(out, "    <entry name='%s'>", entry->name);
			xml_escape(text.data, out);
			buf_puts(out, "</entry>\n");
		}
	}
	buf_release(&text);
	error_release(&ignored);
}

int
xen_connect_get_sysinfo(void *state, struct call *call)
{
	const struct xvm_connect_get_sysinfo_args *args = call->args;
	struct xvm_connect_get_sysinfo_ret *ret = call->ret;
	struct buf out = BUF_INIT;
	bool known = false;

	(void)state;
	if (xen_check_flags(args->flags, 0, "libxlConnectGetSysinfo",
	    &call->err) != 0)
		return -1;
	buf_puts(&out, "<sysinfo type='smbios'>\n");
	for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++) {
		const struct smbios_entry *e = blocks[i].entries;
		struct buf block = BUF_INIT;

		for (; e->name != NULL; e++)
			write_entry(e, &block);
		if (block.len > 0) {
			known = true;
			buf_printf(&out, "  <%s>\n%s  </%s>\n",
			    blocks[i].name, buf_str(&block), blocks[i].name);
		}
		buf_release(&block);
	}
	buf_puts(&out, "</sysinfo>\n");
	ret->sysinfo = buf_detach(&out);
	if (ret->sysinfo == NULL)
		return error_nomem(&call->err);
	if (!known)
		return error_set(&call->err, XVM_FROM_LIBXL,
		    XVM_ERR_CONFIG_UNSUPPORTED,
		    "Host SMBIOS information is not available");
	return 0;
}
