/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the files about the devices of a domain share: domain_devices.c walks
 * over them, the others know one topic each.
 *
 * A device is read in three steps, each for all devices before the next one
 * starts, as libvirt does it: its table (struct rule) checks and orders it,
 * `fill` adds defaults that may depend on other devices, `check` refuses what
 * is wrong in the domain it is in.
 */
#ifndef LIB_DOMAIN_DEVICES_H
#define LIB_DOMAIN_DEVICES_H

#include "domain_xml_util.h"

/* The kinds, in the order in which they are written. */
enum device_kind {
	DEVICE_EMULATOR,
	DEVICE_DISK,
	DEVICE_CONTROLLER,
	DEVICE_LEASE,
	DEVICE_FILESYSTEM,
	DEVICE_INTERFACE,
	DEVICE_SMARTCARD,
	DEVICE_SERIAL,
	DEVICE_PARALLEL,
	DEVICE_CONSOLE,
	DEVICE_CHANNEL,
	DEVICE_INPUT,
	DEVICE_TPM,
	DEVICE_GRAPHICS,
	DEVICE_SOUND,
	DEVICE_AUDIO,
	DEVICE_VIDEO,
	DEVICE_HOSTDEV,
	DEVICE_REDIRDEV,
	DEVICE_REDIRFILTER,
	DEVICE_HUB,
	DEVICE_WATCHDOG,
	DEVICE_MEMBALLOON,
	DEVICE_RNG,
	DEVICE_NVRAM,
	DEVICE_PANIC,
	DEVICE_SHMEM,
	DEVICE_MEMORY,
	DEVICE_IOMMU,
	DEVICE_VSOCK,
	DEVICE_KINDS,
};

/*
 * The devices of one domain while they are worked on. Those of a kind are
 * neighbours below node, the kinds in their order, what is unknown last.
 */
struct devices {
	struct rule_ctx ctx; /* first: the hooks of rules are given this */
	struct node *domain, *node; /* <domain>, its <devices> */
	bool hvm;		    /* os type */
	bool pv;		    /* os type xen, xenpvh */
	bool x86;
	bool inactive;	       /* DOMAIN_XML_PARSE_INACTIVE */
	bool usb_none;	       /* a controller says that there is no USB */
	unsigned int consoles; /* read so far */
	struct node *first[DEVICE_KINDS];
};

static inline struct devices *
devices_of(struct rule_ctx *ctx)
{
	return (struct devices *)ctx;
}

/* The next one of the same kind. */
static inline struct node *
device_next(const struct node *device)
{
	return device->next != NULL && device->next->name == device->name
		   ? device->next
		   : NULL;
}

#define FOR_DEVICES(devices, kind, device)                                     \
	for (struct node *device = (devices)->first[kind]; device != NULL;     \
	     device = device_next(device))

/* A new one, the last of its kind; NULL: no memory. */
struct node *device_add(struct devices *devices, enum device_kind kind);
/* Put an unlinked one before another of its kind (NULL: as the last). */
void device_insert(struct devices *devices, enum device_kind kind,
    struct node *before, struct node *device);
void device_remove(
    struct devices *devices, enum device_kind kind, struct node *device);

/* Rows of tables. */
#define ATTR(n, k, f)                                                          \
	{                                                                      \
		.name = (n), .kind = (k), .flags = (f)                         \
	}
#define ATTR_ENUM(n, f, v)                                                     \
	{                                                                      \
		.name = (n), .kind = VALUE_ENUM, .flags = (f), .values = (v)   \
	}
/* A value with an error of its own. */
#define ATTR_SAYS(n, k, f, v, c, w)                                            \
	{                                                                      \
		.name = (n), .kind = (k), .flags = (f), .values = (v),         \
		.code = (c), .words = (w)                                      \
	}
#define ATTR_HEX(n, k, f, h)                                                   \
	{                                                                      \
		.name = (n), .kind = (k), .flags = (f), .hex = (h)             \
	}
#define ATTR_END                                                               \
	{                                                                      \
		.name = NULL                                                   \
	}
