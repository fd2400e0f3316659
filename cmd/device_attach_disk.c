/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* attach-disk: a disk from options. */
#include <ctype.h>
#include <string.h>
#include <sys/stat.h>

#include "../lib/buf.h"
#include "device.h"
#include "device_address.h"
#include "device_attach.h"

/* The texts among the options, in the order in which they are read. */
enum text {
	SOURCE, TARGET, DRIVER, SUBDRIVER, DEVICE, MODE, IOTHREAD, CACHE, IO,
	SERIAL, WWN, ADDRESS, TARGETBUS, ALIAS, SOURCETYPE, PROTOCOL,
	HOST_NAME, HOST_TRANSPORT, HOST_SOCKET, N_TEXTS
};

static const char *const text_options[N_TEXTS] = {
	[SOURCE] = "source", [TARGET] = "target", [DRIVER] = "driver",
	[SUBDRIVER] = "subdriver", [DEVICE] = "type", [MODE] = "mode",
	[IOTHREAD] = "iothread", [CACHE] = "cache", [IO] = "io",
	[SERIAL] = "serial", [WWN] = "wwn", [ADDRESS] = "address",
	[TARGETBUS] = "targetbus", [ALIAS] = "alias",
	[SOURCETYPE] = "sourcetype", [PROTOCOL] = "source-protocol",
	[HOST_NAME] = "source-host-name",
	[HOST_TRANSPORT] = "source-host-transport",
	[HOST_SOCKET] = "source-host-socket",
};

enum source_type {
	TYPE_UNSET,
	TYPE_FILE,
	TYPE_BLOCK,
	TYPE_NETWORK,
};

static const char *const type_names[] = {
	[TYPE_UNSET] = "", [TYPE_FILE] = "file", [TYPE_BLOCK] = "block",
	[TYPE_NETWORK] = "network",
};

struct disk {
	const char *text[N_TEXTS];	/* NULL: not given */
	enum source_type type;
	struct address address;		/* with text[ADDRESS] */
};

static bool
is_text(const char *given, const char *text)
{
	return given != NULL && strcmp(given, text) == 0;
}

static enum source_type
guess_type(const struct disk *disk)
{
	const char *driver = disk->text[DRIVER];
	struct stat st;

	if (disk->text[PROTOCOL] != NULL)
		return TYPE_NETWORK;
	if (!is_text(driver, "file") && !is_text(driver, "tap") &&
	    stat(disk->text[SOURCE], &st) == 0 && S_ISBLK(st.st_mode))
		return TYPE_BLOCK;
	return TYPE_FILE;
}

static int
read_type(struct cmd *cmd, struct disk *disk)
{
	const char *name = disk->text[SOURCETYPE];
	int type = name == NULL ? TYPE_UNSET : NUMBER_OF(type_names, name);

	if (type < 0)
		return cmd_error(cmd, "Unknown source type: '%s'", name);
	disk->type = type == TYPE_UNSET ? guess_type(disk) :
	    (enum source_type)type;
	if ((disk->type == TYPE_NETWORK) != (disk->text[PROTOCOL] != NULL))
		return cmd_error(cmd, "--source-protocol option requires "
		    "--sourcetype network");
	return 0;
}

/* 16 hexadecimal digits, perhaps behind "0x". */
static int
check_wwn(struct cmd *cmd, const char *wwn)
{
	struct error err = ERROR_INIT;
	const char *digits = strncmp(wwn, "0x", 2) == 0 ? wwn + 2 : wwn;
	size_t n = 0;

	while (isxdigit((unsigned char)digits[n]))
		n++;
	if (n == 16 && digits[n] == '\0')
		return 0;
	(void)error_set(&err, XVM_FROM_NONE, XVM_ERR_INTERNAL_ERROR,
	    "Malformed wwn: %s", wwn);
	return cmd_set_error(cmd, &err);
}

