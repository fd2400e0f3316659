/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The picture of every test domain's screen: a PNG of a terminal's window,
 * made when it is asked for. The format is that of RFC 2083, its data those
 * of RFC 1950 and 1951, stored without compression.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../buf.h"
#include "../file.h"
#include "../stream.h"
#include "test.h"

#define WIDTH 160		/* one bit a pixel, whole bytes */
#define HEIGHT 100
#define BAR 10			/* the window's title, rows */
#define ROW (1 + WIDTH / 8)	/* the filter's number and the pixels */
#define IMAGE (HEIGHT * ROW)	/* one stored block has room for 65535 */

struct screenshot {
	struct stream stream;
	int fd;			/* a file in memory: one can poll for it */
};

static void
add_number(struct buf *b, uint32_t n)
{
	unsigned char bytes[] = { (unsigned char)(n >> 24),
	    (unsigned char)(n >> 16), (unsigned char)(n >> 8),
	    (unsigned char)n };

	buf_add(b, bytes, sizeof(bytes));
}

static uint32_t
crc32(const char *data, size_t n)
{
	uint32_t crc = 0xffffffff;

	for (size_t i = 0; i < n; i++) {
		crc ^= (unsigned char)data[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ ((crc & 1) != 0 ? 0xedb88320 : 0);
	}
	return ~crc;
}

static uint32_t
adler32(const unsigned char *data, size_t n)
{
	uint32_t a = 1, b = 0;

	for (size_t i = 0; i < n; i++) {
		a = (a + data[i]) % 65521;
		b = (b + a) % 65521;
	}
	return b << 16 | a;
}

/* A chunk: its length, name and data, and the sum of the last two. */
static void
add_chunk(struct buf *b, const char *name, const void *data, size_t n)
{
	size_t start;

	add_number(b, (uint32_t)n);
	start = b->len;
	buf_puts(b, name);
	buf_add(b, data, n);
	if (!b->failed)
		add_number(b, crc32(b->data + start, n + 4));
}

/* A frame, a title's bar, a prompt and its cursor; a 0 bit is black. */
static void
draw(unsigned char image[IMAGE])
{
	for (int y = 0; y < HEIGHT; y++) {
		unsigned char *row = image + y * ROW;

		row[0] = 0;	/* no filter */
		memset(row + 1, y < BAR || y == HEIGHT - 1 ? 0xff : 0,
		    ROW - 1);
		row[1] |= 0x80;
		row[ROW - 1] |= 0x01;
		if (y >= BAR + 4 && y < BAR + 12)
			row[2] |= 0x7c;
	}
}

static void
make_png(struct buf *b)
{
	static const unsigned char header[] = {
	    0, 0, 0, WIDTH, 0, 0, 0, HEIGHT,
	    1, 0, 0, 0, 0 };	/* 1 bit of grey */
	/* Not compressed; one block, the last; its length and complement. */
	static const unsigned char begin[] = { 0x78, 0x01, 0x01,
	    IMAGE & 0xff, IMAGE >> 8, ~IMAGE & 0xff, ~IMAGE >> 8 & 0xff };
	unsigned char image[IMAGE];
	struct buf data = BUF_INIT;

	draw(image);
	buf_add(&data, begin, sizeof(begin));
	buf_add(&data, image, sizeof(image));
	add_number(&data, adler32(image, sizeof(image)));
	buf_add(b, "\x89PNG\r\n\x1a\n", 8);
	add_chunk(b, "IHDR", header, sizeof(header));
	add_chunk(b, "IDAT", buf_str(&data), data.len);
	add_chunk(b, "IEND", "", 0);
	b->failed = b->failed || data.failed;
	buf_release(&data);
}

static ssize_t
screenshot_read(struct stream *stream, void *out, size_t n, struct error *err)
{
	ssize_t got = read(((struct screenshot *)stream)->fd, out, n);

	return got >= 0 ? got : error_system(err, XVM_FROM_STREAMS, errno,
	    "cannot read from stream");
}

static ssize_t
screenshot_write(struct stream *stream, const void *data, size_t n,
    struct error *err)
{
	(void)stream;
	(void)data;
	(void)n;
	return error_system(err, XVM_FROM_STREAMS, EBADF,
	    "cannot write to stream");
}

static int
screenshot_finish(struct stream *stream, struct error *err)
{
	(void)stream;
	(void)err;
	return 0;
}

static void
screenshot_abort(struct stream *stream)
{
	(void)stream;
}

static int
screenshot_fd(struct stream *stream, short events)
{
	(void)events;
	return ((struct screenshot *)stream)->fd;
}

static void
screenshot_free(struct stream *stream)
{
	struct screenshot *s = (struct screenshot *)stream;

	if (s->fd >= 0)
		(void)close(s->fd);
	free(s);
}

static const struct stream_ops screenshot_ops = {
	.read = screenshot_read,
	.write = screenshot_write,
	.finish = screenshot_finish,
	.abort = screenshot_abort,
	.fd = screenshot_fd,
	.free = screenshot_free,
};

static struct stream *
screenshot_new(struct error *err)
{
	struct screenshot *s = calloc(1, sizeof(*s));
	struct buf png = BUF_INIT;
	int rc;

	if (s == NULL) {
		error_nomem(err);
		return NULL;
	}
	s->stream.ops = &screenshot_ops;
	make_png(&png);
	s->fd = memfd_create("screenshot", MFD_CLOEXEC);
	if (png.failed)
		rc = error_nomem(err);
	else if (s->fd < 0 || fd_write(s->fd, png.data, png.len) != 0 ||
	    lseek(s->fd, 0, SEEK_SET) != 0)
		rc = error_system(err, XVM_FROM_STREAMS, errno,
		    "cannot make a file in memory");
	else
		rc = 0;
	buf_release(&png);
	if (rc == 0)
		return &s->stream;
	screenshot_free(&s->stream);
	return NULL;
}

/* Any domain and any screen will do, as with libvirt's. */
int
test_domain_screenshot(void *state, struct call *call)
{
	const struct xvm_domain_screenshot_args *args = call->args;
	struct xvm_domain_screenshot_ret *ret = call->ret;

	(void)state;
	if (test_check_flags(args->flags, 0, "testDomainScreenshot",
	    &call->err) != 0)
		return -1;
	ret->mime = calloc(1, sizeof(*ret->mime));
	if (ret->mime == NULL)
		return error_nomem(&call->err);
	if (test_text("image/png", ret->mime, &call->err) != 0)
		return -1;
	call->stream = screenshot_new(&call->err);
	return call->stream == NULL ? -1 : 0;
}
