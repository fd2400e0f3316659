/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* known_hosts files. */
#include "known_hosts.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../lib/file.h"
#include "base64.h"
#include "sha1.h"

#define SSH_PORT 22

/* A part of a line, not terminated. */
struct word {
	const char *s;
	size_t n;
};

char *
known_hosts_name(const char *host, int port)
{
	struct buf out = BUF_INIT;

	if (port != SSH_PORT)
		buf_putc(&out, '[');
	for (; *host != '\0'; host++)
		buf_putc(&out, (char)tolower((unsigned char)*host));
	if (port != SSH_PORT)
		buf_printf(&out, "]:%d", port);
	return buf_detach(&out);
}

/* --- matching ------------------------------------------------------------- */

/* '*' and '?' alone are special: brackets stand around a host with a port. */
static bool
glob(const char *p, size_t n, const char *s)
{
	const char *end = p + n, *star = NULL, *retry = NULL;

	while (*s != '\0') {
		if (p < end && *p == '*') {
			star = ++p;
			retry = s;
		} else if (p < end && (*p == '?' ||
		    tolower((unsigned char)*p) == *s)) {
			p++;
			s++;
		} else if (star != NULL) {
			p = star;
			s = ++retry;
		} else {
			return false;
		}
	}
	while (p < end && *p == '*')
		p++;
	return p == end;
}

/* |1|salt|hash, both in base 64. */
static bool
hash_matches(const struct word *w, const char *name)
{
	const char *salt = w->s + 3, *end = w->s + w->n;
	const char *bar = memchr(salt, '|', (size_t)(end - salt));
	struct buf key = BUF_INIT, want = BUF_INIT;
	uint8_t got[SHA1_SIZE];
	bool same = false;

	if (bar == NULL)
		return false;
	if (base64_decode(&key, salt, (size_t)(bar - salt)) == 0 &&
	    base64_decode(&want, bar + 1, (size_t)(end - bar - 1)) == 0 &&
	    key.len == SHA1_SIZE && want.len == SHA1_SIZE) {
		sha1_hmac(key.data, key.len, name, strlen(name), got);
		same = memcmp(got, want.data, SHA1_SIZE) == 0;
	}
	buf_release(&key);
	buf_release(&want);
	return same;
}

/* A list with commas; "!pattern" excludes. */
static bool
names_match(const struct word *w, const char *name)
{
	const char *p = w->s, *end = w->s + w->n;
	bool found = false;

	if (w->n > 3 && strncmp(w->s, "|1|", 3) == 0)
		return hash_matches(w, name);
	while (p < end) {
		const char *comma = memchr(p, ',', (size_t)(end - p));
		const char *stop = comma == NULL ? end : comma;
		bool negated = p < stop && *p == '!';

		if (negated)
			p++;
		if (glob(p, (size_t)(stop - p), name)) {
			if (negated)
				return false;
			found = true;
		}
		p = comma == NULL ? end : comma + 1;
	}
	return found;
}

/* --- reading -------------------------------------------------------------- */

/* The next word of a line that ends at end. */
static struct word
next_word(const char **p, const char *end)
{
	struct word w;

	while (*p < end && (**p == ' ' || **p == '\t'))
		(*p)++;
	w.s = *p;
	while (*p < end && **p != ' ' && **p != '\t' && **p != '\r')
		(*p)++;
	w.n = (size_t)(*p - w.s);
	return w;
}

static bool
word_is(const struct word *w, const char *s)
{
	return w->n == strlen(s) && memcmp(w->s, s, w->n) == 0;
}

static int
take_line(struct known_hosts *k, const char *line, const char *end,
    const char *name, const char *plain, struct known_host *host,
    struct error *err)
{
	struct word names = next_word(&line, end), type, key;
	struct known_host *grown;

	if (names.n == 0 || names.s[0] == '#')
		return 0;
	if (names.s[0] == '@') {
		host->revoked = word_is(&names, "@revoked");
		if (!host->revoked)
			return 0;
		names = next_word(&line, end);
	}
	type = next_word(&line, end);
	key = next_word(&line, end);
	if (!names_match(&names, name)) {
		if (plain == NULL || host->revoked ||
		    !names_match(&names, plain))
			return 0;
		host->no_port = true;
	}
	if (base64_decode(&host->key, key.s, key.n) != 0 ||
	    host->key.len == 0) {
		buf_release(&host->key);
		return 0;
	}
	grown = reallocarray(k->hosts, k->n + 1, sizeof(*grown));
	if (grown != NULL)
		k->hosts = grown;
	host->type = strndup(type.s, type.n);
	if (grown == NULL || host->type == NULL || host->key.failed) {
		free(host->type);
		buf_release(&host->key);
		return error_nomem(err);
	}
	k->hosts[k->n++] = *host;
	return 0;
}

