/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tokens, '~' and variables in values of the user's ssh configuration. */
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sha1.h"
#include "ssh_config.h"

static void
add_home(struct buf *out, const char *user)
{
	const struct passwd *pw = user == NULL ? getpwuid(getuid()) :
	    getpwnam(user);
	const char *home = user == NULL ? getenv("HOME") : NULL;

	if (pw != NULL)
		home = pw->pw_dir;
	buf_puts(out, home == NULL ? "" : home);
}

static void
add_local_user(struct buf *out)
{
	const struct passwd *pw = getpwuid(getuid());

	buf_puts(out, pw == NULL ? "" : pw->pw_name);
}

static void
add_local_host(struct buf *out, bool whole)
{
	char name[256];

	if (gethostname(name, sizeof(name)) != 0)
		return;
	name[sizeof(name) - 1] = '\0';
	if (!whole)
		name[strcspn(name, ".")] = '\0';
	buf_puts(out, name);
}

/* %C: SHA-1 of %l%h%p%r (and of %j, which is empty here) in hex digits. */
static void
add_hash(struct buf *out, const struct ssh_config *c)
{
	struct buf text = BUF_INIT;
	uint8_t hash[SHA1_SIZE];

	add_local_host(&text, true);
	buf_printf(&text, "%s%d%s", c->hostname, c->port, c->user);
	sha1(buf_str(&text), text.len, hash);
	for (size_t i = 0; i < sizeof(hash); i++)
		buf_printf(out, "%02x", hash[i]);
	buf_release(&text);
}

static int
add_token(struct buf *out, const struct ssh_config *c, char token)
{
	switch (token) {
	case '%':
		buf_putc(out, '%');
		return 0;
	case 'C':
		add_hash(out, c);
		return 0;
	case 'd':
		add_home(out, NULL);
		return 0;
	case 'h':
		buf_puts(out, c->hostname);
		return 0;
	case 'i':
		buf_printf(out, "%u", (unsigned int)getuid());
		return 0;
	case 'j':
		buf_puts(out, c->proxy_jump == NULL ? "" : c->proxy_jump);
		return 0;
	case 'k':
		buf_puts(out, c->host_key_alias == NULL ? c->host :
		    c->host_key_alias);
		return 0;
	case 'L':
		add_local_host(out, false);
		return 0;
	case 'l':
		add_local_host(out, true);
		return 0;
	case 'n':
		buf_puts(out, c->host);
		return 0;
	case 'p':
		buf_printf(out, "%d", c->port);
		return 0;
	case 'r':
		buf_puts(out, c->user);
		return 0;
	case 'u':
		add_local_user(out);
		return 0;
	default:
		return -1;
	}
}

/* ${NAME}, at "${". How many characters it takes, 0: it is none. */
static size_t
add_variable(struct buf *out, const char *s)
{
	const char *end = strchr(s, '}'), *value;
	char *name;

	if (end == NULL)
		return 0;
	name = strndup(s + 2, (size_t)(end - s - 2));
	value = name == NULL ? NULL : getenv(name);
	free(name);
	if (value == NULL)
		return 0;
	buf_puts(out, value);
	return (size_t)(end + 1 - s);
}

/* "~" or "~user" in front. How many characters it takes. */
static size_t
add_tilde(struct buf *out, const char *s)
{
	size_t n = strcspn(s, "/");
	char *user;

	if (n == 1) {
		add_home(out, NULL);
		return n;
	}
	user = strndup(s + 1, n - 1);
	if (user != NULL)
		add_home(out, user);
	free(user);
	return n;
}

char *
ssh_config_expand(const struct ssh_config *c, const char *text, bool path,
    struct error *err)
{
	struct buf out = BUF_INIT;
	const char *s = text;
	char *done;
	size_t n;

	if (path && *s == '~')
		s += add_tilde(&out, s);
	while (*s != '\0') {
		if (*s == '%') {
			if (s[1] == '\0' || add_token(&out, c, s[1]) != 0) {
				error_set(err, XVM_FROM_SSH, XVM_ERR_SSH,
				    "the ssh configuration's '%s' has an "
				    "unknown token %%%.1s", text, s + 1);
				goto fail;
			}
			s += 2;
		} else if (path && s[0] == '$' && s[1] == '{') {
			n = add_variable(&out, s);
			if (n == 0) {
				error_set(err, XVM_FROM_SSH, XVM_ERR_SSH,
				    "the ssh configuration's '%s' has a "
				    "variable that is not set", text);
				goto fail;
			}
			s += n;
		} else {
			buf_putc(&out, *s++);
		}
	}
	done = buf_detach(&out);
	if (done == NULL)
		error_nomem(err);
	return done;
fail:
	buf_release(&out);
	return NULL;
}
