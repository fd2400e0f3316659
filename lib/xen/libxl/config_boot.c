/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a domain boots: kernel, bootloader, firmware, order; device model. */
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "config_parts.h"
#include "number.h"

#define BOOTLOADER "pygrub"
#define FIRMWARE "/usr/lib/xen/boot/"

/* Firmware that libxl finds by itself, by the file's name. */
static const libxl_enum_string_table firmware[] = {
    {"rombios.bin", LIBXL_BIOS_TYPE_ROMBIOS},
    {"seabios.bin", LIBXL_BIOS_TYPE_SEABIOS},
    {"ovmf.bin", LIBXL_BIOS_TYPE_OVMF},
    {NULL, 0},
};

static const struct {
	const char *dev;
	char letter;
} boots[] = {
    {"fd", 'a'},
    {"hd", 'c'},
    {"cdrom", 'd'},
    {"network", 'n'},
};

static const char *
file_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? path : slash + 1;
}

static int
loader(struct conv *conv, const struct node *os)
{
	libxl_domain_build_info *info = &conv->config->b_info;
	const struct node *node = node_child(os, "loader");
	const char *path = node_text(node);
	int known;

	if (node_attr_is(os, "firmware", "efi"))
		info->u.hvm.bios = LIBXL_BIOS_TYPE_OVMF;
	else if (node_attr(os, "firmware") != NULL &&
		 !node_attr_is(os, "firmware", "bios"))
		return conv_refuse(conv, os, "unsupported firmware '%s'",
		    node_attr(os, "firmware"));
	if (path == NULL || path[0] == '\0')
		return 0;
	known = conv_value(firmware, file_name(path));
	if (node_attr_is(node, "type", "pflash")) {
		info->u.hvm.bios = LIBXL_BIOS_TYPE_OVMF;
		return known == LIBXL_BIOS_TYPE_OVMF
			   ? 0
			   : conv_string(
				 conv, &info->u.hvm.system_firmware, path);
	}
	if (strcmp(file_name(path), "hvmloader") == 0)
		return 0;
	if (known < 0)
		return conv_string(conv, &info->u.hvm.firmware, path);
	info->u.hvm.bios = (libxl_bios_type)known;
	return 0;
}

/* The letter of a device with <boot order>, '\0': it is none to boot from. */
static char
device_letter(const struct node *device)
{
	if (node_is(device, "interface"))
		return 'n';
	if (!node_is(device, "disk"))
		return '\0';
	return node_attr_is(device, "device", "cdrom") ? 'd' : 'c';
}

/* Letters of the devices that have an order, each once. */
static void
device_order(const struct node *devices, char *letters)
{
	uint64_t last = 0, best;
	size_t n = 0;

	do {
		char letter = '\0';

		best = UINT64_MAX;
		for (const struct node *d = node_child(devices, NULL);
		     d != NULL; d = node_next(d, NULL)) {
			uint64_t order =
			    conv_number(node_child(d, "boot"), "order", 0);

			if (order <= last || order >= best ||
			    device_letter(d) == '\0')
				continue;
			best = order;
			letter = device_letter(d);
		}
		last = best;
		if (letter != '\0' && memchr(letters, letter, n) == NULL)
			letters[n++] = letter;
	} while (best != UINT64_MAX);
	letters[n] = '\0';
}

static int
boot_order(struct conv *conv, const struct node *os)
{
	char letters[8] = "";
	size_t n = 0;

	for (const struct node *b = node_child(os, "boot"); b != NULL;
	     b = node_next(b, "boot")) {
		for (size_t i = 0; i < sizeof(boots) / sizeof(boots[0]); i++) {
			if (node_attr_is(b, "dev", boots[i].dev) &&
			    memchr(letters, boots[i].letter, n) == NULL)
				letters[n++] = boots[i].letter;
		}
	}
	letters[n] = '\0';
	if (n == 0)
		device_order(node_child(conv->domain, "devices"), letters);
	return conv_string(conv, &conv->config->b_info.u.hvm.boot,
	    letters[0] == '\0' ? "c" : letters);
}

