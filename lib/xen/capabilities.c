/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The host's capabilities, in the form of libvirt's document. */
#include <stdlib.h>
#include <string.h>

#include "../buf.h"
#include "../cpuset.h"
#include "domain_caps.h"
#include "host_cpu.h"
#include "node.h"

#define LOADER "/usr/lib/xen/boot/hvmloader"

/* A bit of CPUID leaf 1, EDX. */
#define CPUID_PAE (1u << 6)

static bool
has_iommu(const xc_physinfo_t *info)
{
	return (info->capabilities & XEN_SYSCTL_PHYSCAP_directio) != 0;
}

static void
write_cpu(const xc_physinfo_t *info, struct buf *out)
{
	unsigned int cores = info->cores_per_socket;
	unsigned int threads = info->threads_per_core;
	struct cpu_set more;
	struct cpu_host cpu;
	const char *name;

	host_cpu_read(info, &cpu);
	buf_puts(out, "    <cpu>\n");
	buf_printf(out, "      <arch>%s</arch>\n", node_arch());
	if ((info->hw_cap[0] & CPUID_PAE) != 0)
		buf_puts(out, "      <features>\n        <pae/>\n"
		    "      </features>\n");
	if (cpu.model != NULL)
		buf_printf(out, "      <model>%s</model>\n", cpu.model->name);
	if (cores > 0 && threads > 0)
		buf_printf(out, "      <topology sockets='%u' dies='1' "
		    "cores='%u' threads='%u'/>\n", info->nr_cpus /
		    (cores * threads), cores, threads);
	if (cpu.model != NULL) {
		more = cpu_set_minus(&cpu.features, &cpu.model->features);
		for (size_t i = 0; (name = cpu_x86_feature_name(i)) != NULL;
		    i++) {
			if (cpu_set_has(&more, i))
				buf_printf(out, "      <feature name='%s'/>\n",
				    name);
		}
	}
	buf_printf(out, "      <pages unit='KiB' size='%d'/>\n",
	    HYPER_PAGE_KIB);
	buf_puts(out, "    </cpu>\n");
}

/* The CPUs that share the core of CPU i: "0-1,4". */
static void
write_siblings(const xc_cputopo_t *cpus, unsigned int n, unsigned int i,
    struct buf *out)
{
	struct cpuset same = { .end = 0 };

	for (unsigned int j = 0; j < n; j++) {
		if (cpus[j].core == cpus[i].core &&
		    cpus[j].socket == cpus[i].socket &&
		    cpus[j].node == cpus[i].node)
			cpuset_add(&same, j);
	}
	cpuset_print(&same, out);
}

static void
write_cell(const xc_meminfo_t *cell, const uint32_t *distances,
    unsigned int id, unsigned int n_cells, const xc_cputopo_t *cpus,
    unsigned int n_cpus, struct buf *out)
{
	unsigned int count = 0;

	buf_printf(out, "        <cell id='%u'>\n", id);
	buf_printf(out, "          <memory unit='KiB'>%llu</memory>\n",
	    (unsigned long long)cell->memsize / 1024);
	buf_printf(out, "          <pages unit='KiB' size='%d'>%llu</pages>\n",
	    HYPER_PAGE_KIB, (unsigned long long)cell->memsize / 1024 /
	    HYPER_PAGE_KIB);
	buf_puts(out, "          <distances>\n");
	for (unsigned int i = 0; i < n_cells; i++) {
		uint32_t d = distances[(size_t)id * n_cells + i];

		if (d != 0 && d != XEN_INVALID_NODE_DIST)
			buf_printf(out, "            <sibling id='%u' "
			    "value='%u'/>\n", i, d);
	}
	buf_puts(out, "          </distances>\n");
	for (unsigned int i = 0; i < n_cpus; i++)
		count += cpus[i].core != XEN_INVALID_CORE_ID &&
		    cpus[i].node == id;
	buf_printf(out, "          <cpus num='%u'>\n", count);
	for (unsigned int i = 0; i < n_cpus; i++) {
		if (cpus[i].core == XEN_INVALID_CORE_ID || cpus[i].node != id)
			continue;
		buf_printf(out, "            <cpu id='%u' socket_id='%u' "
		    "die_id='0' core_id='%u' siblings='", i, cpus[i].socket,
		    cpus[i].core);
		write_siblings(cpus, n_cpus, i, out);
		buf_puts(out, "'/>\n");
	}
	buf_puts(out, "          </cpus>\n        </cell>\n");
}

