/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The Xen driver's table and its connections. */
#include <stdlib.h>
#include <string.h>

#include "../conn.h"
#include "../uri.h"
#include "child.h"
#include "store.h"
#include "xen.h"

static driver_handler *const handlers[] = {
#define HANDLER(NUMBER, name) [XVM_CALL_##NUMBER] = xen_##name,
#define CHILD(NUMBER) [XVM_CALL_##NUMBER] = xen_child,
#include "handlers.h"
#undef HANDLER
#undef CHILD
};

#define N_HANDLERS (sizeof(handlers) / sizeof(handlers[0]))

static void
xen_close(void *state)
{
	struct xen_conn *xen = state;

	xen_child_close(xen);
	xen_events_free(xen->events);
	store_close(xen->store);
	hyper_list_release(&xen->list);
	if (xen->xc != NULL)
		(void)xc_interface_close(xen->xc);
	(void)pthread_mutex_destroy(&xen->lock);
	free(xen->uri);
	free(xen);
}

static int
xen_open(const struct uri *uri, const struct conn_options *options,
    void **state_out, struct error *err)
{
	struct xen_conn *xen;

	*state_out = NULL;
	if (uri->path[0] != '\0' && strcmp(uri->path, "/") != 0 &&
	    strcmp(uri->path, "/system") != 0)
		return error_set(err, XVM_FROM_LIBXL, XVM_ERR_INTERNAL_ERROR,
		    "unexpected Xen URI path '%s', try xen:///system",
		    uri->path);
	xen = calloc(1, sizeof(*xen));
	if (xen == NULL)
		return error_nomem(err);
	(void)pthread_mutex_init(&xen->lock, NULL);
	xen->cancel = options->cancel;
	xen->uri = uri_format(uri);
	if (xen->uri == NULL)
		(void)error_nomem(err);
	else
		xen->xc = hyper_open(err);
	if (xen->xc == NULL) {
		xen_close(xen);
		return -1;
	}
	*state_out = xen;
	return 0;
}

/* What the child answers holds no lock while it is away. */
static bool
is_childs(const struct call *call)
{
	int by = driver_answers_by(handlers, N_HANDLERS, call->number);

	return by != 0 && handlers[by] == xen_child;
}

/* Documents of domains that xl made come from the child; disks may hang. */
static bool
xen_is_slow(int number)
{
	return number == XVM_CALL_DOMAIN_GET_XML_DESC ||
	    number == XVM_CALL_DOMAIN_GET_METADATA ||
	    number == XVM_CALL_DOMAIN_GET_BLOCK_INFO;
}

static void
xen_submit(void *state, struct call *calls, size_t n)
{
	struct xen_conn *xen = state;
	size_t end;

	for (size_t i = 0; i < n; i = end) {
		bool childs = is_childs(&calls[i]);

		end = i + 1;
		while (end < n && is_childs(&calls[end]) == childs)
			end++;
		if (!childs)
			(void)pthread_mutex_lock(&xen->lock);
		driver_dispatch(handlers, N_HANDLERS, xen, calls + i, end - i);
		if (childs)
			xen_events_poke(xen);
		else
			(void)pthread_mutex_unlock(&xen->lock);
	}
}

int
xen_by_child(struct xen_conn *xen, struct call *call)
{
	int rc;

	(void)pthread_mutex_unlock(&xen->lock);
	rc = xen_child(xen, call);
	(void)pthread_mutex_lock(&xen->lock);
	return rc;
}

extern const struct driver driver_module;
__attribute__((visibility("default"))) const struct driver driver_module = {
	.name = "xen",
	.local = true,
	.open = xen_open,
	.submit = xen_submit,
	.is_slow = xen_is_slow,
	.event_enable = xen_event_enable,
	.event_fd = xen_event_fd,
	.event_next = xen_event_next,
	.close = xen_close,
};
