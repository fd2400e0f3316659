/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The test host's capabilities document. */
#include <dirent.h>
#include <stdlib.h>

#include "../buf.h"
#include "test.h"

#define IOMMU_GROUPS "/sys/kernel/iommu_groups"

static const char host_head[] =
    "<capabilities>\n"
    "\n"
    "  <host>\n"
    "    <cpu>\n"
    "      <arch>i686</arch>\n"
    "      <features>\n"
    "        <pae/>\n"
    "        <nonpae/>\n"
    "      </features>\n"
    "      <pages unit='KiB' size='4'/>\n"
    "      <pages unit='KiB' size='8'/>\n"
    "      <pages unit='KiB' size='2048'/>\n"
    "      <pages unit='KiB' size='1048576'/>\n"
    "    </cpu>\n"
    "    <power_management/>\n";

static const char host_tail[] =
    "    <secmodel>\n"
    "      <model>testSecurity</model>\n"
    "      <doi></doi>\n"
    "    </secmodel>\n"
    "  </host>\n"
    "\n";

static const char guest[] =
    "  <guest>\n"
    "    <os_type>%s</os_type>\n"
    "    <arch name='i686'>\n"
    "      <wordsize>32</wordsize>\n"
    "      <emulator>/usr/bin/test-hv</emulator>\n"
    "      <domain type='test'/>\n"
    "    </arch>\n"
    "    <features>\n"
    "      <pae/>\n"
    "      <nonpae/>\n"
    "    </features>\n"
    "  </guest>\n"
    "\n";

/* The one thing that is of the real host. */
static bool
has_iommu(void)
{
	DIR *dir = opendir(IOMMU_GROUPS);
	const struct dirent *e;
	bool found = false;

	if (dir == NULL)
		return false;
	while (!found && (e = readdir(dir)) != NULL)
		found = e->d_name[0] != '.';
	(void)closedir(dir);
	return found;
}

static void
write_cell(const struct test_cell *cell, int id, struct buf *out)
{
	int page_kib = id == 1 ? 8 : 4;

	buf_printf(out, "        <cell id='%d'>\n", id);
	buf_printf(out, "          <memory unit='KiB'>%llu</memory>\n",
	    (unsigned long long)cell->memory_kib);
	buf_printf(out, "          <pages unit='KiB' size='%d'>%llu</pages>\n",
	    page_kib, (unsigned long long)cell->memory_kib /
	    (unsigned int)page_kib);
	buf_puts(out, "          <pages unit='KiB' size='2048'>0</pages>\n"
	    "          <pages unit='KiB' size='1048576'>0</pages>\n");
	buf_printf(out, "          <cpus num='%d'>\n", cell->n_cpus);
	for (int i = 0; i < cell->n_cpus; i++)
		buf_printf(out, "            <cpu id='%d' socket_id='%d' "
		    "die_id='0' core_id='%d' siblings='%d'/>\n",
		    cell->first_cpu + i, id, i, cell->first_cpu + i);
	buf_puts(out, "          </cpus>\n        </cell>\n");
}

int
test_connect_get_capabilities(void *state, struct call *call)
{
	const struct test_host *host = ((struct test_conn *)state)->host;
	struct xvm_connect_get_capabilities_ret *ret = call->ret;
	struct buf out = BUF_INIT;

	buf_puts(&out, host_head);
	buf_printf(&out, "    <iommu support='%s'/>\n",
	    has_iommu() ? "yes" : "no");
	buf_printf(&out, "    <topology>\n      <cells num='%d'>\n",
	    host->n_cells);
	for (int i = 0; i < host->n_cells; i++)
		write_cell(&host->cells[i], i, &out);
	buf_puts(&out, "      </cells>\n    </topology>\n");
	buf_puts(&out, host_tail);
	buf_printf(&out, guest, "hvm");
	buf_printf(&out, guest, "xen");
	buf_puts(&out, "</capabilities>\n");
	ret->capabilities = buf_detach(&out);
	return ret->capabilities != NULL ? 0 : error_nomem(&call->err);
}