/* Which kinds of address a disk may have tells the beginning of its target. */
static int
read_address(struct cmd *cmd, struct disk *disk)
{
	static const struct {
		const char *prefix;
		unsigned int kinds;	/* bits */
		const char *expected;
	} rules[] = {
		{ "vd", 1u << ADDRESS_PCI | 1u << ADDRESS_CCW,
		    "a pci:0000.00.00.00 or ccw:00.0.0000" },
		{ "sd", 1u << ADDRESS_SCSI | 1u << ADDRESS_USB |
		    1u << ADDRESS_SATA,
		    "a scsi:00.00.00 or usb:00.00 or sata:00.00.00" },
		{ "hd", 1u << ADDRESS_IDE, "an ide:00.00.00" },
	};

	if (address_parse(disk->text[ADDRESS], cmd_has(cmd, "multifunction"),
	    &disk->address) != 0)
		return cmd_error(cmd, "Invalid address.");
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		if (strncmp(disk->text[TARGET], rules[i].prefix, 2) == 0 &&
		    (rules[i].kinds & 1u << disk->address.kind) == 0)
			return cmd_error(cmd, "expecting %s address.",
			    rules[i].expected);
	}
	return 0;
}

static int
read_disk(struct cmd *cmd, struct disk *disk)
{
	const char *mode;

	for (size_t i = 0; i < N_TEXTS; i++) {
		if (cmd_string(cmd, text_options[i], &disk->text[i]) != 0)
			return -1;
	}
	if (read_type(cmd, disk) != 0)
		return -1;
	mode = disk->text[MODE];
	if (mode != NULL && strcmp(mode, "readonly") != 0 &&
	    strcmp(mode, "shareable") != 0)
		return cmd_error(cmd,
		    "No support for %s in command 'attach-disk'", mode);
	if (disk->text[WWN] != NULL && check_wwn(cmd, disk->text[WWN]) != 0)
		return -1;
	return disk->text[ADDRESS] == NULL ? 0 : read_address(cmd, disk);
}

/* --- XML ------------------------------------------------------------------ */

/* name='value' with a blank in front; NULL: nothing. */
static void
put_attr(struct buf *out, const char *name, const char *value)
{
	if (value == NULL)
		return;
	buf_printf(out, " %s='", name);
	xml_escape(value, out);
	buf_putc(out, '\'');
}

/* The end of <source>: with a <host> in it when one is given. */
static void
put_host(const struct disk *disk, struct buf *out)
{
	const char *name = disk->text[HOST_NAME];
	const char *port = name == NULL ? NULL : strchr(name, ':');
	struct buf host = BUF_INIT;

	if (name == NULL && disk->text[HOST_TRANSPORT] == NULL &&
	    disk->text[HOST_SOCKET] == NULL) {
		buf_puts(out, "/>\n");
		return;
	}
	buf_puts(out, ">\n    <host");
	put_attr(out, "transport", disk->text[HOST_TRANSPORT]);
	put_attr(out, "socket", disk->text[HOST_SOCKET]);
	if (port != NULL) {
		buf_add(&host, name, (size_t)(port - name));
		name = buf_str(&host);
	}
	put_attr(out, "name", name);
	put_attr(out, "port", port == NULL ? NULL : port + 1);
	buf_puts(out, "/>\n  </source>\n");
	buf_release(&host);
}

static void
put_source(const struct disk *disk, struct buf *out)
{
	buf_puts(out, "  <source");
	if (disk->type != TYPE_NETWORK) {
		put_attr(out, disk->type == TYPE_FILE ? "file" : "dev",
		    disk->text[SOURCE]);
		buf_puts(out, "/>\n");
		return;
	}
	put_attr(out, "protocol", disk->text[PROTOCOL]);
	put_attr(out, "name", disk->text[SOURCE]);
	put_host(disk, out);
}

/* As it was typed: what is no valid XML is for the hypervisor to refuse. */
static void
put_disk(struct cmd *cmd, const struct disk *disk, struct buf *out)
{
	static const struct {
		enum text text;
		const char *attr;
	} driver[] = {
		{ DRIVER, "name" }, { SUBDRIVER, "type" },
		{ IOTHREAD, "iothread" }, { CACHE, "cache" }, { IO, "io" },
	};
	struct buf attrs = BUF_INIT;

	buf_printf(out, "<disk type='%s'", type_names[disk->type]);
	put_attr(out, "device", disk->text[DEVICE]);
	if (cmd_has(cmd, "rawio"))
		buf_puts(out, " rawio='yes'");
	buf_puts(out, ">\n");
	for (size_t i = 0; i < sizeof(driver) / sizeof(driver[0]); i++)
		put_attr(&attrs, driver[i].attr, disk->text[driver[i].text]);
	if (attrs.len > 0)
		buf_printf(out, "  <driver%s/>\n", buf_str(&attrs));
	buf_release(&attrs);
	put_source(disk, out);
	buf_printf(out, "  <target dev='%s'", disk->text[TARGET]);
	if (disk->text[TARGETBUS] != NULL)
		buf_printf(out, " bus='%s'", disk->text[TARGETBUS]);
	buf_puts(out, "/>\n");
	if (disk->text[MODE] != NULL)
		buf_printf(out, "  <%s/>\n", disk->text[MODE]);
	if (disk->text[SERIAL] != NULL)
		buf_printf(out, "  <serial>%s</serial>\n",
		    disk->text[SERIAL]);
	if (disk->text[ALIAS] != NULL)
		buf_printf(out, "  <alias name='%s'/>\n", disk->text[ALIAS]);
	if (disk->text[WWN] != NULL)
		buf_printf(out, "  <wwn>%s</wwn>\n", disk->text[WWN]);
	if (disk->text[ADDRESS] != NULL) {
		buf_puts(out, "  ");
		address_format(&disk->address, out);
	}
	buf_puts(out, "</disk>\n");
}

