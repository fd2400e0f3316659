/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What can be told of ssh's keys. */
#include "ssh_key.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/file.h"
#include "base64.h"

#define MSG_KEXINIT 20
#define COOKIE_SIZE 16u

/* A view of what is left to read. */
struct view {
	const uint8_t *p;
	size_t n;
};

static bool
skip(struct view *v, size_t n)
{
	if (v->n < n)
		return false;
	v->p += n;
	v->n -= n;
	return true;
}

static bool
take_u32(struct view *v, uint32_t *out)
{
	if (v->n < 4)
		return false;
	*out = (uint32_t)v->p[0] << 24 | (uint32_t)v->p[1] << 16 |
	    (uint32_t)v->p[2] << 8 | v->p[3];
	return skip(v, 4);
}

/* A string with its length in front. */
static bool
take_string(struct view *v, struct view *out)
{
	uint32_t n;

	if (!take_u32(v, &n))
		return false;
	out->p = v->p;
	out->n = n;
	return skip(v, n);
}

/* Names are of visible characters; others make it none. */
static void
copy_name(const struct view *v, char *out, size_t size)
{
	out[0] = '\0';
	if (v->n >= size)
		return;
	for (size_t i = 0; i < v->n; i++) {
		if (v->p[i] <= ' ' || v->p[i] >= 0x7f)
			return;
	}
	memcpy(out, v->p, v->n);
	out[v->n] = '\0';
}

void
ssh_key_type(const void *blob, size_t n, char *out, size_t size)
{
	struct view v = { blob, n }, type = { NULL, 0 };

	out[0] = '\0';
	if (take_string(&v, &type))
		copy_name(&type, out, size);
}

/* OpenSSH's own form (its PROTOCOL.key): magic, cipher, kdf, options, count,
 * public key. */
static int
read_openssh(const struct buf *raw, struct ssh_key_file *out,
    struct view *key)
{
	static const char magic[] = "openssh-key-v1";
	struct view v = { (const uint8_t *)raw->data, raw->len };
	struct view cipher, kdf, options;
	uint32_t count;

	if (raw->len < sizeof(magic) ||
	    memcmp(raw->data, magic, sizeof(magic)) != 0 ||
	    !skip(&v, sizeof(magic)) || !take_string(&v, &cipher) ||
	    !take_string(&v, &kdf) || !take_string(&v, &options) ||
	    !take_u32(&v, &count) || !take_string(&v, key))
		return -1;
	out->encrypted = cipher.n != 4 || memcmp(cipher.p, "none", 4) != 0;
	ssh_key_type(key->p, key->n, out->type, sizeof(out->type));
	return 0;
}

static void
set_type(struct ssh_key_file *out, const char *type)
{
	memcpy(out->type, type, strlen(type) + 1);
}

/* As ssh_key_file_read; public, when not NULL, gets the public key. */
static int
read_private(const char *path, struct ssh_key_file *out, struct buf *public,
    struct error *err)
{
	static const char begin[] = "-----BEGIN OPENSSH PRIVATE KEY-----";
	struct buf text = BUF_INIT, raw = BUF_INIT;
	struct view key = { NULL, 0 };
	const char *s, *start, *end;
	int rc = -1;

	memset(out, 0, sizeof(*out));
	if (file_read(path, SSH_KEY_FILE_MAX, &text, err) != 0)
		goto out;
	s = buf_str(&text);
	start = strstr(s, begin);
	if (start != NULL) {
		start += strlen(begin);
		end = strstr(start, "-----END");
		if (end != NULL && base64_decode(&raw, start,
		    (size_t)(end - start)) == 0)
			rc = read_openssh(&raw, out, &key);
	} else if (strstr(s, "-----BEGIN ") != NULL &&
	    strstr(s, "PRIVATE KEY-----") != NULL) {
		out->encrypted = strstr(s, "Proc-Type: 4,ENCRYPTED") != NULL ||
		    strstr(s, "BEGIN ENCRYPTED PRIVATE KEY") != NULL;
		if (strstr(s, "BEGIN RSA PRIVATE KEY") != NULL)
			set_type(out, "ssh-rsa");
		rc = 0;
	}
	if (rc != 0)
		error_set(err, XVM_FROM_SSH, XVM_ERR_SSH,
		    "'%s' is no private key", path);
	else if (public != NULL)
		buf_add(public, key.p, key.n);
out:
	if (text.data != NULL)
		explicit_bzero(text.data, text.len);
	if (raw.data != NULL)
		explicit_bzero(raw.data, raw.len);
	buf_release(&text);
	buf_release(&raw);
	return rc;
}

int
ssh_key_file_read(const char *path, struct ssh_key_file *out,
    struct error *err)
{
	return read_private(path, out, NULL, err);
}

int
ssh_key_public_read(const char *path, struct buf *blob_out)
{
	struct error err = ERROR_INIT;
	struct buf text = BUF_INIT;
	const char *s;
	int rc = -1;

	if (file_read(path, SSH_KEY_FILE_MAX, &text, &err) == 0) {
		s = buf_str(&text);
		s += strcspn(s, " ");
		s += strspn(s, " ");
		if (*s != '\0')
			rc = base64_decode(blob_out, s, strcspn(s, " \r\n"));
	}
	error_release(&err);
	buf_release(&text);
	return rc;
}

int
ssh_key_public_of(const char *path, struct buf *blob_out)
{
	struct error err = ERROR_INIT;
	struct buf public = BUF_INIT;
	struct ssh_key_file file;
	int rc;

	buf_printf(&public, "%s.pub", path);
	rc = ssh_key_public_read(buf_str(&public), blob_out);
	buf_release(&public);
	if (rc != 0 && read_private(path, &file, blob_out, &err) == 0)
		rc = blob_out->len > 0 ? 0 : -1;
	error_release(&err);
	return rc;
}

/* OpenSSH's PROTOCOL.certkeys: type, nonce, then what is behind the type in the
 * key's own blob. */
bool
ssh_key_certifies(const struct buf *certificate, const struct buf *key)
{
	struct view c = { (const uint8_t *)certificate->data, certificate->len };
	struct view k = { (const uint8_t *)key->data, key->len };
	struct view type, nonce;

	return take_string(&c, &type) && take_string(&c, &nonce) &&
	    take_string(&k, &type) && k.n > 0 && k.n <= c.n &&
	    memcmp(c.p, k.p, k.n) == 0;
}

char *
ssh_key_offered(const void *data, size_t n)
{
	struct view v = { data, n }, kex, keys;
	const uint8_t *line = v.p, *end;
	uint32_t length;

	/* Lines, of which the one with the version is the last. */
	for (;;) {
		end = v.n == 0 ? NULL : memchr(v.p, '\n', v.n);
		if (end == NULL)
			return NULL;
		line = v.p;
		(void)skip(&v, (size_t)(end + 1 - v.p));
		if (end - line >= 4 && memcmp(line, "SSH-", 4) == 0)
			break;
	}
	/* A packet: length, padding's length, then the message. */
	if (!take_u32(&v, &length) || length > v.n || !skip(&v, 1) ||
	    v.n == 0 || v.p[0] != MSG_KEXINIT || !skip(&v, 1 + COOKIE_SIZE) ||
	    !take_string(&v, &kex) || !take_string(&v, &keys))
		return NULL;
	for (size_t i = 0; i < keys.n; i++) {
		if (keys.p[i] <= ' ' || keys.p[i] >= 0x7f)
			return NULL;
	}
	return strndup((const char *)keys.p, keys.n);
}
