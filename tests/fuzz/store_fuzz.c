/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Whatever xenstored sends: a batch is answered or fails. The first byte says
 * how many questions are asked; a message's head is shortened to three bytes
 * (kind, request, length), so that inputs reach what is behind it.
 */
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <xen/io/xs_wire.h>

#include "../../lib/xen/store.h"
#include "fuzz.h"

static const uint32_t kinds[] = {
	XS_READ,
	XS_DIRECTORY,
	XS_DIRECTORY_PART,
	XS_WATCH,
	XS_WATCH_EVENT,
	XS_ERROR,
};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* What is sent before anything is asked fits into the socket. */
static void
play(int fd, const uint8_t *data, size_t size)
{
	while (size >= 3) {
		struct xsd_sockmsg head = {
			.type = data[0] < 250 ? kinds[data[0] % KINDS] :
			    data[0],
			.req_id = data[1],
			/* 255: more than a message may have */
			.len = data[2] == 255 ? XENSTORE_PAYLOAD_MAX + 1 :
			    data[2],
		};
		size_t n = head.len < size - 3 ? head.len : size - 3;

		if (send(fd, &head, sizeof(head), MSG_NOSIGNAL) < 0 ||
		    send(fd, data + 3, n, MSG_NOSIGNAL) < 0)
			break;
		data += 3 + n;
		size -= 3 + n;
	}
	(void)shutdown(fd, SHUT_WR);
}

static void
look(const struct store_batch *b, unsigned int i)
{
	const char *name = NULL, *value;
	size_t len, total = 0;

	value = store_value(b, i, &len);
	if (value == NULL)
		return;
	FUZZ_ASSERT(value[len] == '\0');
	while ((name = store_next_name(b, i, name)) != NULL)
		total += strlen(name) + 1;
	FUZZ_ASSERT(total <= len + 1);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct store_batch batch = STORE_BATCH_INIT;
	struct error err = ERROR_INIT;
	struct store *store;
	unsigned int n;
	int ends[2];

	if (size < 1 || size > 4096)
		return 0;
	FUZZ_ASSERT(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
	play(ends[1], data + 1, size - 1);
	store = store_open_fd(ends[0], &err);
	FUZZ_ASSERT(store != NULL);
	n = data[0] % 8;
	for (unsigned int i = 0; i < n; i++)
		(void)store_add(&batch, i % 2 == 0 ? STORE_READ :
		    STORE_DIRECTORY, "/some/%u", i);
	if (store_run(store, &batch, &err) == 0) {
		for (unsigned int i = 0; i < n; i++)
			look(&batch, i);
		while (store_changed(store, &err) == 1)
			;
	}
	store_batch_release(&batch);
	store_close(store);
	error_release(&err);
	(void)close(ends[1]);
	return 0;
}
