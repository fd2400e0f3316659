/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Questions to the user. */
#include "ask.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "../lib/file.h"
#include "visible.h"

#define CTRL_C 3
#define CTRL_D 4
#define CTRL_U 21
#define BACKSPACE 8
#define DELETE 127
#define SLICE_MS 200

/* Those that would leave the terminal without echo; they wait. */
static const int held[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP };

static int
open_terminal(void)
{
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);

	if (fd >= 0 && tcgetpgrp(fd) != getpgrp()) {
		(void)close(fd);
		fd = -1;
	}
	return fd;
}

bool
ask_possible(void)
{
	int fd = open_terminal();

	if (fd < 0)
		return false;
	(void)close(fd);
	return true;
}

static void
put_prompt(int fd, const char *prompt)
{
	struct buf out = BUF_INIT;

	visible_add(&out, prompt, strlen(prompt));
	(void)fd_write(fd, buf_str(&out), out.len);
	buf_release(&out);
}

static bool
must_end(const volatile sig_atomic_t *cancel)
{
	sigset_t waiting;

	if (cancel != NULL && *cancel != 0)
		return true;
	if (sigpending(&waiting) != 0)
		return false;
	for (size_t i = 0; i < sizeof(held) / sizeof(held[0]); i++) {
		if (held[i] != SIGTSTP && sigismember(&waiting, held[i]) == 1)
			return true;
	}
	return false;
}

/* Take back the last character, which may have several bytes. */
static void
take_back(int fd, bool echo, struct buf *answer)
{
	unsigned char c;

	if (answer->len == 0)
		return;
	do {
		c = (unsigned char)answer->data[--answer->len];
		answer->data[answer->len] = '\0';
	} while (answer->len > 0 && (c & 0xc0) == 0x80);
	if (echo)
		(void)fd_write(fd, "\b \b", 3);
}

/* 1: the line is complete, 0: go on, -1: the user ended it. */
static int
take_character(int fd, char c, bool echo, struct buf *answer)
{
	switch ((unsigned char)c) {
	case '\n':
	case '\r':
		return 1;
	case CTRL_C:
		return -1;
	case CTRL_D:
		return answer->len == 0 ? -1 : 0;
	case CTRL_U:
		while (answer->len > 0)
			take_back(fd, echo, answer);
		return 0;
	case BACKSPACE:
	case DELETE:
		take_back(fd, echo, answer);
		return 0;
	default:
		if ((unsigned char)c < ' ' || answer->len >= ASK_ANSWER_MAX)
			return 0;
		buf_putc(answer, c);
		if (echo)
			(void)fd_write(fd, &c, 1);
		return 0;
	}
}

static int
read_line(int fd, bool echo, const volatile sig_atomic_t *cancel,
    struct buf *answer)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int rc = 0;

	while (rc == 0) {
		ssize_t n;
		char c;

		if (must_end(cancel))
			return -1;
		if (poll(&p, 1, SLICE_MS) <= 0)
			continue;
		n = read(fd, &c, 1);
		if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN))
			return -1;
		if (n == 1)
			rc = take_character(fd, c, echo, answer);
	}
	return rc;
}

int
ask(const char *prompt, bool echo, const volatile sig_atomic_t *cancel,
    struct buf *answer, struct error *err)
{
	struct termios before, now;
	sigset_t set, old;
	int fd = open_terminal(), rc;

	buf_clear(answer);
	/* Room for all of it: growing would leave copies behind. */
	if (buf_reserve(answer, ASK_ANSWER_MAX + 1) == NULL) {
		if (fd >= 0)
			(void)close(fd);
		return error_nomem(err);
	}
	if (fd < 0 || tcgetattr(fd, &before) != 0) {
		if (fd >= 0)
			(void)close(fd);
		return error_set(err, XVM_FROM_SSH, XVM_ERR_AUTH_CANCELLED,
		    "there is no terminal to ask on");
	}
	(void)sigemptyset(&set);
	for (size_t i = 0; i < sizeof(held) / sizeof(held[0]); i++)
		(void)sigaddset(&set, held[i]);
	(void)pthread_sigmask(SIG_BLOCK, &set, &old);
	now = before;
	now.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
	now.c_cc[VMIN] = 1;
	now.c_cc[VTIME] = 0;
	(void)tcsetattr(fd, TCSAFLUSH, &now);
	put_prompt(fd, prompt);
	rc = read_line(fd, echo, cancel, answer);
	(void)fd_write(fd, "\n", 1);
	(void)tcsetattr(fd, TCSAFLUSH, &before);
	(void)close(fd);
	(void)pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (rc > 0)
		return 0;
	ask_wipe(answer);
	return error_set(err, XVM_FROM_SSH, XVM_ERR_AUTH_CANCELLED,
	    "ended at a question");
}

void
ask_wipe(struct buf *answer)
{
	if (answer->data != NULL)
		explicit_bzero(answer->data, answer->size);
	buf_release(answer);
}
