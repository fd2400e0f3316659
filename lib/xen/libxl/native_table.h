/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * xl.cfg as a table: which name stands for which field of libxl's structures.
 * Reading and writing are two walks over it. Between files of native.h.
 *
 * Source: xl.cfg(5), xl-network-configuration(5).
 */
#ifndef LIB_XEN_LIBXL_NATIVE_TABLE_H
#define LIB_XEN_LIBXL_NATIVE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libxl.h>
#include <libxlutil.h>

#include "error.h"

struct buf;

enum native_kind {
	NATIVE_STRING,	/* char * */
	NATIVE_BOOL,	/* libxl_defbool, as 0 and 1 */
	NATIVE_INT,	/* 32 bits */
	NATIVE_BYTE,	/* uint8_t */
	NATIVE_MIB,	/* uint64_t KiB, written in MiB */
	NATIVE_ENUM,	/* one of names; its number is read too */
	NATIVE_STRINGS, /* libxl_string_list, a list */
	NATIVE_MAC,	/* libxl_mac */
};

struct native_key {
	const char *name;
	enum native_kind kind;
	size_t offset;	    /* of the field */
	unsigned int types; /* bits by libxl_domain_type, 0: all */
	int64_t unsaid;	    /* INT, BYTE, ENUM: not written */
	const libxl_enum_string_table *names;
};

/* Tables end with name NULL. */
extern const struct native_key native_keys[];	  /* of libxl_domain_config */
extern const struct native_key native_vif_keys[]; /* of libxl_device_nic */
extern const struct native_key native_vfb_keys[]; /* of libxl_device_vfb */
extern const struct native_key native_usbctrl_keys[], native_usbdev_keys[];

bool native_key_is_for(const struct native_key *key, libxl_domain_type type);

/* native_value.c */
/* Set a field from a text. 0 or -1. */
int native_set(const struct native_key *key, void *base, const char *text,
    struct error *err);
/*
 * A field as text, from the heap; NULL: nothing to be said, or no memory, or it
 * is a list.
 */
char *native_get(const struct native_key *key, const void *base);
/* "name=value,name=value" into the fields of a table. */
int native_set_pairs(const struct native_key *keys, void *base,
    const char *text, struct error *err);
/* And back; a value with a comma cannot be written: refused. */
int native_get_pairs(const struct native_key *keys, const void *base,
    struct buf *out, struct error *err);
/* A text in quotes. */
void native_quote(struct buf *out, const char *text);
/* A list of one more text: out is "" before the first, or what it holds. */
void native_list_add(struct buf *out, const char *text);
/* "NAME = [ ... ]" of what native_list_add gathered; nothing if it is empty. */
void native_list_put(struct buf *out, const char *name, struct buf *list);

/* Reading: xl.cfg as libxlutil has parsed it. */
struct native_reader {
	XLU_Config *xlu;
	libxl_domain_config *config;
	struct error *err;
};
/* A word or number; NULL: not there, or a list. */
const char *native_string(const struct native_reader *r, const char *name);
/* The i-th text of a list, NULL behind the last. */
const char *native_item(const struct native_reader *r, const char *name, int i);
/* What is wrong with a value. -1. */
int native_refuse(
    const struct native_reader *r, const char *name, const char *text);

/* native_cpu.c: vcpus, cpus, vnuma, cpuid. */
int native_read_cpus(const struct native_reader *r);
int native_write_cpus(
    const libxl_domain_config *config, struct buf *out, struct error *err);
/* native_devices.c: disk, vif, vfb, pci, usbctrl, usbdev, channel. */
int native_read_devices(const struct native_reader *r);
int native_write_devices(
    const libxl_domain_config *config, struct buf *out, struct error *err);

#endif