#define RULE_END                                                               \
	{                                                                      \
		.name = NULL                                                   \
	}

/* What libvirt's virtio devices have in <driver>, last. */
#define ATTRS_VIRTIO                                                           \
	ATTR("iommu", VALUE_ON_OFF, 0), ATTR("ats", VALUE_ON_OFF, 0),          \
	    ATTR("packed", VALUE_ON_OFF, 0),                                   \
	    ATTR("page_per_vq", VALUE_ON_OFF, 0)

/* domain_devices_info.c: what most devices have. */
extern const struct rule_attr alias_attrs[], boot_attrs[], rom_attrs[],
    acpi_attrs[], master_attrs[], virtio_attrs[];
int alias_after(struct rule_ctx *ctx, struct node *alias);
int boot_before(struct rule_ctx *ctx, struct node *boot);
int rom_after(struct rule_ctx *ctx, struct node *rom);
int master_before(struct rule_ctx *ctx, struct node *master);
int address_before(struct rule_ctx *ctx, struct node *address);
#define RULE_BOOT                                                              \
	{                                                                      \
		.name = "boot", .attrs = boot_attrs, .before = boot_before     \
	}
#define RULE_ALIAS                                                             \
	{                                                                      \
		.name = "alias", .attrs = alias_attrs, .after = alias_after    \
	}
#define RULE_MASTER                                                            \
	{                                                                      \
		.name = "master", .attrs = master_attrs,                       \
		.before = master_before                                        \
	}
#define RULE_ROM                                                               \
	{                                                                      \
		.name = "rom", .flags = RULE_DROP_EMPTY, .attrs = rom_attrs,   \
		.after = rom_after                                             \
	}
#define RULE_ACPI                                                              \
	{                                                                      \
		.name = "acpi", .flags = RULE_DROP_EMPTY, .attrs = acpi_attrs  \
	}
#define RULE_ADDRESS                                                           \
	{                                                                      \
		.name = "address", .before = address_before                    \
	}
#define RULES_INFO RULE_ALIAS, RULE_MASTER, RULE_ACPI, RULE_ADDRESS
#define RULES_INFO_ROM                                                         \
	RULE_BOOT, RULE_ALIAS, RULE_MASTER, RULE_ROM, RULE_ACPI, RULE_ADDRESS
/* <driver> with nothing but the virtio options. */
#define RULE_VIRTIO                                                            \
	{                                                                      \
		.name = "driver", .flags = RULE_DROP_EMPTY,                    \
		.attrs = virtio_attrs                                          \
	}

/*
 * A PCI address of the host, in a <source>: domain, bus, slot, function. type:
 * keep the attribute type='pci' (else it is dropped).
 */
int pci_source_address(struct rule_ctx *ctx, struct node *address, bool type);
/* A drive address; false: the device has another one, or none. */
struct drive_address {
	uint32_t controller, bus, target, unit;
};
bool drive_address(const struct node *device, struct drive_address *out);
void drive_address_set(struct node *device, const struct rule *rule,
    const struct drive_address *a);
bool drive_address_equal(
    const struct drive_address *a, const struct drive_address *b);
/* The type of a device's address, NULL: it has none. */
const char *address_type(const struct node *device);

/* domain_devices_util.c */
/* Remove attributes that are known here (NULL ends) but not in the table. */
void drop_attrs(
    struct node *node, const struct rule_attr *table, const char *const *known);
/* Remove all children with the name. */
void drop_children(struct node *node, const char *name);
/* Attributes of the table that are missing become "0". */
void zero_attrs(struct node *node, const struct rule_attr *table);
/* An attribute as unsigned number, fallback when it is not there. */
uint64_t attr_number(
    const struct node *node, const char *name, uint64_t fallback);
