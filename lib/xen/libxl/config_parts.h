/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the files of config.h share: one topic each, in both directions. A
 * function ..._from_xml reads the document into a structure, ..._to_xml writes
 * what a structure says into a new document, where what is libxl's default is
 * left out. Both 0 or -1 with conv->err filled; ..._to_xml can only run out of
 * memory, which the document keeps.
 */
#ifndef LIB_XEN_LIBXL_CONFIG_PARTS_H
#define LIB_XEN_LIBXL_CONFIG_PARTS_H

#include <stdbool.h>

#include "config.h"
#include "cpuset.h"

/* One conversion. */
struct conv {
	libxl_ctx *ctx; /* NULL: the host is not asked */
	const struct node *domain;
	libxl_domain_config *config; /* NULL: one device alone */
	libxl_domain_type type;
	struct error *err;
};

/* One without config, for a device alone. */
struct conv conv_of(
    libxl_ctx *ctx, const struct node *domain, struct error *err);

/*
 * Refuse what is at node: the text after "line N: " (without it where the
 * node was not in a source). Always -1.
 */
int conv_refuse(const struct conv *conv, const struct node *node,
    const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* The same with another code than XVM_ERR_CONFIG_UNSUPPORTED. */
int conv_refuse_code(const struct conv *conv, const struct node *node, int code,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* Replace *field by a copy of text; NULL leaves it alone. */
int conv_string(const struct conv *conv, char **field, const char *text);
int conv_printf(const struct conv *conv, char **field, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* One more string in a list. */
int conv_string_add(
    const struct conv *conv, libxl_string_list *list, const char *text);
/* One more zeroed element of an array of *n; NULL: no memory, err is filled. */
void *conv_array_add(const struct conv *conv, void *array, int *n, size_t size);
/* A number of an attribute, fallback when it is not there. */
uint64_t conv_number(
    const struct node *node, const char *attr, uint64_t fallback);
/* The value of a name in one of libxl's tables, -1: it is not there. */
int conv_value(const libxl_enum_string_table *table, const char *name);
const char *conv_name(const libxl_enum_string_table *table, int value);

/* A set as bitmap of bits: those beyond are dropped. */
int conv_bitmap(const struct conv *conv, libxl_bitmap *out,
    const struct cpuset *set, unsigned int bits);
void conv_cpuset(const libxl_bitmap *map, struct cpuset *out);
/* CPUs of the host, or as many as a bitmap may have without one. */
unsigned int conv_host_cpus(const struct conv *conv);

/* config_domain.c: names, memory, vcpus, events. */
int domain_from_xml(struct conv *conv);
void domain_to_xml(const libxl_domain_config *config, struct node *domain);
/* config_boot.c: what is booted, firmware, device model. */
int boot_from_xml(struct conv *conv);
void boot_to_xml(const libxl_domain_config *config, struct node *domain);
/* config_features.c: features, clock, power management. */
int features_from_xml(struct conv *conv);
void features_to_xml(const libxl_domain_config *config, struct node *domain);
/* config_cpu.c: CPUID, nested virtualisation. */
int cpu_from_xml(struct conv *conv);
void cpu_to_xml(const libxl_domain_config *config, struct node *domain);
/*
 * Each bit of CPUID that is forced on or off and has a name in documents: flag
 * is libxl's "NAME=0". A fn that returns not 0 ends it with that.
 */
typedef int cpu_flag(void *arg, const char *name, const char *flag, bool on);
int cpu_flags_each(
    const libxl_domain_build_info *info, cpu_flag *fn, void *arg);
/* config_numa.c */
int numa_from_xml(struct conv *conv);
void numa_to_xml(const libxl_domain_config *config, struct node *domain);

/* Below <devices>. */
/* config_disk.c */
int disks_from_xml(struct conv *conv, const struct node *devices);
void disk_to_xml(const libxl_device_disk *disk,
    const libxl_domain_config *config, struct node *devices);
/* config_rbd.c: "rbd:POOL/IMAGE:..." of a network source. */
int rbd_from_xml(
    const struct conv *conv, const struct node *disk, char **path_out);
void rbd_to_xml(const char *path, struct node *disk);
/* config_nic.c */
int nics_from_xml(struct conv *conv, const struct node *devices);
void nic_to_xml(
    const libxl_device_nic *nic, libxl_domain_type type, struct node *devices);
/* config_graphics.c */
int graphics_from_xml(struct conv *conv, const struct node *devices);
void graphics_to_xml(const libxl_domain_config *config, struct node *devices);
/* config_video.c: video, sound, input. */
int video_from_xml(struct conv *conv, const struct node *devices);
int sound_from_xml(struct conv *conv, const struct node *devices);
int inputs_from_xml(struct conv *conv, const struct node *devices);
void video_to_xml(const libxl_domain_config *config, struct node *devices);
void sound_to_xml(const libxl_domain_config *config, struct node *devices);
void inputs_to_xml(const libxl_domain_config *config, struct node *devices);
/* config_char.c: serial ports, consoles, channels. */
int chars_from_xml(struct conv *conv, const struct node *devices);
void chars_to_xml(const libxl_domain_config *config, struct node *devices);
/* config_hostdev.c: PCI devices; config_usb.c: USB devices, controllers. */
int pcis_from_xml(struct conv *conv, const struct node *devices);
void pci_to_xml(const libxl_device_pci *pci, struct node *devices);
int usb_from_xml(struct conv *conv, const struct node *devices);
void usb_to_xml(const libxl_domain_config *config, struct node *devices);
/* config_devices.c: what is left, and refusals. */
int devices_from_xml(struct conv *conv, const struct node *devices);
void devices_to_xml(const libxl_domain_config *config, struct node *domain);

#endif
