/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is asked of the hypervisor alone. */
#include "hyper.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../buf.h"
#include "../file.h"

#define LIST_FIRST 1024
#define DOMAINS_MAX 32768	/* a domain's id has 15 bits */

#define CAPABILITIES "/proc/xen/capabilities"

/* Takes what libxenctrl would print. */
static void
say_nothing(struct xentoollog_logger *logger, xentoollog_level level,
    int errnum, const char *context, const char *fmt, va_list ap)
{
	(void)logger;
	(void)level;
	(void)errnum;
	(void)context;
	(void)fmt;
	(void)ap;
}

static struct xentoollog_logger silent = { .vmessage = say_nothing };

/* Is this the domain that controls Xen? -1: nothing says. */
static int
is_control_domain(void)
{
	struct error ignored = ERROR_INIT;
	struct buf text = BUF_INIT;
	int yes = -1;

	if (file_read(CAPABILITIES, 4096, &text, &ignored) == 0)
		yes = strstr(buf_str(&text), "control_d") != NULL;
	buf_release(&text);
	error_release(&ignored);
	return yes;
}

/* The reason why there is no hypervisor to talk to, in one line. */
static int
no_hypervisor(struct error *err, int errnum)
{
	const char *const places[] = { "/dev/xen/privcmd",
		"/proc/xen/privcmd" };
	bool there = false, allowed = false;

	for (size_t i = 0; i < 2; i++) {
		there |= access(places[i], F_OK) == 0;
		allowed |= access(places[i], R_OK | W_OK) == 0;
	}
	if (!there && access("/sys/hypervisor/uuid", F_OK) != 0)
		return error_set(err, XVM_FROM_LIBXL, XVM_ERR_OPERATION_FAILED,
		    "this host does not run under Xen (there is no "
		    "/dev/xen/privcmd)");
	if (!there)
		return error_set(err, XVM_FROM_LIBXL, XVM_ERR_OPERATION_FAILED,
		    "there is no /dev/xen/privcmd: the kernel's module "
		    "xen-privcmd is not loaded");
	if (!allowed || errnum == EACCES || errnum == EPERM)
		return error_set(err, XVM_FROM_LIBXL, XVM_ERR_OPERATION_FAILED,
		    "only root may use the Xen hypervisor of this host");
	return error_system(err, XVM_FROM_LIBXL, errnum,
	    "cannot open the Xen hypervisor");
}

xc_interface *
hyper_open(struct error *err)
{
	xen_domctl_getdomaininfo_t info;
	xc_interface *xc;

	if (access("/dev/xen/privcmd", R_OK | W_OK) != 0 &&
	    access("/proc/xen/privcmd", R_OK | W_OK) != 0) {
		(void)no_hypervisor(err, errno);
		return NULL;
	}
	xc = xc_interface_open(&silent, &silent, 0);
	if (xc == NULL) {
		(void)no_hypervisor(err, errno);
		return NULL;
	}
	if (is_control_domain() != 0 ||
	    xc_domain_getinfolist(xc, 0, 1, &info) >= 0)
		return xc;
	error_set(err, XVM_FROM_LIBXL, XVM_ERR_OPERATION_FAILED,
	    "this is a guest of Xen, not the domain that controls it");
	(void)xc_interface_close(xc);
	return NULL;
}

int
hyper_failed(struct error *err, const char *what)
{
	return error_system(err, XVM_FROM_LIBXL, errno, "%s", what);
}

static int
grow(struct hyper_list *list, struct error *err)
{
	unsigned int size = list->size != 0 ? 2 * list->size : LIST_FIRST;
	xen_domctl_getdomaininfo_t *v;

	v = reallocarray(list->v, size, sizeof(*v));
	if (v == NULL)
		return error_nomem(err);
	list->v = v;
	list->size = size;
	return 0;
}

int
hyper_list(xc_interface *xc, struct hyper_list *list, struct error *err)
{
	uint32_t first = 0;
	int n;

	list->n = 0;
	for (;;) {
		if (list->n == list->size && grow(list, err) != 0)
			return -1;
		n = xc_domain_getinfolist(xc, first, list->size - list->n,
		    list->v + list->n);
		if (n < 0)
			return hyper_failed(err,
			    "cannot list the domains of Xen");
		list->n += (unsigned int)n;
		if (list->n < list->size || list->n >= DOMAINS_MAX)
			return 0;
		first = list->v[list->n - 1].domain + 1u;
	}
}

void
hyper_list_release(struct hyper_list *list)
{
	free(list->v);
	memset(list, 0, sizeof(*list));
}

int
hyper_get(xc_interface *xc, int id, xen_domctl_getdomaininfo_t *out,
    struct error *err)
{
	int n;

	if (id < 0 || id >= DOMAINS_MAX)
		return 0;
	/* It answers with the first one from that id on. */
	n = xc_domain_getinfolist(xc, (uint32_t)id, 1, out);
	if (n < 0)
		return hyper_failed(err, "cannot ask Xen for a domain");
	return n == 1 && out->domain == id;
}

int
hyper_scheduler(xc_interface *xc, const xen_domctl_getdomaininfo_t *info,
    struct error *err)
{
	/* It answers with the first one from that id on. */
	xc_cpupoolinfo_t *pool = xc_cpupool_getinfo(xc, info->cpupool);
	int id = -1;

	if (pool == NULL)
		return hyper_failed(err, "cannot ask Xen for a CPU pool");
	if (pool->cpupool_id == info->cpupool)
		id = (int)pool->sched_id;
	else
		error_set(err, XVM_FROM_LIBXL, XVM_ERR_INTERNAL_ERROR,
		    "Xen has no CPU pool %u", info->cpupool);
	xc_cpupool_infofree(xc, pool);
	return id;
}

enum hyper_kind
hyper_kind(const xen_domctl_getdomaininfo_t *info)
{
	if ((info->flags & XEN_DOMINF_hvm_guest) == 0)
		return HYPER_PV;
#if defined(__x86_64__) || defined(__i386__)
	/* A PVH guest has no board to speak of, at most the local APIC. */
	if ((info->arch_config.emulation_flags & ~XEN_X86_EMU_LAPIC) != 0)
		return HYPER_HVM;
#endif
	return HYPER_PVH;
}