bool attr_starts(const struct node *node, const char *name, const char *prefix);
/* "a//b/" as "a/b"; URIs as they are. */
int sanitise_path(struct rule_ctx *ctx, struct node *node, const char *name);
/* Refuses virtio options in <driver> of a device that is not virtio. */
int check_no_virtio(struct rule_ctx *ctx, const struct node *driver);
/* Text of a child, NULL when missing or "". */
const char *child_text(const struct node *node, const char *name);
/* A size in an element, written as unit='bytes'; none when it is 0. */
int bytes_child(struct rule_ctx *ctx, struct node *node, const char *xpath);
/* "1.2.3.4" or IPv6: canonical text in place; the family, -1 refused. */
int numeric_family(const char *address);
int canonical_ip(
    struct rule_ctx *ctx, struct node *node, const char *name, int family);
bool is_virtio_model(const char *model);
/* <target dev>, such as "sdb", as number; -1: not in that form. */
int disk_index(const char *name);

/* domain_devices_source.c: where a disk's data come from. */
extern const char *const storage_types[], *const storage_formats[],
					      *const startup_policies[];
/* Bring a <source> of the type (index in storage_types) into order. */
int storage_source(struct rule_ctx *ctx, struct node *source, int type);
/* Defaults: an iSCSI path without a LUN gets LUN 0, NVMe is managed. */
void storage_fill(struct node *source);
/* What is wrong with a source and those below it (backingStore). */
int storage_check(struct rule_ctx *ctx, const struct node *disk);
/* Of a network source and of an iSCSI host device. */
extern const struct rule initiator_rule;
extern const struct rule_attr storage_host_attrs[];
int storage_host_before(struct rule_ctx *ctx, struct node *host);
#define RULE_STORAGE_HOST                                                      \
	{                                                                      \
		.name = "host", .flags = RULE_MANY,                            \
		.attrs = storage_host_attrs, .before = storage_host_before     \
	}
/* domain_devices_source_net.c: what only a source in the network has. */
extern const char *const storage_protocols[];
int storage_network_before(
    struct rule_ctx *ctx, struct node *source, int *protocol_out);
/* Remove children that the protocol has not; -1: not in the network. */
void storage_network_drop(struct node *source, int protocol);
/* Set the ports of its hosts, once they are read. */
void storage_network_ports(struct node *source, int protocol);
extern const struct rule cookies_children[];
/* <backingStore>, and those below it. */
int backing_store(struct rule_ctx *ctx, struct node *store);

/* domain_devices_secret.c: what sources of several kinds have. */
int auth_before(struct rule_ctx *ctx, struct node *auth);
extern const struct rule_attr auth_attrs[], encryption_attrs[];
extern const struct rule auth_children[], encryption_children[];
int encryption_before(struct rule_ctx *ctx, struct node *encryption);
int encryption_after(struct rule_ctx *ctx, struct node *encryption);
#define RULE_AUTH                                                              \
	{                                                                      \
		.name = "auth", .attrs = auth_attrs,                           \
		.children = auth_children, .before = auth_before               \
	}
#define RULE_ENCRYPTION                                                        \
	{                                                                      \
		.name = "encryption", .attrs = encryption_attrs,               \
		.children = encryption_children, .before = encryption_before,  \
		.after = encryption_after                                      \
	}
int seclabels_check(struct rule_ctx *ctx, const struct node *source);
#define RULE_SECLABEL                                                          \
	{                                                                      \
		.name = "seclabel", .flags = RULE_MANY,                        \
		.attrs = device_seclabel_attrs,                                \
		.children = device_seclabel_children,                          \
		.before = device_seclabel_before                               \
	}
extern const struct rule_attr device_seclabel_attrs[];
extern const struct rule device_seclabel_children[];
int device_seclabel_before(struct rule_ctx *ctx, struct node *seclabel);
/* <reconnect enabled= timeout=>. */
extern const struct rule reconnect_rule;

/* domain_devices_char.c: a character device's other end. */
extern const char *const char_types[];
/* The type's index; children <source>, <log>, <protocol> are put in order. */
int char_source(struct rule_ctx *ctx, struct node *node, const char *type);
int char_source_check(struct devices *devices, const struct node *node,
    const char *type, bool path_optional);
/* Their rows in a table of children. */
#define RULES_CHAR                                                             \
	{.name = "source", .flags = RULE_MANY, .before = char_source_before},  \
	    {.name = "protocol", .before = char_protocol_before},              \
	{                                                                      \
		.name = "log", .flags = RULE_DROP_EMPTY,                       \
		.attrs = char_log_attrs                                        \
	}
