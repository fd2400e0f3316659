/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* attach-device, and the checks and the call of all that attach. */
#include "device_attach.h"

#include "device.h"
#include "input.h"

int
attach_or_print(struct cmd *cmd, const char *xml, unsigned int flags,
    const char *what)
{
	const struct xvm_domain *dom;

	if (cmd_has(cmd, "print-xml")) {
		cmd_document(cmd, "xml", xml);
		return 0;
	}
	dom = cmd_domain(cmd);
	if (dom == NULL)
		return -1;
	device_add_live(cmd, dom, &flags);
	if (device_attach(cmd, dom, xml, flags) == NULL)
		return cmd_error(cmd, "Failed to attach %s", what);
	return 0;
}

static const struct option attach_device_options[] = {
	OPTION_DOMAIN(0),
	OPTION_WORD("file", "file with the device's XML", complete_file),
	OPTIONS_DEVICE,
	{ 0 }
};

static int
attach_device_run(struct cmd *cmd)
{
	const struct xvm_domain *dom;
	const char *file, *xml;
	unsigned int flags;

	if (device_flags(cmd, &flags) != 0 ||
	    (dom = cmd_domain(cmd)) == NULL ||
	    cmd_string(cmd, "file", &file) != 0)
		return -1;
	device_add_live(cmd, dom, &flags);
	xml = cmd_read_file(cmd, file);
	if (xml == NULL)
		return -1;
	if (device_attach(cmd, dom, xml, flags) == NULL)
		return cmd_error(cmd, "Failed to attach device from %s", file);
	cmd_extra(cmd, "Device attached successfully\n");
	return 0;
}

const struct command command_attach_device = {
	.name = "attach-device",
	.summary = "attach a device that a file describes",
	.description = "Attach the device whose XML is in a file to a domain.",
	.options = attach_device_options,
	.run = attach_device_run,
};
