/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What lies directly below <domain>, and the steps that bring each part into
 * canonical form. The steps run in the order of libvirt's parser, so that of
 * several errors the same one is reported; the parts themselves are put into
 * canonical order before.
 */
#ifndef LIB_DOMAIN_XML_PARTS_H
#define LIB_DOMAIN_XML_PARTS_H

#include "domain_xml_util.h"

/* In canonical order; the names are in domain_part_rules. */
enum domain_part {
	PART_NAME,
	PART_UUID,
	PART_GENID,
	PART_TITLE,
	PART_DESCRIPTION,
	PART_METADATA,
	PART_MAX_MEMORY,
	PART_MEMORY,
	PART_CURRENT_MEMORY,
	PART_BLKIOTUNE,
	PART_MEMTUNE,
	PART_MEMORY_BACKING,
	PART_VCPU,
	PART_VCPUS,
	PART_IOTHREADS,
	PART_IOTHREADIDS,
	PART_DEFAULTIOTHREAD,
	PART_CPUTUNE,
	PART_NUMATUNE,
	PART_RESOURCE,
	PART_SYSINFO,
	PART_BOOTLOADER,
	PART_BOOTLOADER_ARGS,
	PART_OS,
	PART_IDMAP,
	PART_FEATURES,
	PART_CPU,
	PART_CLOCK,
	PART_ON_POWEROFF,
	PART_ON_REBOOT,
	PART_ON_CRASH,
	PART_ON_LOCKFAILURE,
	PART_PM,
	PART_PERF,
	PART_DEVICES,
	PART_SECLABEL,
	PART_KEYWRAP,
	PART_LAUNCH_SECURITY,
	PART_COUNT
};

/* The children of <domain>, one behind the last ends with name NULL. */
extern const struct rule domain_part_rules[PART_COUNT + 1];

/* <cputune>, for setters. */
extern const struct rule domain_cputune_rule;

/* Below <os>, for what is filled in later. */
extern const struct rule domain_os_children[];
extern const struct rule_attr domain_loader_attrs[];

enum os_type {
	OS_HVM,
	OS_XEN,
	OS_LINUX,
	OS_EXE,
	OS_UML,
	OS_XENPVH,
};

struct iothread_id {
	uint32_t id, place;
};

/* A document on its way into canonical form. */
struct domain_parts {
	struct node *root;
	struct node *at[PART_COUNT];	/* the first of its name, or NULL */
	enum os_type os;
	bool uuid_generated;
	bool loader;		/* <os> had a <loader> or <nvram> */
	/* KiB, 0: not given */
	uint64_t memory, current_memory, max_memory;
	uint32_t memory_slots;
	uint32_t vcpus_max, vcpus;
	bool cpuset;		/* <vcpu> has one that counts */
	bool placement_auto;
	uint32_t iothreads;	/* all of them, with or without ids */
	/* When <iothreadids> names them all: each one's place, by id. */
	struct iothread_id *iothread_ids;
	struct cpuset *scheduled[2];	/* vcpus, iothreads with a policy */
	uint32_t numa_cells;
	uint64_t numa_memory;	/* KiB, all cells */
	uint32_t numa_cpus;	/* in all cells */
	uint32_t numa_cpu_end;	/* one behind the highest in a cell */
};

/* Apply a rule to a part that is there; at[] follows its removal. */
int part_apply(
    struct rule_ctx *ctx, enum domain_part part, const struct rule *rule);
/* The part, made at its place when missing; NULL: no memory. */
struct node *part_need(struct rule_ctx *ctx, enum domain_part part);
/* Remove a part that may be there. */
void part_drop(struct rule_ctx *ctx, enum domain_part part);
/* The text of a part, NULL when it is missing or empty. */
const char *part_text(const struct rule_ctx *ctx, enum domain_part part);

/* Read and order, in this order. Each 0 or -1. */
int domain_memory_read(struct rule_ctx *ctx);
int domain_memory_tune(struct rule_ctx *ctx);	/* blkiotune, memtune */
int domain_vcpu_read(struct rule_ctx *ctx);
int domain_iothreads_read(struct rule_ctx *ctx);
int domain_cputune_read(struct rule_ctx *ctx);
int domain_resctrl_read(struct rule_ctx *ctx);	/* in <cputune> */
int domain_cpu_read(struct rule_ctx *ctx);
int domain_numa_read(struct rule_ctx *ctx);
int domain_numatune_read(struct rule_ctx *ctx);
int domain_features_read(struct rule_ctx *ctx);
int domain_lifecycle_read(struct rule_ctx *ctx);	/* on_*, pm */
int domain_perf_read(struct rule_ctx *ctx);
int domain_clock_read(struct rule_ctx *ctx);
int domain_os_type_read(struct rule_ctx *ctx);	/* with type and arch */
int domain_os_read(struct rule_ctx *ctx);
int domain_seclabel_read(struct rule_ctx *ctx);
int domain_resource_read(struct rule_ctx *ctx);
int domain_launch_security_read(struct rule_ctx *ctx);
int domain_idmap_read(struct rule_ctx *ctx);
int domain_sysinfo_read(struct rule_ctx *ctx);
int domain_keywrap_read(struct rule_ctx *ctx);
int domain_metadata_read(struct rule_ctx *ctx);

/* With everything read: fill in what is derived. Each 0 or -1. */
int domain_vcpu_finish(struct rule_ctx *ctx);
int domain_memory_finish(struct rule_ctx *ctx);
int domain_os_finish(struct rule_ctx *ctx);
int domain_clock_finish(struct rule_ctx *ctx);
int domain_cpu_finish(struct rule_ctx *ctx);
int domain_xen_finish(struct rule_ctx *ctx); /* Xen's defaults */

/* Last checks. Each 0 or -1. */
int domain_xen_check(struct rule_ctx *ctx);
int domain_resource_check(struct rule_ctx *ctx);
int domain_cpu_check(struct rule_ctx *ctx);
int domain_lifecycle_check(struct rule_ctx *ctx);
int domain_memory_check(struct rule_ctx *ctx);
int domain_os_check(struct rule_ctx *ctx);
int domain_cputune_check(struct rule_ctx *ctx);
int domain_boot_check(struct rule_ctx *ctx);
int domain_idmap_check(struct rule_ctx *ctx);
int domain_numa_check(struct rule_ctx *ctx);
int domain_iothreads_check(struct rule_ctx *ctx);

/* A feature, made at its place when missing; NULL: no memory. */
struct node *domain_feature_need(struct rule_ctx *ctx, const char *name);

/* The place of the iothread with the id among all, -1: there is none. */
int64_t domain_iothread_place(const struct domain_parts *p, uint64_t id);

/* A text number: 1 set, 0 missing or empty, -1 not a number (no error set). */
int text_u64(const struct node *node, uint64_t *out);
int text_i64(const struct node *node, int64_t *out);

#endif
