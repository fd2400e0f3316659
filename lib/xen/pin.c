/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Changing where virtual CPUs may run, at once and from the next start on. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../cpumap.h"
#include "../domain/domain_edit.h"
#include "defined.h"
#include "domain_caps.h"
#include "domains.h"
#include "figures.h"

static int
pin_live(struct xen_conn *xen, const struct xen_domain *dom,
    unsigned int vcpu, const char *bits, size_t n, struct error *err)
{
	int size = xc_get_cpumap_size(xen->xc), rc;
	xc_cpumap_t map = xc_cpumap_alloc(xen->xc);

	if (map == NULL || size <= 0) {
		free(map);
		return hyper_failed(err, "cannot ask Xen for its CPUs");
	}
	memcpy(map, bits, n < (size_t)size ? n : (size_t)size);
	rc = xc_vcpu_setaffinity(xen->xc, (uint32_t)dom->id, (int)vcpu, map,
	    NULL, XEN_VCPUAFFINITY_HARD);
	free(map);
	if (rc == 0)
		return 0;
	return error_set(err, XVM_FROM_LIBXL, XVM_ERR_INTERNAL_ERROR,
	    "Failed to pin vcpu '%u' with libxenlight", vcpu);
}

static int
not_active(unsigned int vcpu, struct error *err)
{
	return error_set(err, XVM_FROM_LIBXL, XVM_ERR_INVALID_ARG,
	    "vcpu '%u' is not active", vcpu);
}

static int
pin_stored(const struct xen_domain *dom, unsigned int vcpu,
    const char *bits, size_t n, struct error *err)
{
	int lock = defined_lock(err), rc = -1;
	struct cpuset set;
	struct doc *doc;

	if (lock < 0)
		return -1;
	doc = defined_load(dom->name, &xen_domain_caps, err);
	if (doc != NULL && vcpu >= edit_vcpus_max(doc->root)) {
		rc = not_active(vcpu, err);
	} else if (doc != NULL) {
		cpumap_read(bits, n, &set);
		cpumap_pin(doc->root, "vcpupin", "vcpu", vcpu, &set);
		rc = doc->failed ? error_nomem(err) : defined_store(doc, err);
	}
	doc_free(doc);
	(void)close(lock);
	return rc;
}

static int
pin(struct xen_conn *xen, const struct xvm_domain *ref, unsigned int vcpu,
    const char *bits, size_t n, unsigned int flags, struct error *err)
{
	struct xen_domain dom;
	bool live, config;
	int rc;

	if (xen_check_flags(flags, XVM_DOMAIN_AFFECT_LIVE |
	    XVM_DOMAIN_AFFECT_CONFIG, "libxlDomainPinVcpuFlags", err) != 0 ||
	    xen_domain_find(xen, ref, &dom, err) != 0)
		return -1;
	rc = xen_domain_impact(xen, &dom, flags, &live, &config, err);
	if (rc == 0 && live)
		rc = xen_check_built(&dom, err);
	if (rc == 0 && live && vcpu >= xen_vcpus_max(&dom))
		rc = not_active(vcpu, err);
	if (rc == 0 && live)
		rc = pin_live(xen, &dom, vcpu, bits, n, err);
	if (rc == 0 && config)
		rc = pin_stored(&dom, vcpu, bits, n, err);
	xen_domain_release(&dom);
	return rc;
}

int
xen_domain_pin_vcpu_flags(void *state, struct call *call)
{
	const struct xvm_domain_pin_vcpu_flags_args *args = call->args;

	return pin(state, &args->dom, args->vcpu, args->cpumap.cpumap_val,
	    args->cpumap.cpumap_len, args->flags, &call->err);
}
