/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which device of a document is meant, and what it is called. */
#include <stdio.h>
#include <string.h>

#include "../../number.h"
#include "../../tree.h"
#include "device.h"

/* An attribute as a number: 0x0a and 10 are the same. */
static uint64_t
number_of(const struct node *node, const char *name)
{
	const char *text = node_attr(node, name);
	uint64_t n;

	return text != NULL && number_u64(text, 0, &n) == 0 ? n : 0;
}

static bool
same_attr(const struct node *a, const struct node *b, const char *name)
{
	const char *x = node_attr(a, name), *y = node_attr(b, name);

	return x != NULL && y != NULL && strcasecmp(x, y) == 0;
}

static bool
same_child(const struct node *a, const struct node *b, const char *child,
    const char *name)
{
	return same_attr(node_child(a, child), node_child(b, child), name);
}

static bool
same_numbers(const struct node *a, const struct node *b,
    const char *const *names)
{
	if (a == NULL || b == NULL)
		return false;
	for (; *names != NULL; names++) {
		if (number_of(a, *names) != number_of(b, *names))
			return false;
	}
	return true;
}

static bool
same_hostdev(const struct node *a, const struct node *b)
{
	static const char *const pci[] = { "domain", "bus", "slot",
	    "function", NULL };
	static const char *const usb[] = { "bus", "device", NULL };
	static const char *const id[] = { "id", NULL };
	const struct node *x = node_child(a, "source");
	const struct node *y = node_child(b, "source");

	if (!same_attr(a, b, "type"))
		return false;
	if (node_attr_is(a, "type", "pci"))
		return same_numbers(node_child(x, "address"),
		    node_child(y, "address"), pci);
	if (same_numbers(node_child(x, "address"), node_child(y, "address"),
	    usb))
		return true;
	return same_numbers(node_child(x, "vendor"), node_child(y, "vendor"),
	    id) && same_numbers(node_child(x, "product"),
	    node_child(y, "product"), id);
}

static bool
is_same(const struct node *a, const struct node *b)
{
	if (strcmp(a->name, "disk") == 0)
		return same_child(a, b, "target", "dev");
	if (strcmp(a->name, "interface") == 0)
		return same_child(a, b, "mac", "address");
	if (strcmp(a->name, "hostdev") == 0)
		return same_hostdev(a, b);
	if (strcmp(a->name, "controller") == 0)
		return same_attr(a, b, "type") &&
		    number_of(a, "index") == number_of(b, "index");
	if (strcmp(a->name, "input") == 0)
		return same_attr(a, b, "type") && same_attr(a, b, "bus");
	if (strcmp(a->name, "graphics") == 0)
		return same_attr(a, b, "type");
	return false;
}

struct node *
device_find(const struct node *domain, const struct node *like)
{
	struct node *d = node_child(node_child(domain, "devices"),
	    like->name);

	while (d != NULL && !is_same(d, like))
		d = node_next(d, like->name);
	return d;
}

struct node *
device_find_alias(const struct node *domain, const char *alias)
{
	struct node *d = node_child(node_child(domain, "devices"), NULL);

	while (d != NULL && !node_attr_is(node_child(d, "alias"), "name",
	    alias))
		d = node_next(d, NULL);
	return d;
}

const char *
device_words(const struct node *device, char out[DEVICE_WORDS_SIZE])
{
	const struct node *address = node_find(device, "source/address");
	const char *type = node_attr(device, "type");
	const char *target = node_attr(node_child(device, "target"), "dev");
	const char *mac = node_attr(node_child(device, "mac"), "address");

	if (type == NULL)
		type = "";
	if (strcmp(device->name, "disk") == 0)
		(void)snprintf(out, DEVICE_WORDS_SIZE, "disk '%s'",
		    target != NULL ? target : "");
	else if (strcmp(device->name, "interface") == 0)
		(void)snprintf(out, DEVICE_WORDS_SIZE,
		    "network device with mac %s", mac != NULL ? mac : "");
	else if (strcmp(device->name, "hostdev") == 0 &&
	    strcmp(type, "pci") == 0)
		(void)snprintf(out, DEVICE_WORDS_SIZE,
		    "pci device %04x:%02x:%02x.%x",
		    (unsigned int)number_of(address, "domain"),
		    (unsigned int)number_of(address, "bus"),
		    (unsigned int)number_of(address, "slot"),
		    (unsigned int)number_of(address, "function"));
	else
		(void)snprintf(out, DEVICE_WORDS_SIZE, "%s %s device", type,
		    strcmp(device->name, "hostdev") == 0 ? "host" :
		    device->name);
	return out;
}