static int
write_topology(struct xen_conn *xen, struct buf *out, struct error *err)
{
	unsigned int n_cells = 0, n_cpus = 0, count = 0;
	uint32_t *distances = NULL;
	xc_meminfo_t *cells = node_cells(xen, &n_cells, &distances, err);
	xc_cputopo_t *cpus = cells != NULL ? node_cpus(xen, &n_cpus, err) :
	    NULL;

	if (cpus != NULL) {
		for (unsigned int i = 0; i < n_cells; i++)
			count += cells[i].memsize != XEN_INVALID_MEM_SZ;
		buf_printf(out, "    <topology>\n      <cells num='%u'>\n",
		    count);
		for (unsigned int i = 0; i < n_cells; i++) {
			if (cells[i].memsize != XEN_INVALID_MEM_SZ)
				write_cell(&cells[i], distances, i, n_cells,
				    cpus, n_cpus, out);
		}
		buf_puts(out, "      </cells>\n    </topology>\n");
	}
	free(cells);
	free(distances);
	free(cpus);
	return cpus != NULL ? 0 : -1;
}

/*
 * Does Xen run the guest? It lists them as "xen-3.0-x86_64 hvm-3.0-x86_32p":
 * a PVH guest needs what an HVM guest needs. The answer tells also whether
 * with PAE and without (32 bits).
 */
static bool
is_run(const char *list, const struct domain_guest *g, bool *pae_out,
    bool *nonpae_out)
{
	const char *mode = strcmp(g->os_type, "xen") == 0 ? "xen-" : "hvm-";
	bool small = strcmp(g->arch, "i686") == 0;
	const char *arch = small ? "-x86_32" : "-x86_64";
	bool found = false;

	*pae_out = *nonpae_out = false;
	for (const char *p = list; *p != '\0'; p += strspn(p, " ")) {
		size_t n = strcspn(p, " ");
		const char *at = memmem(p, n, arch, strlen(arch));

		if (strncmp(p, mode, strlen(mode)) == 0 && at != NULL) {
			bool pae = at + strlen(arch) < p + n;

			found = true;
			*pae_out |= small && pae;
			*nonpae_out |= small && !pae;
		}
		p += n;
	}
	return found;
}

static void
write_guest(const struct domain_guest *g, bool pae, bool nonpae,
    struct buf *out)
{
	bool hvm = strcmp(g->os_type, "hvm") == 0;
	bool pvh = strcmp(g->os_type, "xenpvh") == 0;

	buf_printf(out, "  <guest>\n    <os_type>%s</os_type>\n", g->os_type);
	buf_printf(out, "    <arch name='%s'>\n", g->arch);
	buf_printf(out, "      <wordsize>%d</wordsize>\n",
	    strcmp(g->arch, "i686") == 0 ? 32 : 64);
	buf_printf(out, "      <emulator>%s</emulator>\n", g->emulator);
	if (hvm)
		buf_puts(out, "      <loader>" LOADER "</loader>\n");
	buf_printf(out, "      <machine>%s</machine>\n", g->machine);
	buf_puts(out, "      <domain type='xen'/>\n    </arch>\n");
	if (pae || nonpae || hvm || pvh) {
		buf_puts(out, "    <features>\n");
		if (pae && !pvh)
			buf_puts(out, "      <pae/>\n");
		if (nonpae && !pvh)
			buf_puts(out, "      <nonpae/>\n");
		if (hvm)
			buf_puts(out,
			    "      <acpi default='on' toggle='yes'/>\n"
			    "      <apic default='on' toggle='no'/>\n");
		if (hvm || pvh)
			buf_puts(out,
			    "      <hap default='on' toggle='yes'/>\n");
		buf_puts(out, "    </features>\n");
	}
	buf_puts(out, "  </guest>\n\n");
}

int
xen_connect_get_capabilities(void *state, struct call *call)
{
	struct xvm_connect_get_capabilities_ret *ret = call->ret;
	const struct domain_guest *g = xen_domain_caps.guests;
	xen_capabilities_info_t guests = "";
	struct xen_conn *xen = state;
	struct buf out = BUF_INIT;
	xc_physinfo_t info;
	bool pae, nonpae;

	if (node_physinfo(xen, &info, &call->err) != 0)
		return -1;
	if (xc_version(xen->xc, XENVER_capabilities, &guests) < 0)
		return hyper_failed(&call->err,
		    "cannot ask Xen for its capabilities");
	guests[sizeof(guests) - 1] = '\0';
	buf_puts(&out, "<capabilities>\n\n  <host>\n");
	write_cpu(&info, &out);
	buf_printf(&out, "    <power_management/>\n"
	    "    <iommu support='%s'/>\n", has_iommu(&info) ? "yes" : "no");
	buf_puts(&out, "    <migration_features>\n      <live/>\n"
	    "    </migration_features>\n    <netprefix>vif</netprefix>\n");
	if (write_topology(xen, &out, &call->err) != 0) {
		buf_release(&out);
		return -1;
	}
	buf_puts(&out, "  </host>\n\n");
	for (; g->os_type != NULL; g++) {
		if (is_run(guests, g, &pae, &nonpae))
			write_guest(g, pae, nonpae, &out);
	}
	buf_puts(&out, "</capabilities>\n");
	ret->capabilities = buf_detach(&out);
	return ret->capabilities != NULL ? 0 : error_nomem(&call->err);
}