static int
device_model(struct conv *conv)
{
	libxl_domain_build_info *info = &conv->config->b_info;
	const char *path = node_find_text(conv->domain, "devices/emulator");

	if (path == NULL || path[0] == '\0')
		return 0;
	info->device_model_version =
	    strcmp(file_name(path), "qemu-dm") == 0
		? LIBXL_DEVICE_MODEL_VERSION_QEMU_XEN_TRADITIONAL
		: LIBXL_DEVICE_MODEL_VERSION_QEMU_XEN;
	return conv_string(conv, &info->device_model, path);
}

static int
generation_id(struct conv *conv)
{
	const struct node *node = node_child(conv->domain, "genid");
	uint8_t *bytes = conv->config->b_info.u.hvm.ms_vm_genid.bytes;
	static const uint8_t places[] = {3, 2, 1, 0, 5, 4, 7, 6};
	libxl_uuid uuid;

	if (node == NULL)
		return 0;
	if (libxl_uuid_from_string(&uuid, node_text(node)) != 0)
		return conv_refuse_code(conv, node, XVM_ERR_INTERNAL_ERROR,
		    "malformed genid element");
	/* As a GUID lies in memory: its first three parts little-endian. */
	for (size_t i = 0; i < 16; i++)
		bytes[i] = libxl_uuid_bytearray(&uuid)[i < 8 ? places[i] : i];
	return 0;
}

static int
hvm(struct conv *conv, const struct node *os)
{
	const struct node *smbios = node_child(os, "smbios");
	const struct node *acpi = node_child(os, "acpi");

	if (smbios != NULL && !node_attr_is(smbios, "mode", "emulate"))
		return conv_refuse(conv, smbios, "unsupported smbios mode '%s'",
		    node_attr(smbios, "mode"));
	if (conv_string(conv, &conv->config->b_info.u.hvm.acpi_firmware,
		node_find_text(acpi, "table")) != 0)
		return -1;
	return loader(conv, os) != 0 || boot_order(conv, os) != 0 ||
		       device_model(conv) != 0 || generation_id(conv) != 0
		   ? -1
		   : 0;
}

static int
split_arguments(
    const struct conv *conv, const char *text, libxl_string_list *out)
{
	while (*(text += strspn(text, " \t\n")) != '\0') {
		size_t n = strcspn(text, " \t\n");
		char *word = strndup(text, n);
		int rc;

		if (word == NULL)
			return error_nomem(conv->err);
		rc = conv_string_add(conv, out, word);
		free(word);
		if (rc != 0)
			return -1;
		text += n;
	}
	return 0;
}

static int
paravirtual(struct conv *conv, const struct node *os)
{
	libxl_domain_build_info *info = &conv->config->b_info;
	const char *path = node_find_text(conv->domain, "bootloader");
	const char *args = node_find_text(conv->domain, "bootloader_args");
	bool kernel = node_child(os, "kernel") != NULL;

	if (node_child(os, "loader") != NULL)
		return conv_refuse(conv, node_child(os, "loader"),
		    "a loader is only supported for HVM domains");
	if (path == NULL && !kernel) {
		if (conv->type == LIBXL_DOMAIN_TYPE_PVH)
			return conv_refuse(conv, os,
			    "a PVH domain needs a kernel or a bootloader");
		path = BOOTLOADER;
	}
	if (conv_string(conv, &info->bootloader, path) != 0)
		return -1;
	return args == NULL
		   ? 0
		   : split_arguments(conv, args, &info->bootloader_args);
}

int
boot_from_xml(struct conv *conv)
{
	libxl_domain_build_info *info = &conv->config->b_info;
	const struct node *os = node_child(conv->domain, "os");

	if (conv_string(conv, &info->kernel, node_find_text(os, "kernel")) !=
		0 ||
	    conv_string(conv, &info->ramdisk, node_find_text(os, "initrd")) !=
		0 ||
	    conv_string(conv, &info->cmdline, node_find_text(os, "cmdline")) !=
		0)
		return -1;
	if (node_child(os, "dtb") != NULL)
		return conv_refuse(conv, node_child(os, "dtb"),
		    "a device tree is not supported for x86 domains");
	return conv->type == LIBXL_DOMAIN_TYPE_HVM ? hvm(conv, os)
						   : paravirtual(conv, os);
}

static void
text_to_xml(struct node *parent, const char *name, const char *text)
{
	if (text != NULL && text[0] != '\0')
		(void)node_add_text(parent, name, text);
}

