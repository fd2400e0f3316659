/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What domains of one kind can have, in the form of libvirt's document. */
#include <string.h>
#include <unistd.h>

#include "../buf.h"
#include "../tree.h"
#include "domain_caps.h"
#include "node.h"
#include "xen.h"

/* Xen names no limit: these are of its ABI, and what libvirt says. */
#define VCPUS_HVM 128
#define VCPUS_OTHER 512

static const char *const firmwares[] = {
	"/usr/lib/xen/boot/hvmloader", "/usr/lib/xen/boot/ovmf.bin",
};

static void
write_enum(struct buf *out, const char *name, const char *const *values)
{
	if (*values == NULL) {
		buf_printf(out, "      <enum name='%s'/>\n", name);
		return;
	}
	buf_printf(out, "      <enum name='%s'>\n", name);
	for (; *values != NULL; values++)
		buf_printf(out, "        <value>%s</value>\n", *values);
	buf_puts(out, "      </enum>\n");
}

#define ENUM(out, name, ...) \
	write_enum(out, name, (const char *const[]){ __VA_ARGS__, NULL })
#define ENUM_EMPTY(out, name) \
	write_enum(out, name, (const char *const[]){ NULL })

static void
write_os(bool hvm, struct buf *out)
{
	buf_puts(out, "  <os supported='yes'>\n");
	if (hvm) {
		buf_puts(out, "    <loader supported='yes'>\n");
		for (int i = 0; i < 2; i++)
			buf_printf(out, "      <value>%s</value>\n",
			    firmwares[i]);
		ENUM(out, "type", "rom", "pflash");
		ENUM(out, "readonly", "yes");
		buf_puts(out, "    </loader>\n");
	} else {
		buf_puts(out, "    <loader supported='no'/>\n");
	}
	buf_puts(out, "  </os>\n");
}

static void
write_devices(bool pvh, struct buf *out)
{
	buf_puts(out, "  <devices>\n    <disk supported='yes'>\n");
	ENUM(out, "diskDevice", "disk", "cdrom");
	ENUM(out, "bus", "ide", "scsi", "xen");
	ENUM_EMPTY(out, "model");
	buf_puts(out, "    </disk>\n    <graphics supported='yes'>\n");
	ENUM(out, "type", "sdl", "vnc", "spice");
	buf_puts(out, "    </graphics>\n    <video supported='yes'>\n");
	ENUM(out, "modelType", "vga", "cirrus", "xen");
	buf_puts(out, "    </video>\n");
	if (!pvh) {
		buf_puts(out, "    <hostdev supported='yes'>\n");
		ENUM(out, "mode", "subsystem");
		ENUM(out, "startupPolicy", "default", "mandatory",
		    "requisite", "optional");
		ENUM(out, "subsysType", "usb", "pci");
		ENUM_EMPTY(out, "capsType");
		ENUM(out, "pciBackend", "xen");
		buf_puts(out, "    </hostdev>\n");
	}
	buf_puts(out, "  </devices>\n");
}

static void
write_caps(const char *path, const struct domain_guest *g, const char *arch,
    struct buf *out)
{
	static const char *const modes[] = {
		"host-passthrough", "maximum", "host-model", "custom",
	};
	static const char *const features[] = {
		"gic", "vmcoreinfo", "genid", "sev", "sgx",
	};
	bool hvm = strcmp(g->machine, "xenfv") == 0;

	buf_puts(out, "<domainCapabilities>\n  <path>");
	xml_escape(path != NULL ? path : g->emulator, out);
	buf_printf(out, "</path>\n  <domain>xen</domain>\n"
	    "  <machine>%s</machine>\n  <arch>%s</arch>\n", g->machine, arch);
	buf_printf(out, "  <vcpu max='%d'/>\n  <iothreads supported='no'/>\n",
	    hvm ? VCPUS_HVM : VCPUS_OTHER);
	write_os(hvm, out);
	buf_puts(out, "  <cpu>\n");
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		buf_printf(out, "    <mode name='%s' supported='no'/>\n",
		    modes[i]);
	buf_puts(out, "  </cpu>\n");
	write_devices(strcmp(g->machine, "xenpvh") == 0, out);
	buf_puts(out, "  <features>\n");
	for (size_t i = 0; i < sizeof(features) / sizeof(features[0]); i++)
		buf_printf(out, "    <%s supported='no'/>\n", features[i]);
	buf_puts(out, "  </features>\n</domainCapabilities>\n");
}

static const struct domain_guest *
find_machine(const char *machine)
{
	const struct domain_guest *g = xen_domain_caps.guests;

	while (g->os_type != NULL && strcmp(g->machine, machine) != 0)
		g++;
	return g->os_type != NULL ? g : NULL;
}

static bool
is_known_arch(const char *arch)
{
	const struct domain_guest *g = xen_domain_caps.guests;

	while (g->os_type != NULL && strcmp(g->arch, arch) != 0)
		g++;
	return g->os_type != NULL;
}

int
xen_connect_get_domain_capabilities(void *state, struct call *call)
{
	const struct xvm_connect_get_domain_capabilities_args *args =
	    call->args;
	struct xvm_connect_get_domain_capabilities_ret *ret = call->ret;
	const char *arch = args->arch != NULL ? *args->arch : node_arch();
	const char *machine = args->machine != NULL ? *args->machine :
	    "xenpv";
	const struct domain_guest *g = find_machine(machine);
	struct buf out = BUF_INIT;

	(void)state;
	if (xen_check_flags(args->flags, 0,
	    "libxlConnectGetDomainCapabilities", &call->err) != 0)
		return -1;
	if (args->virttype != NULL && strcmp(*args->virttype, "xen") != 0)
		return error_set(&call->err, XVM_FROM_LIBXL,
		    XVM_ERR_INVALID_ARG, "unknown virttype: %s",
		    *args->virttype);
	if (!is_known_arch(arch))
		return error_set(&call->err, XVM_FROM_LIBXL,
		    XVM_ERR_INVALID_ARG, "unknown architecture: %s", arch);
	if (g == NULL)
		return error_set(&call->err, XVM_FROM_LIBXL,
		    XVM_ERR_INVALID_ARG, "Xen only supports 'xenpv', "
		    "'xenpvh' and 'xenfv' machines");
	write_caps(args->emulatorbin != NULL ? *args->emulatorbin : NULL, g,
	    arch, &out);
	ret->capabilities = buf_detach(&out);
	return ret->capabilities != NULL ? 0 : error_nomem(&call->err);
}
