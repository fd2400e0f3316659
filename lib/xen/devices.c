/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The disks and interfaces that this host drives for its domains. */
#include "devices.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../number.h"
#include "store.h"

#define N_QUESTIONS 3	/* of each device */

static const struct {
	const char *name;	/* directory below "backend" */
	enum xen_device_kind kind;
	bool counted;
	const char *keys[N_QUESTIONS];
} backends[] = {
	{ "vbd", XEN_DISK, true, { "dev", "params", "type" } },
	{ "qdisk", XEN_DISK, false, { "dev", "params", "type" } },
	{ "vif", XEN_NET, true, { "vifname", "mac", "handle" } },
};

#define N_BACKENDS (sizeof(backends) / sizeof(backends[0]))

void
xen_devices_release(struct xen_devices *list)
{
	for (size_t i = 0; i < list->n; i++) {
		free(list->v[i].name);
		free(list->v[i].source);
		free(list->v[i].mac);
	}
	free(list->v);
	memset(list, 0, sizeof(*list));
}

static struct xen_device *
add_device(struct xen_devices *list, struct error *err)
{
	if (list->n == list->size) {
		size_t size = list->size != 0 ? 2 * list->size : 32;
		struct xen_device *v = reallocarray(list->v, size,
		    sizeof(*v));

		if (v == NULL) {
			error_nomem(err);
			return NULL;
		}
		list->v = v;
		list->size = size;
	}
	memset(&list->v[list->n], 0, sizeof(list->v[0]));
	return &list->v[list->n++];
}

static int
compare_devices(const void *a, const void *b)
{
	const struct xen_device *x = a, *y = b;

	if (x->domain != y->domain)
		return x->domain < y->domain ? -1 : 1;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return x->number < y->number ? -1 : x->number > y->number;
}

/* Which backends have domains: those that are asked for, with their place. */
struct place {
	size_t backend;
	int domain;
};

static int
add_place(struct place **v, size_t *n, size_t backend, int domain,
    struct error *err)
{
	struct place *p = reallocarray(*v, *n + 1, sizeof(*p));

	if (p == NULL)
		return error_nomem(err);
	*v = p;
	p[*n].backend = backend;
	p[*n].domain = domain;
	(*n)++;
	return 0;
}

/* First exchange: which domains have devices of the kinds? */
static int
find_places(struct xen_conn *xen, bool disks, bool nets, struct place **v,
    size_t *n, struct error *err)
{
	struct store_batch batch = STORE_BATCH_INIT;
	int rc;

	for (size_t i = 0; i < N_BACKENDS; i++)
		(void)store_add(&batch, STORE_DIRECTORY,
		    "/local/domain/0/backend/%s", backends[i].name);
	rc = xen_store_run(xen, &batch, err);
	for (unsigned int i = 0; i < N_BACKENDS && rc == 0; i++) {
		const char *name = NULL;
		int32_t domain;

		if (!(backends[i].kind == XEN_DISK ? disks : nets))
			continue;
		while (rc == 0 &&
		    (name = store_next_name(&batch, i, name)) != NULL) {
			if (number_i32(name, 10, &domain) == 0)
				rc = add_place(v, n, i, domain, err);
		}
	}
	store_batch_release(&batch);
	return rc;
}

/* Second exchange: their numbers. */
static int
find_numbers(struct xen_conn *xen, const struct place *places, size_t n,
    struct xen_devices *list, struct store_batch *details, struct error *err)
{
	struct store_batch batch = STORE_BATCH_INIT;
	int rc;

	for (size_t i = 0; i < n; i++)
		(void)store_add(&batch, STORE_DIRECTORY,
		    "/local/domain/0/backend/%s/%d",
		    backends[places[i].backend].name, places[i].domain);
	rc = xen_store_run(xen, &batch, err);
	for (unsigned int i = 0; i < n && rc == 0; i++) {
		size_t b = places[i].backend;
		const char *name = NULL;
		struct xen_device *dev;
		uint32_t number;

		while (rc == 0 &&
		    (name = store_next_name(&batch, i, name)) != NULL) {
			if (number_u32(name, 10, &number) != 0)
				continue;
			dev = add_device(list, err);
			if (dev == NULL) {
				rc = -1;
				break;
			}
			dev->kind = backends[b].kind;
			dev->counted = backends[b].counted;
			dev->domain = places[i].domain;
			dev->number = number;
			for (int k = 0; k < N_QUESTIONS; k++)
				(void)store_add(details, STORE_READ,
				    "/local/domain/0/backend/%s/%d/%u/%s",
				    backends[b].name, dev->domain, number,
				    backends[b].keys[k]);
		}
	}
	store_batch_release(&batch);
	return rc;
}

/* A copy of s, or of a text that is made; NULL s: none. */
static int
keep(const char *s, char **out, struct error *err)
{
	return s == NULL || *s == '\0' ? 0 : xen_text(s, out, err);
}

static int
take_details(struct xen_device *dev, const struct store_batch *details,
    unsigned int first, struct error *err)
{
	const char *name = store_value(details, first, NULL);
	const char *second = store_value(details, first + 1, NULL);
	const char *colon;
	char text[64];

	if (name == NULL || *name == '\0') {
		/* It is as it was made, or it is going away. */
		(void)snprintf(text, sizeof(text), dev->kind == XEN_NET ?
		    "vif%d.%u" : "%d-%u", dev->domain, dev->number);
		name = text;
	}
	if (keep(name, &dev->name, err) != 0)
		return -1;
	if (dev->kind == XEN_NET)
		return keep(second, &dev->mac, err);
	/* A QEMU's has its driver in front: "aio:/path", "qcow2:/path". */
	if (second != NULL && !dev->counted &&
	    (colon = strchr(second, ':')) != NULL)
		second = colon + 1;
	return keep(second, &dev->source, err);
}

int
xen_devices_load(struct xen_conn *xen, int id, bool disks, bool nets,
    struct xen_devices *out, struct error *err)
{
	struct store_batch details = STORE_BATCH_INIT;
	struct place *places = NULL;
	size_t n = 0;
	int rc = 0;

	memset(out, 0, sizeof(*out));
	if (id < 0)
		rc = find_places(xen, disks, nets, &places, &n, err);
	for (size_t i = 0; id >= 0 && i < N_BACKENDS && rc == 0; i++) {
		if (backends[i].kind == XEN_DISK ? disks : nets)
			rc = add_place(&places, &n, i, id, err);
	}
	if (rc == 0 && n > 0)
		rc = find_numbers(xen, places, n, out, &details, err);
	if (rc == 0 && out->n > 0)
		rc = xen_store_run(xen, &details, err);
	for (size_t i = 0; i < out->n && rc == 0; i++)
		rc = take_details(&out->v[i], &details,
		    (unsigned int)i * N_QUESTIONS, err);
	if (out->n > 0)
		qsort(out->v, out->n, sizeof(out->v[0]), compare_devices);
	store_batch_release(&details);
	free(places);
	return rc;
}
