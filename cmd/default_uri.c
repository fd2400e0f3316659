/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which hypervisor is meant when nobody says. */
#include "default_uri.h"

#include <stdlib.h>
#include <string.h>

#include "../lib/buf.h"
#include "../lib/file.h"
#include "config.h"
#include "session.h"

/* Does /proc/xen say that this is Xen's control domain? */
static bool
is_control_domain(void)
{
	struct error err = ERROR_INIT;
	struct buf text = BUF_INIT;
	bool yes = file_read("/proc/xen/capabilities", 4096, &text,
	    &err) == 0 && strstr(buf_str(&text), "control_d") != NULL;

	buf_release(&text);
	error_release(&err);
	return yes;
}

char *
default_uri(struct session *session)
{
	static const char *const variables[] = {
		"XVSH_DEFAULT_URI", "VIRSH_DEFAULT_CONNECT_URI",
		"LIBVIRT_DEFAULT_URI",
	};
	char *uri;

	for (size_t i = 0; i < 3; i++) {
		const char *value = getenv(variables[i]);

		if (value != NULL && value[0] != '\0')
			return strdup(value);
	}
	uri = config_get("uri_default");
	if (uri != NULL)
		return uri;
	if (is_control_domain())
		return strdup("xen:///");
	if (session->interactive)
		(void)fputs("xvsh: no Xen here, this is the built-in test "
		    "hypervisor (test:///default)\n", stderr);
	return strdup("test:///default");
}