/* --- the command ---------------------------------------------------------- */

static int
attach_disk_run(struct cmd *cmd)
{
	struct disk disk = { 0 };
	struct buf out = BUF_INIT;
	unsigned int flags;
	const char *xml;

	if (device_flags(cmd, &flags) != 0 ||
	    cmd_requires(cmd, "source-host-name", "source-protocol") != 0 ||
	    cmd_requires(cmd, "source-host-transport",
	    "source-protocol") != 0 ||
	    cmd_requires(cmd, "source-host-socket", "source-protocol") != 0 ||
	    cmd_requires(cmd, "source-host-socket",
	    "source-host-transport") != 0 ||
	    cmd_exclusive(cmd, "source-host-name",
	    "source-host-socket") != 0 ||
	    read_disk(cmd, &disk) != 0)
		return -1;
	put_disk(cmd, &disk, &out);
	xml = cmd_strdup(cmd, buf_str(&out));
	buf_release(&out);
	if (attach_or_print(cmd, xml, flags, "disk") != 0)
		return -1;
	if (!cmd_has(cmd, "print-xml"))
		cmd_extra(cmd, "Disk attached successfully\n");
	return 0;
}

static const struct option attach_disk_options[] = {
	OPTION_DOMAIN(0),
	{ .name = "source", .type = OPTION_DATA,
	    .flags = OPTION_REQUIRED | OPTION_EMPTY_OK,
	    .help = "file, block device or name on the network",
	    .complete = complete_file },
	OPTION_WORD("target", "name in the domain: vdb, sda", NULL),
	OPTION_TEXT("targetbus", "bus that the domain sees it on", NULL),
	OPTION_TEXT("driver", "name of the driver", NULL),
	OPTION_TEXT("subdriver", "format of the image", NULL),
	OPTION_TEXT("iothread", "IOThread that serves it", complete_iothread),
	OPTION_TEXT("cache", "how the host caches it", NULL),
	OPTION_TEXT("io", "how the host reads and writes it", NULL),
	OPTION_TEXT("type", "kind of device: disk, cdrom, floppy, lun", NULL),
	OPTION_OLD_NAME("shareable", "mode=shareable"),
	OPTION_TEXT("mode", "readonly or shareable", NULL),
	OPTION_TEXT("sourcetype", "kind of source: file, block, network",
	    NULL),
	OPTION_TEXT("serial", "serial number", NULL),
	OPTION_TEXT("wwn", "world wide name, 16 hexadecimal digits", NULL),
	OPTION_TEXT("alias", "the device's name for commands", NULL),
	OPTION_SWITCH("rawio", "it needs raw I/O"),
	OPTION_TEXT("address", "address in the domain, as pci:0000.00.05.0",
	    NULL),
	OPTION_SWITCH("multifunction", "its PCI address has functions"),
	OPTION_SWITCH("print-xml", "print the device's XML, attach nothing"),
	OPTION_TEXT("source-protocol", "protocol of a source on the network",
	    NULL),
	OPTION_TEXT("source-host-name", "its host, or host:port", NULL),
	OPTION_TEXT("source-host-transport", "how its host is reached", NULL),
	OPTION_TEXT("source-host-socket", "socket that leads to its host",
	    NULL),
	OPTIONS_DEVICE,
	{ 0 }
};

const struct command command_attach_disk = {
	.name = "attach-disk",
	.summary = "attach a disk",
	.description = "Attach a disk, which the options describe, to a "
	    "domain.",
	.options = attach_disk_options,
	.run = attach_disk_run,
};