extern const struct rule_attr char_log_attrs[];
int char_source_before(struct rule_ctx *ctx, struct node *source);
int char_protocol_before(struct rule_ctx *ctx, struct node *protocol);

/* domain_devices_ip.c, _netparts.c: what interfaces share with <hostdev>. */
extern const struct rule_attr ip_attrs[], route_attrs[], teaming_attrs[];
int ip_before(struct rule_ctx *ctx, struct node *ip);
int route_before(struct rule_ctx *ctx, struct node *route);
int teaming_before(struct rule_ctx *ctx, struct node *teaming);
#define RULES_IP                                                               \
	{.name = "ip",                                                         \
	    .flags = RULE_MANY,                                                \
	    .attrs = ip_attrs,                                                 \
	    .before = ip_before},                                              \
	{                                                                      \
		.name = "route", .flags = RULE_MANY, .attrs = route_attrs,     \
		.before = route_before                                         \
	}
#define RULE_TEAMING                                                           \
	{                                                                      \
		.name = "teaming", .attrs = teaming_attrs,                     \
		.before = teaming_before                                       \
	}
/* domain_devices_net_source.c: what an interface is connected to. */
extern const char *const interface_types[];
/* What its type means for its elements. */
struct interface_type {
	const struct rule_attr *source; /* NULL: a host device's */
	bool needs_source, filters;
};
const struct interface_type *interface_type(const struct node *interface);
int interface_source_before(struct rule_ctx *ctx, struct node *source);
/* domain_devices_netparts.c */
int vport_before(struct rule_ctx *ctx, struct node *vport);
int vport_after(struct rule_ctx *ctx, struct node *vport);
int vlan_before(struct rule_ctx *ctx, struct node *vlan);
int bandwidth_before(struct rule_ctx *ctx, struct node *bandwidth);
int bandwidth_after(struct rule_ctx *ctx, struct node *bandwidth);
int filterref_before(struct rule_ctx *ctx, struct node *filterref);
int port_forward_before(struct rule_ctx *ctx, struct node *forward);
extern const struct rule_attr bandwidth_rate_attrs[];
extern const struct rule vport_children[], vlan_children[],
    bandwidth_children[], port_forward_children[];
extern const struct rule_attr vport_attrs[], vlan_attrs[], port_forward_attrs[];

/* domain_devices_listen.c: where a graphics server can be reached. */
extern const struct rule_attr listen_attrs[];
int listen_before(struct rule_ctx *ctx, struct node *listen);
#define RULE_LISTEN                                                            \
	{                                                                      \
		.name = "listen", .flags = RULE_MANY, .attrs = listen_attrs,   \
		.before = listen_before                                        \
	}
/* Make the first <listen> what the attributes say where it is missing. */
void listen_need(struct node *graphics);
/* Set the attributes that the first <listen> decides on. */
void listen_follow(struct node *graphics);

/* domain_devices_controller.c: one controller. */
extern const char *const controller_types[];
enum controller_type {
	CONTROLLER_IDE,
	CONTROLLER_FDC,
	CONTROLLER_SCSI,
	CONTROLLER_SATA,
	CONTROLLER_VIRTIO_SERIAL,
	CONTROLLER_CCID,
	CONTROLLER_USB,
	CONTROLLER_PCI,
	CONTROLLER_XENBUS,
	CONTROLLER_ISA,
};
int controller_type(const struct node *controller);
/* -1: not known yet. */
int64_t controller_index(const struct node *controller);
extern const struct rule_attr controller_attrs[];

/* The types of host devices. */
extern const char *const hostdev_types[];
enum hostdev_type {
	HOSTDEV_USB,
	HOSTDEV_PCI,
	HOSTDEV_SCSI,
	HOSTDEV_SCSI_HOST,
	HOSTDEV_MDEV,
};
/* domain_devices_host.c: a host device, which an <interface> can be too. */
int hostdev_subsystem(struct rule_ctx *ctx, struct node *device,
    const char *type, bool in_interface);