int
known_hosts_read(struct known_hosts *k, const char *file, const char *host,
    int port, struct error *err)
{
	struct buf text = BUF_INIT;
	char *name = known_hosts_name(host, port), *plain = NULL;
	const char *p, *end;
	int rc = -1, number = 0;

	if (name == NULL || (port != SSH_PORT &&
	    (plain = known_hosts_name(host, SSH_PORT)) == NULL)) {
		error_nomem(err);
		goto out;
	}
	if (access(file, F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR)) {
		rc = 0;
		goto out;
	}
	if (file_read(file, KNOWN_HOSTS_SIZE_MAX, &text, err) != 0)
		goto out;
	p = buf_str(&text);
	end = p + text.len;
	while (p < end) {
		const char *stop = memchr(p, '\n', (size_t)(end - p));
		struct known_host found = { .file = file, .line = ++number };

		if (stop == NULL)
			stop = end;
		if (take_line(k, p, stop, name, plain, &found, err) != 0)
			goto out;
		p = stop + 1;
	}
	rc = 0;
out:
	buf_release(&text);
	free(name);
	free(plain);
	return rc;
}

void
known_hosts_release(struct known_hosts *k)
{
	for (size_t i = 0; i < k->n; i++) {
		free(k->hosts[i].type);
		buf_release(&k->hosts[i].key);
	}
	free(k->hosts);
	memset(k, 0, sizeof(*k));
}

/* --- asking --------------------------------------------------------------- */

bool
known_hosts_has_type(const struct known_hosts *k, const char *type)
{
	for (size_t i = 0; i < k->n; i++) {
		if (!k->hosts[i].revoked && strcmp(k->hosts[i].type, type) == 0)
			return true;
	}
	return false;
}

enum known_hosts_answer
known_hosts_check(const struct known_hosts *k, const char *type,
    const void *key, size_t n, const struct known_host **where_out)
{
	enum known_hosts_answer answer = KNOWN_HOSTS_NEW;

	*where_out = NULL;
	for (size_t i = 0; i < k->n; i++) {
		const struct known_host *h = &k->hosts[i];
		bool same = h->key.len == n && memcmp(h->key.data, key, n) == 0;

		if (h->revoked) {
			if (!same)
				continue;
			*where_out = h;
			return KNOWN_HOSTS_REVOKED;
		}
		if (same) {
			answer = KNOWN_HOSTS_MATCH;
			*where_out = h;
		}
		if (answer == KNOWN_HOSTS_MATCH || h->no_port)
			continue;
		if (strcmp(h->type, type) == 0) {
			if (answer != KNOWN_HOSTS_CHANGED)
				*where_out = h;
			answer = KNOWN_HOSTS_CHANGED;
		} else if (answer == KNOWN_HOSTS_NEW) {
			answer = KNOWN_HOSTS_OTHER;
			*where_out = h;
		}
	}
	return answer;
}

/* --- adding --------------------------------------------------------------- */

static int
add_hashed(struct buf *out, const char *name)
{
	uint8_t salt[SHA1_SIZE], hash[SHA1_SIZE];

	if (getrandom(salt, sizeof(salt), 0) != (ssize_t)sizeof(salt))
		return -1;
	sha1_hmac(salt, sizeof(salt), name, strlen(name), hash);
	buf_puts(out, "|1|");
	base64_encode(out, salt, sizeof(salt), true);
	buf_putc(out, '|');
	base64_encode(out, hash, sizeof(hash), true);
	return 0;
}

static void
make_folder(const char *file)
{
	const char *slash = strrchr(file, '/');
	char *folder;

	if (slash == NULL || slash == file)
		return;
	folder = strndup(file, (size_t)(slash - file));
	if (folder != NULL)
		(void)mkdir(folder, 0700);
	free(folder);
}

int
known_hosts_append(const char *file, const char *name, bool hashed,
    const char *type, const void *key, size_t n, struct error *err)
{
	struct buf line = BUF_INIT;
	int fd, rc = -1;
	char last;

	make_folder(file);
	fd = open(file, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return error_system(err, XVM_FROM_SSH, errno,
		    "cannot write the host's key to '%s'", file);
	/* A last line that was cut must not run into this one. */
	if (lseek(fd, -1, SEEK_END) >= 0 && read(fd, &last, 1) == 1 &&
	    last != '\n')
		buf_putc(&line, '\n');
	if (!hashed)
		buf_puts(&line, name);
	else if (add_hashed(&line, name) != 0) {
		error_system(err, XVM_FROM_SSH, errno, "no random numbers");
		goto out;
	}
	buf_printf(&line, " %s ", type);
	base64_encode(&line, key, n, true);
	buf_putc(&line, '\n');
	if (line.failed)
		error_nomem(err);
	else if (fd_write(fd, line.data, line.len) != 0)
		error_system(err, XVM_FROM_SSH, errno,
		    "cannot write the host's key to '%s'", file);
	else
		rc = 0;
out:
	(void)close(fd);
	buf_release(&line);
	return rc;
}
