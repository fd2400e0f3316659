/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The host's CPU as Xen describes it. */
#ifndef LIB_XEN_HOST_CPU_H
#define LIB_XEN_HOST_CPU_H

#include "../cpu/cpu.h"
#include "xen.h"

/*
 * By the words of CPUID that Xen keeps: they tell neither vendor nor family,
 * and not every feature, so the model may be an older one than the CPU's.
 * out->model stays NULL where Xen keeps none and where no model fits.
 */
void	host_cpu_read(const xc_physinfo_t *info, struct cpu_host *out);

#endif