/* domain_devices_host_source.c: the <source> of a type alone. */
int hostdev_source(struct rule_ctx *ctx, struct node *source, int type);

/* One kind. */
struct device_type {
	const char *name;
	const struct rule *rule;
	int (*fill)(struct devices *devices, struct node *device);
	int (*check)(struct devices *devices, struct node *device);
	/* How many there may be, 0: any number; the error otherwise. */
	unsigned int max;
	int code;
	const char *words;
};

extern const struct rule disk_rule, controller_rule, lease_rule,
    filesystem_rule, interface_rule, smartcard_rule, serial_rule, parallel_rule,
    console_rule, channel_rule, input_rule, tpm_rule, graphics_rule, sound_rule,
    audio_rule, video_rule, hostdev_rule, redirdev_rule, redirfilter_rule,
    hub_rule, watchdog_rule, memballoon_rule, rng_rule, nvram_rule, panic_rule,
    shmem_rule, memory_rule, iommu_rule, vsock_rule;

/* The children of an interface, of a disk's <iotune>, in order. */
#define N_IOTUNE 20
extern const struct rule interface_children[], iotune_children[N_IOTUNE + 1];

int disk_fill(struct devices *devices, struct node *disk);
int disk_check(struct devices *devices, struct node *disk);
int controller_fill(struct devices *devices, struct node *controller);
int controller_check(struct devices *devices, struct node *controller);
int filesystem_fill(struct devices *devices, struct node *filesystem);
int filesystem_check(struct devices *devices, struct node *filesystem);
int interface_check(struct devices *devices, struct node *interface);
int smartcard_check(struct devices *devices, struct node *smartcard);
int char_fill(struct devices *devices, struct node *device);
int char_check(struct devices *devices, struct node *device);
int input_check(struct devices *devices, struct node *input);
int tpm_check(struct devices *devices, struct node *tpm);
int graphics_check(struct devices *devices, struct node *graphics);
int sound_check(struct devices *devices, struct node *sound);
int audio_check(struct devices *devices, struct node *audio);
int video_fill(struct devices *devices, struct node *video);
int video_check(struct devices *devices, struct node *video);
int hostdev_fill(struct devices *devices, struct node *hostdev);
int hostdev_check(struct devices *devices, struct node *hostdev);
int redirdev_check(struct devices *devices, struct node *redirdev);
int panic_fill(struct devices *devices, struct node *panic);
int rng_check(struct devices *devices, struct node *rng);
int shmem_check(struct devices *devices, struct node *shmem);
int memory_fill(struct devices *devices, struct node *memory);
int memory_check(struct devices *devices, struct node *memory);
int iommu_check(struct devices *devices, struct node *iommu);
int vsock_fill(struct devices *devices, struct node *vsock);
int vsock_check(struct devices *devices, struct node *vsock);

/* domain_devices_xen.c: what Xen's documents have besides, before fill. */
int xen_device_fill(struct devices *devices, struct node *device);
int xen_devices_fill(struct devices *devices); /* all, and implicit ones */
int xen_devices_check(struct devices *devices);

/* What concerns all of a kind, or several kinds. */
/* Disks in the order of their names, each bus for itself. */
void disks_order(struct devices *devices);
int disks_check(struct devices *devices); /* targets and addresses, unique */
int controllers_read(struct devices *devices); /* USB, indexes, order */
int controllers_unique(struct devices *devices);
int controllers_add(struct devices *devices); /* those that others need */
int controllers_add_for_hostdevs(struct devices *devices);
bool controllers_have_usb(const struct devices *devices);
int serials_ports(struct devices *devices);
int consoles_add(struct devices *devices);  /* console 0 is serial 0 */
void videos_order(struct devices *devices); /* the primary one first */
int videos_add(struct devices *devices);
int videos_check(struct devices *devices);
int interfaces_name(struct devices *devices); /* the test driver's targets */
int hostdevs_check(struct devices *devices);
void panics_drop(struct devices *devices); /* those that say nothing */

#endif
