/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* attach-interface: a network interface from options. */
#include <inttypes.h>
#include <string.h>

#include "../lib/buf.h"
#include "device.h"
#include "device_address.h"
#include "device_attach.h"
#include "rates.h"

/* The texts among the options, in the order in which they are read. */
enum text {
	TYPE, SOURCE, TARGET, MAC, SCRIPT, MODEL, ALIAS, INBOUND, OUTBOUND,
	SOURCE_MODE, N_TEXTS
};

static const char *const text_options[N_TEXTS] = {
	[TYPE] = "type", [SOURCE] = "source", [TARGET] = "target",
	[MAC] = "mac", [SCRIPT] = "script", [MODEL] = "model",
	[ALIAS] = "alias", [INBOUND] = "inbound", [OUTBOUND] = "outbound",
	[SOURCE_MODE] = "source-mode",
};

struct net {
	const char *text[N_TEXTS];	/* NULL: not given */
	uint64_t inbound[N_RATES], outbound[N_RATES];
};

static int
read_rates(struct cmd *cmd, struct net *net)
{
	if (net->text[INBOUND] != NULL) {
		if (rates_parse(cmd, net->text[INBOUND], net->inbound) != 0)
			return -1;
		if (net->inbound[AVERAGE] == 0 && net->inbound[FLOOR] == 0)
			return cmd_error(cmd,
			    "either inbound average or floor is mandatory");
	}
	if (net->text[OUTBOUND] != NULL) {
		if (rates_parse(cmd, net->text[OUTBOUND], net->outbound) != 0)
			return -1;
		if (net->outbound[AVERAGE] == 0)
			return cmd_error(cmd,
			    "outbound average is mandatory");
		if (net->outbound[FLOOR] != 0)
			return cmd_error(cmd,
			    "outbound floor is unsupported yet");
	}
	return 0;
}

static int
unsupported(struct cmd *cmd, const char *type)
{
	return cmd_error(cmd, "No support for %s in command "
	    "'attach-interface'", type);
}

static int
read_net(struct cmd *cmd, struct net *net)
{
	/* Only some of them can be attached, which is said later. */
	static const char *const types[] = {
		"user", "ethernet", "vhostuser", "server", "client", "mcast",
		"network", "bridge", "internal", "direct", "hostdev", "udp",
		"vdpa", "null", "vds",
	};
	const char *mode;

	for (size_t i = 0; i < N_TEXTS; i++) {
		if (cmd_string(cmd, text_options[i], &net->text[i]) != 0)
			return -1;
	}
	if (NUMBER_OF(types, net->text[TYPE]) < 0)
		return unsupported(cmd, net->text[TYPE]);
	mode = net->text[SOURCE_MODE];
	if (mode != NULL && strcmp(mode, "server") != 0 &&
	    strcmp(mode, "client") != 0)
		return cmd_error(cmd, "Invalid source mode: %s", mode);
	return read_rates(cmd, net);
}

/* --- XML ------------------------------------------------------------------ */

static int
put_source(struct cmd *cmd, const struct net *net, struct buf *out)
{
	const char *type = net->text[TYPE], *source = net->text[SOURCE];
	struct address address;

	if (strcmp(type, "network") == 0 || strcmp(type, "bridge") == 0) {
		buf_printf(out, "  <source %s='%s'/>\n", type, source);
	} else if (strcmp(type, "direct") == 0) {
		buf_printf(out, "  <source dev='%s'/>\n", source);
	} else if (strcmp(type, "hostdev") == 0) {
		if (address_parse(cmd_printf(cmd, "pci:%s", source), false,
		    &address) != 0)
			return cmd_error(cmd, "cannot parse pci address '%s' "
			    "for network interface", source);
		buf_puts(out, "  <source>\n    ");
		address_format(&address, out);
		buf_puts(out, "  </source>\n");
	} else if (strcmp(type, "vhostuser") == 0) {
		if (net->text[SOURCE_MODE] == NULL)
			return cmd_error(cmd, "source-mode is mandatory");
		buf_printf(out, "  <source type='unix' path='%s' mode='%s'/>\n",
		    source, net->text[SOURCE_MODE]);
	} else {
		return unsupported(cmd, type);
	}
	return 0;
}