static void
loader_to_xml(const libxl_domain_build_info *info, struct node *os)
{
	const char *name = conv_name(firmware, (int)info->u.hvm.bios);
	bool ovmf = info->u.hvm.bios == LIBXL_BIOS_TYPE_OVMF;
	const char *path = ovmf && info->u.hvm.system_firmware != NULL
			       ? info->u.hvm.system_firmware
			       : info->u.hvm.firmware;
	struct node *node;

	/* SeaBIOS is what libxl takes when nothing is said. */
	if (path == NULL && name != NULL &&
	    info->u.hvm.bios != LIBXL_BIOS_TYPE_SEABIOS)
		path = doc_printf(os->doc, FIRMWARE "%s", name);
	if (path == NULL)
		return;
	node = node_add_text(os, "loader", path);
	if (ovmf)
		node_set_attr(node, "readonly", "yes");
	node_set_attr(node, "type", ovmf ? "pflash" : "rom");
}

static void
generation_id_to_xml(const libxl_domain_build_info *info, struct node *domain)
{
	const uint8_t *b = info->u.hvm.ms_vm_genid.bytes;
	size_t i = 0;

	while (i < 16 && b[i] == 0)
		i++;
	if (i == 16)
		return;
	(void)node_add_text(domain, "genid",
	    doc_printf(domain->doc,
		"%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-"
		"%02x%02x%02x%02x%02x%02x",
		b[3], b[2], b[1], b[0], b[5], b[4], b[7], b[6], b[8], b[9],
		b[10], b[11], b[12], b[13], b[14], b[15]));
}

static void
hvm_to_xml(
    const libxl_domain_build_info *info, struct node *domain, struct node *os)
{
	const char *order = info->u.hvm.boot;
	struct node *acpi;

	loader_to_xml(info, os);
	if (info->u.hvm.acpi_firmware != NULL) {
		acpi = node_add_text(
		    node_add(os, "acpi"), "table", info->u.hvm.acpi_firmware);
		node_set_attr(acpi, "type", "slic");
	}
	for (; order != NULL && *order != '\0'; order++) {
		for (size_t i = 0; i < sizeof(boots) / sizeof(boots[0]); i++) {
			if (boots[i].letter == *order)
				node_set_attr(
				    node_add(os, "boot"), "dev", boots[i].dev);
		}
	}
	generation_id_to_xml(info, domain);
	text_to_xml(
	    node_need(domain, "devices"), "emulator", info->device_model);
}

void
boot_to_xml(const libxl_domain_config *config, struct node *domain)
{
	static const struct {
		const char *os, *machine;
	} types[] = {
	    [LIBXL_DOMAIN_TYPE_HVM] = {"hvm", "xenfv"},
	    [LIBXL_DOMAIN_TYPE_PV] = {"linux", "xenpv"},
	    [LIBXL_DOMAIN_TYPE_PVH] = {"xenpvh", "xenpvh"},
	};
	const libxl_domain_build_info *info = &config->b_info;
	libxl_domain_type t = config->c_info.type;
	struct buf args = BUF_INIT;
	struct node *os = node_add(domain, "os"), *type;

	if (t != LIBXL_DOMAIN_TYPE_HVM && t != LIBXL_DOMAIN_TYPE_PVH)
		t = LIBXL_DOMAIN_TYPE_PV;
	type = node_add_text(os, "type", types[t].os);
	node_set_attr(type, "arch", "x86_64");
	node_set_attr(type, "machine", types[t].machine);
	text_to_xml(os, "kernel", info->kernel);
	text_to_xml(os, "initrd", info->ramdisk);
	text_to_xml(os, "cmdline", info->cmdline);
	if (t == LIBXL_DOMAIN_TYPE_HVM) {
		hvm_to_xml(info, domain, os);
		return;
	}
	text_to_xml(domain, "bootloader", info->bootloader);
	for (size_t i = 0;
	     info->bootloader_args != NULL && info->bootloader_args[i] != NULL;
	     i++)
		buf_printf(
		    &args, "%s%s", i > 0 ? " " : "", info->bootloader_args[i]);
	text_to_xml(domain, "bootloader_args", buf_str(&args));
	buf_release(&args);
}
