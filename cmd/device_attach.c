/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* attach-device, and the checks and the call of all that attach. */
#include "device_attach.h"

#include "device.h"

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
	return device_from_file(cmd, device_attach, 0, "attach", "attached");
}

const struct command command_attach_device = {
	.name = "attach-device",
	.summary = "attach a device that a file describes",
	.description = "Attach the device whose XML is in a file to a domain.",
	.options = attach_device_options,
	.run = attach_device_run,
};
