/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lists of devices in xl.cfg: disk, vif, vfb, pci, usbctrl, usbdev, channel. */
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "config_parts.h"
#include "native_table.h"

/* One more element of an array of the configuration, initialised. */
#define ADD(r, field, init)                                                    \
	({                                                                     \
		struct conv add_ = {.err = (r)->err};                          \
		typeof((r)->config->field) new_ =                              \
		    conv_array_add(&add_, &(r)->config->field,                 \
			&(r)->config->num_##field, sizeof(*new_));             \
		if (new_ != NULL)                                              \
			init(new_);                                            \
		new_;                                                          \
	})

static int
read_disks(const struct native_reader *r)
{
	const char *text;

	for (int i = 0; (text = native_item(r, "disk", i)) != NULL; i++) {
		libxl_device_disk *disk = ADD(r, disks, libxl_device_disk_init);

		if (disk == NULL)
			return -1;
		if (xlu_disk_parse(r->xlu, 1, &text, disk) != 0)
			return native_refuse(r, "disk", text);
	}
	return 0;
}

/* rate=... is for libxlutil, the rest for the table. */
static int
read_vif(const struct native_reader *r, const char *text, libxl_device_nic *nic)
{
	struct buf rest = BUF_INIT;
	int rc = 0;

	while (rc == 0 && *(text += strspn(text, " \t,")) != '\0') {
		size_t n = strcspn(text, ",");
		char *part = strndup(text, n);

		if (part == NULL)
			rc = error_nomem(r->err);
		else if (strncmp(part, "rate=", 5) == 0) {
			if (xlu_vif_parse_rate(r->xlu, part + 5, nic) != 0)
				rc = native_refuse(r, "rate", part + 5);
		} else if (strncmp(part, "accel", 5) != 0 &&
			   strcmp(part, "trusted") != 0 &&
			   strcmp(part, "untrusted") != 0) {
			buf_printf(&rest, "%s,", part);
		}
		free(part);
		text += n;
	}
	if (rc == 0)
		rc = native_set_pairs(
		    native_vif_keys, nic, buf_str(&rest), r->err);
	buf_release(&rest);
	return rc;
}

static int
read_vifs(const struct native_reader *r)
{
	const char *text;

	for (int i = 0; (text = native_item(r, "vif", i)) != NULL; i++) {
		libxl_device_nic *nic = ADD(r, nics, libxl_device_nic_init);

		if (nic == NULL)
			return -1;
		nic->devid = i;
		if (read_vif(r, text, nic) != 0)
			return -1;
	}
	return 0;
}

static libxl_device_vfb *
add_vfb(const struct native_reader *r)
{
	libxl_device_vfb *vfb = ADD(r, vfbs, libxl_device_vfb_init);
	libxl_device_vkb *vkb =
	    vfb == NULL ? NULL : ADD(r, vkbs, libxl_device_vkb_init);

	if (vkb == NULL)
		return NULL;
	vfb->devid = r->config->num_vfbs - 1;
	vkb->devid = r->config->num_vkbs - 1;
	return vfb;
}

static int
read_vfbs(const struct native_reader *r)
{
	const struct native_key *k = native_vfb_keys;
	const char *text;
	libxl_device_vfb *vfb;

	for (int i = 0; (text = native_item(r, "vfb", i)) != NULL; i++) {
		vfb = add_vfb(r);
		if (vfb == NULL ||
		    native_set_pairs(native_vfb_keys, vfb, text, r->err) != 0)
			return -1;
	}
	/* As xl: vnc=1 alone is one framebuffer of a PV domain. */
	text = native_string(r, "vnc");
	if (r->config->c_info.type != LIBXL_DOMAIN_TYPE_PV ||
	    r->config->num_vfbs > 0 || text == NULL || strcmp(text, "0") == 0)
		return 0;
	vfb = add_vfb(r);
	if (vfb == NULL)
		return -1;
	for (; k->name != NULL; k++) {
		text = native_string(r, k->name);
		if (text != NULL && native_set(k, vfb, text, r->err) != 0)
			return -1;
	}
	return 0;
}

static bool
flag(const struct native_reader *r, const char *name)
{
	const char *text = native_string(r, name);

	return text != NULL && strtol(text, NULL, 0) != 0;
}

static int
read_pcis(const struct native_reader *r)
{
	libxl_domain_config *c = r->config;
	const char *text;

	for (int i = 0; (text = native_item(r, "pci", i)) != NULL; i++) {
		libxl_device_pci *pci = ADD(r, pcidevs, libxl_device_pci_init);

		if (pci == NULL)
			return -1;
		pci->msitranslate = flag(r, "pci_msitranslate");
		pci->power_mgmt = flag(r, "pci_power_mgmt");
		pci->permissive = flag(r, "pci_permissive");
		pci->seize = flag(r, "pci_seize");
		pci->rdm_policy = c->c_info.type == LIBXL_DOMAIN_TYPE_HVM
				      ? c->b_info.u.hvm.rdm.policy
				      : LIBXL_RDM_RESERVE_POLICY_STRICT;
		if (xlu_pci_parse_spec_string(r->xlu, pci, text) != 0)
			return native_refuse(r, "pci", text);
	}
	if (c->num_pcidevs > 0 && c->c_info.type == LIBXL_DOMAIN_TYPE_PV)
		libxl_defbool_set(&c->b_info.u.pv.e820_host, true);
	return 0;
}

static int
read_usb(const struct native_reader *r)
{
	const char *text;

	for (int i = 0; (text = native_item(r, "usbctrl", i)) != NULL; i++) {
		libxl_device_usbctrl *c =
		    ADD(r, usbctrls, libxl_device_usbctrl_init);

		if (c == NULL ||
		    native_set_pairs(native_usbctrl_keys, c, text, r->err) != 0)
			return -1;
		c->devid = i;
	}
	for (int i = 0; (text = native_item(r, "usbdev", i)) != NULL; i++) {
		libxl_device_usbdev *d =
		    ADD(r, usbdevs, libxl_device_usbdev_init);

		if (d == NULL ||
		    native_set_pairs(native_usbdev_keys, d, text, r->err) != 0)
			return -1;
	}
	return 0;
}

/* The value of a name in "name=value,name=value", a copy; NULL: not there. */
static char *
pair(const char *text, const char *name)
{
	size_t n = strlen(name);

	while (*(text += strspn(text, " \t,")) != '\0') {
		size_t end = strcspn(text, ",");

		if (end > n && text[n] == '=' && strncmp(text, name, n) == 0)
			return strndup(text + n + 1, end - n - 1);
		text += end;
	}
	return NULL;
}

static int
read_channel(const struct native_reader *r, const char *text,
    libxl_device_channel *channel)
{
	char *connection = pair(text, "connection"), *path = NULL;
	bool pty = connection != NULL && strcmp(connection, "pty") == 0;
	bool socket = connection != NULL && strcmp(connection, "socket") == 0;

	free(connection);
	free(channel->name);
	free(channel->backend_domname);
	channel->name = pair(text, "name");
	channel->backend_domname = pair(text, "backend");
	if (socket)
		path = pair(text, "path");
	if (!pty && path == NULL)
		return native_refuse(r, "channel", text);
	libxl_device_channel_init_connection(
	    channel, pty ? LIBXL_CHANNEL_CONNECTION_PTY
			 : LIBXL_CHANNEL_CONNECTION_SOCKET);
	if (socket)
		channel->u.socket.path = path;
	return 0;
}

static int
read_channels(const struct native_reader *r)
{
	const char *text;

	for (int i = 0; (text = native_item(r, "channel", i)) != NULL; i++) {
		libxl_device_channel *c =
		    ADD(r, channels, libxl_device_channel_init);

		if (c == NULL || read_channel(r, text, c) != 0)
			return -1;
		c->devid = i;
	}
	return 0;
}

int
native_read_devices(const struct native_reader *r)
{
	return read_disks(r) != 0 || read_vifs(r) != 0 || read_vfbs(r) != 0 ||
		       read_pcis(r) != 0 || read_usb(r) != 0 ||
		       read_channels(r) != 0
		   ? -1
		   : 0;
}

static int
has_comma(const char *text, const char *what, struct error *err)
{
	return text == NULL || strchr(text, ',') == NULL
		   ? 0
		   : error_set(err, XVM_FROM_LIBXL, XVM_ERR_CONFIG_UNSUPPORTED,
			 "%s '%s' has a comma, which xl.cfg cannot express "
			 "there",
			 what, text);
}

static int
write_disk(const libxl_device_disk *d, struct buf *one, struct error *err)
{
	static const char *const backends[] = {
	    [LIBXL_DISK_BACKEND_PHY] = "phy",
	    [LIBXL_DISK_BACKEND_TAP] = "tap",
	    [LIBXL_DISK_BACKEND_QDISK] = "qdisk",
	};
	const char *format = libxl_disk_format_to_string(d->format);
	const char *backend = NULL;

	if (has_comma(d->vdev, "disk", err) != 0 ||
	    has_comma(d->backend_domname, "backend", err) != 0 ||
	    has_comma(d->script, "script", err) != 0)
		return -1;
	if ((size_t)d->backend < sizeof(backends) / sizeof(backends[0]))
		backend = backends[d->backend];
	buf_printf(one, "format=%s,vdev=%s,access=%s",
	    d->format == LIBXL_DISK_FORMAT_UNKNOWN ? "raw" : format, d->vdev,
	    d->readwrite ? "rw" : "ro");
	if (d->is_cdrom)
		buf_puts(one, ",devtype=cdrom");
	if (backend != NULL)
		buf_printf(one, ",backendtype=%s", backend);
	if (d->backend_domname != NULL)
		buf_printf(one, ",backend=%s", d->backend_domname);
	if (d->script != NULL)
		buf_printf(one, ",script=%s", d->script);
	if (d->direct_io_safe)
		buf_puts(one, ",direct-io-safe");
	if (!libxl_defbool_is_default(d->discard_enable))
		buf_puts(one, libxl_defbool_val(d->discard_enable)
				  ? ",discard"
				  : ",no-discard");
	/* The last one: it may have commas. */
	if (d->pdev_path != NULL)
		buf_printf(one, ",target=%s", d->pdev_path);
	return 0;
}

static int
write_vif(const libxl_device_nic *nic, struct buf *one, struct error *err)
{
	uint64_t usecs = nic->rate_interval_usecs, bytes;
	libxl_device_nic view = *nic;

	view.devid = -1; /* its place in the list */
	if (native_get_pairs(native_vif_keys, &view, one, err) != 0)
		return -1;
	if (nic->rate_bytes_per_interval == 0 || usecs == 0)
		return 0;
	bytes = (nic->rate_bytes_per_interval * 1000000 + usecs - 1) / usecs;
	buf_printf(one, "%srate=%lluB/s", one->len > 0 ? "," : "",
	    (unsigned long long)bytes);
	if (usecs != 50000)
		buf_printf(one, "@%lluus", (unsigned long long)usecs);
	return 0;
}

static int
write_channel(const libxl_device_channel *c, struct buf *one, struct error *err)
{
	bool pty = c->connection != LIBXL_CHANNEL_CONNECTION_SOCKET;

	if (has_comma(c->name, "channel", err) != 0 ||
	    (!pty && has_comma(c->u.socket.path, "channel", err) != 0))
		return -1;
	buf_printf(
	    one, "connection=%s,name=%s", pty ? "pty" : "socket", c->name);
	if (!pty)
		buf_printf(one, ",path=%s", c->u.socket.path);
	return 0;
}

static void
write_pci(const libxl_device_pci *pci, struct buf *one)
{
	buf_printf(one, "%04x:%02x:%02x.%x", pci->domain, pci->bus, pci->dev,
	    pci->func);
	if (pci->permissive)
		buf_puts(one, ",permissive=1");
	if (pci->seize)
		buf_puts(one, ",seize=1");
}

/* Write each of an array as text by its own function. */
#define PUT_LIST(name, field, write)                                           \
	for (int i = 0; rc == 0 && i < config->num_##field; i++) {             \
		buf_clear(&one);                                               \
		rc = write;                                                    \
		native_list_add(&list, buf_str(&one));                         \
	}                                                                      \
	if (rc == 0)                                                           \
		native_list_put(out, name, &list);

int
native_write_devices(
    const libxl_domain_config *config, struct buf *out, struct error *err)
{
	struct buf list = BUF_INIT, one = BUF_INIT;
	int rc = 0;

	PUT_LIST("disk", disks, write_disk(&config->disks[i], &one, err))
	PUT_LIST("vif", nics, write_vif(&config->nics[i], &one, err))
	PUT_LIST("vfb", vfbs,
	    native_get_pairs(native_vfb_keys, &config->vfbs[i], &one, err))
	PUT_LIST("pci", pcidevs, (write_pci(&config->pcidevs[i], &one), 0))
	PUT_LIST("usbctrl", usbctrls,
	    native_get_pairs(
		native_usbctrl_keys, &config->usbctrls[i], &one, err))
	PUT_LIST("usbdev", usbdevs,
	    native_get_pairs(
		native_usbdev_keys, &config->usbdevs[i], &one, err))
	PUT_LIST(
	    "channel", channels, write_channel(&config->channels[i], &one, err))
	buf_release(&one);
	buf_release(&list);
	return rc;
}
