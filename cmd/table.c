/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tables: columns as wide as their widest cell. */
#include <ctype.h>
#include <json-c/json.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

#include "../lib/buf.h"
#include "cmd.h"

struct table {
	struct cmd *cmd;
	const struct column *columns;
	size_t n_columns;
	struct buf text;	/* the cells, each with its NUL */
	size_t n_cells;
	size_t *widths;		/* of each column */
	size_t *cell_width;	/* of each cell */
	size_t cells_size;
	struct json_object *array, *row;
};

/* How many places of the screen a text takes. */
static size_t
width_of_wide(wchar_t wc)
{
	int w = wcwidth(wc);

	return w < 0 ? 1 : (size_t)w;
}

/*
 * Append s with everything unprintable as \xNN, and its NUL; returns the width.
 */
static size_t
add_safe(struct buf *out, const char *s)
{
	size_t width = 0;
	mbstate_t st;

	memset(&st, 0, sizeof(st));
	while (*s != '\0') {
		unsigned char c = (unsigned char)*s;
		wchar_t wc;
		size_t n = 1;
		bool plain = c >= 0x20 && c < 0x7f &&
		    !(c == '\\' && s[1] == 'x');

		if (plain) {
			buf_putc(out, *s++);
			width++;
			continue;
		}
		if (c >= 0x80) {
			n = mbrtowc(&wc, s, MB_CUR_MAX, &st);
			if (n == (size_t)-1 || n == (size_t)-2) {
				memset(&st, 0, sizeof(st));
				n = 1;
			} else if (iswprint((wint_t)wc)) {
				buf_add(out, s, n);
				width += width_of_wide(wc);
				s += n;
				continue;
			}
		}
		for (; n > 0; n--) {
			buf_printf(out, "\\x%02x", (unsigned char)*s++);
			width += 4;
		}
	}
	buf_add(out, "", 1);
	return width;
}

static void
add_cell(struct table *t, const char *text)
{
	size_t column = t->n_cells % t->n_columns, width;

	if (t->n_cells == t->cells_size) {
		t->cells_size = t->cells_size ? 2 * t->cells_size : 64;
		t->cell_width = reallocarray(t->cell_width, t->cells_size,
		    sizeof(*t->cell_width));
		if (t->cell_width == NULL)
			abort();
	}
	width = add_safe(&t->text, text);
	if (width > t->widths[column] &&
	    (t->n_cells >= t->n_columns || !t->cmd->session->quiet))
		t->widths[column] = width;
	t->cell_width[t->n_cells++] = width;
}

/* What a command leaves behind that ends before it prints its table. */
static void
release_table(void *table)
{
	struct table *t = table;

	buf_release(&t->text);
	free(t->cell_width);
	if (t->array != NULL)
		(void)json_object_put(t->array);
}

struct table *
table_new(struct cmd *cmd, const struct column *columns, size_t n_columns)
{
	struct table *t = cmd_alloc(cmd, sizeof(*t));

	t->cmd = cmd;
	t->columns = columns;
	t->n_columns = n_columns;
	(void)cmd_defer(cmd, release_table, t);
	if (cmd->json) {
		t->array = json_object_new_array();
		return t;
	}
	t->widths = cmd_alloc(cmd, n_columns * sizeof(*t->widths));
	for (size_t i = 0; i < n_columns; i++)
		add_cell(t, columns[i].title);
	return t;
}

static void
json_cell(struct table *t, struct value value)
{
	size_t column = t->n_cells++ % t->n_columns;
	const char *key = t->columns[column].key;

	if (column == 0) {
		t->row = json_object_new_object();
		(void)json_object_array_add(t->array, t->row);
	}
	if (key != NULL)
		(void)json_object_object_add(t->row, key,
		    cmd_json_value(value));
}

void
table_cell(struct table *t, struct value value, const char *fmt, ...)
{
	char number[32], *text = number;
	va_list ap;
	int n = 0;

	if (t->cmd->json) {
		json_cell(t, value);
		return;
	}
	if (fmt != NULL) {
		va_start(ap, fmt);
		n = vasprintf(&text, fmt, ap);
		va_end(ap);
		if (n < 0)
			abort();
		add_cell(t, text);
		free(text);
		return;
	}
	switch (value.kind) {
	case VALUE_NULL:
		add_cell(t, "-");
		return;
	case VALUE_STRING:
		add_cell(t, value.s);
		return;
	case VALUE_BOOL:
		add_cell(t, value.b ? "yes" : "no");
		return;
	case VALUE_INT:
		(void)snprintf(number, sizeof(number), "%lld",
		    (long long)value.i);
		break;
	case VALUE_UINT:
		(void)snprintf(number, sizeof(number), "%llu",
		    (unsigned long long)value.u);
		break;
	case VALUE_DOUBLE:
		(void)snprintf(number, sizeof(number), "%g", value.d);
		break;
	}
	add_cell(t, number);
}

static void
print_text(struct table *t)
{
	const char *cell = buf_str(&t->text);
	struct buf out = BUF_INIT;

	for (size_t i = 0; i < t->n_cells; i++) {
		size_t column = i % t->n_columns;
		bool header = i < t->n_columns;

		if (!header || !t->cmd->session->quiet) {
			buf_putc(&out, ' ');
			buf_puts(&out, cell);
			if (column + 1 < t->n_columns)
				buf_fill(&out, ' ', t->widths[column] -
				    t->cell_width[i] + 2);
			else
				buf_putc(&out, '\n');
		}
		cell += strlen(cell) + 1;
		if (i + 1 == t->n_columns && !t->cmd->session->quiet) {
			for (size_t j = 0; j < t->n_columns; j++)
				buf_fill(&out, '-', t->widths[j] + 3);
			buf_putc(&out, '\n');
		}
	}
	(void)fwrite(buf_str(&out), 1, out.len, stdout);
	buf_release(&out);
}

void
table_print(struct table *t, const char *key)
{
	struct cmd *cmd = t->cmd;
	struct json_object *array = t->array;

	if (!cmd->json) {
		print_text(t);
		buf_release(&t->text);
		free(t->cell_width);
		t->cell_width = NULL;
		return;
	}
	t->array = NULL;
	if (cmd->depth == 0 && key == NULL) {
		cmd->stack[cmd->depth++] = array;
		return;
	}
	if (cmd->depth == 0)
		cmd->stack[cmd->depth++] = json_object_new_object();
	if (key != NULL)
		(void)json_object_object_add(cmd->stack[cmd->depth - 1], key,
		    array);
	else
		(void)json_object_array_add(cmd->stack[cmd->depth - 1],
		    array);
}