static void
put_rates(const char *name, const uint64_t rates[N_RATES], struct buf *out)
{
	static const char *const attrs[N_RATES] = {
		[AVERAGE] = "average", [PEAK] = "peak", [BURST] = "burst",
		[FLOOR] = "floor",
	};

	if (rates[AVERAGE] == 0 && rates[FLOOR] == 0)
		return;
	buf_printf(out, "    <%s", name);
	for (size_t i = 0; i < N_RATES; i++) {
		if (rates[i] != 0)
			buf_printf(out, " %s='%" PRIu64 "'", attrs[i],
			    rates[i]);
	}
	buf_puts(out, "/>\n");
}

/* As it was typed: what is no valid XML is for the hypervisor to refuse. */
static int
put_net(struct cmd *cmd, const struct net *net, struct buf *out)
{
	static const struct {
		enum text text;
		const char *element, *attr;
	} parts[] = {
		{ TARGET, "target", "dev" }, { MAC, "mac", "address" },
		{ SCRIPT, "script", "path" }, { MODEL, "model", "type" },
		{ ALIAS, "alias", "name" },
	};

	buf_printf(out, "<interface type='%s'%s>\n", net->text[TYPE],
	    cmd_has(cmd, "managed") ? " managed='yes'" : "");
	if (put_source(cmd, net, out) != 0)
		return -1;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (net->text[parts[i].text] != NULL)
			buf_printf(out, "  <%s %s='%s'/>\n", parts[i].element,
			    parts[i].attr, net->text[parts[i].text]);
	}
	if (net->text[INBOUND] != NULL || net->text[OUTBOUND] != NULL) {
		buf_puts(out, "  <bandwidth>\n");
		put_rates("inbound", net->inbound, out);
		put_rates("outbound", net->outbound, out);
		buf_puts(out, "  </bandwidth>\n");
	}
	buf_puts(out, "</interface>\n");
	return 0;
}

/* --- the command ---------------------------------------------------------- */

static int
attach_interface_run(struct cmd *cmd)
{
	struct net net = { 0 };
	struct buf out = BUF_INIT;
	unsigned int flags;
	const char *xml = NULL;

	if (device_flags(cmd, &flags) != 0 || read_net(cmd, &net) != 0)
		return -1;
	if (put_net(cmd, &net, &out) == 0)
		xml = cmd_strdup(cmd, buf_str(&out));
	buf_release(&out);
	if (xml == NULL ||
	    attach_or_print(cmd, xml, flags, "interface") != 0)
		return -1;
	if (!cmd_has(cmd, "print-xml"))
		cmd_extra(cmd, "Interface attached successfully\n");
	return 0;
}

static const struct option attach_interface_options[] = {
	OPTION_DOMAIN(0),
	OPTION_WORD("type", "network, bridge, direct, hostdev or vhostuser",
	    NULL),
	OPTION_WORD("source", "what it is connected to on the host", NULL),
	OPTION_TEXT("target", "name of its device on the host", NULL),
	OPTION_TEXT("mac", "MAC address", NULL),
	OPTION_TEXT("script", "script that connects it", NULL),
	OPTION_TEXT("model", "model of the network card", NULL),
	OPTION_TEXT("alias", "the device's name for commands", NULL),
	OPTION_TEXT("inbound", "limits of what comes in, in KiB and seconds: "
	    "average,peak,burst,floor", NULL),
	OPTION_TEXT("outbound", "limits of what goes out: average,peak,burst",
	    NULL),
	OPTIONS_DEVICE,
	OPTION_SWITCH("print-xml", "print the device's XML, attach nothing"),
	OPTION_SWITCH("managed",
	    "take the device from the host, and give it back"),
	OPTION_TEXT("source-mode", "of vhostuser: server or client",
	    complete_source_mode),
	{ 0 }
};

const struct command command_attach_interface = {
	.name = "attach-interface",
	.summary = "attach a network interface",
	.description = "Attach a network interface, which the options "
	    "describe, to a domain.",
	.options = attach_interface_options,
	.run = attach_interface_run,
};
