/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A host from a node file: <node> with <cpu>, <memory> and <domain>s, in it or
 * in files of their own. What else a node has (networks, pools, interfaces,
 * devices) is accepted and not used.
 */
#include <stdlib.h>
#include <string.h>

#include "../xml.h"
#include "test.h"

int
test_host_load(struct test_host *host, const char *path, struct error *err)
{
	host->file = xml_parse_file(path, XVM_FROM_TEST, err);
	if (host->file == NULL)
		return -1;
	return 0;
}
