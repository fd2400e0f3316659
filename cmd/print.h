/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a command prints. It says each datum once, with the text for people and
 * the key and value for programs; which of them comes out is the session's
 * choice (--json). With JSON, text is not printed, and what was said becomes
 * one JSON value when the command ends in good order.
 */
#ifndef CMD_PRINT_H
#define CMD_PRINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cmd;

struct value {
	enum value_kind {
		VALUE_NULL,
		VALUE_BOOL,
		VALUE_INT,
		VALUE_UINT,
		VALUE_DOUBLE,
		VALUE_STRING,
	} kind;
	union {
		bool b;
		int64_t i;
		uint64_t u;
		double d;
		const char *s;	/* borrowed for the call */
	};
};

static inline struct value
value_null(void)
{
	return (struct value){ .kind = VALUE_NULL };
}

static inline struct value
value_bool(bool b)
{
	return (struct value){ .kind = VALUE_BOOL, .b = b };
}

static inline struct value
value_int(int64_t i)
{
	return (struct value){ .kind = VALUE_INT, .i = i };
}

static inline struct value
value_uint(uint64_t u)
{
	return (struct value){ .kind = VALUE_UINT, .u = u };
}

static inline struct value
value_double(double d)
{
	return (struct value){ .kind = VALUE_DOUBLE, .d = d };
}

/* NULL becomes null. (Inline, the compiler would take s for NULL elsewhere.) */
struct value	value_string(const char *s);

bool	cmd_json(struct cmd *cmd);	/* is it JSON that comes out? */

/* Text for people alone. */
void	cmd_text(struct cmd *cmd, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));
/* The same, and not with --quiet: "Domain 'x' started". */
void	cmd_extra(struct cmd *cmd, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));

/*
 * One datum: its text, and its member of the object that is open. Keys are
 * snake_case with the unit in them ("memory_kib"). Without an open object or
 * array the command's value is an object. In an array key is NULL.
 */
void	cmd_field(struct cmd *cmd, const char *key, struct value value,
	    const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* The JSON side alone. */
void	cmd_datum(struct cmd *cmd, const char *key, struct value value);
/* Structure of the JSON side; key NULL inside an array or at the top. */
void	cmd_object_begin(struct cmd *cmd, const char *key);
void	cmd_object_end(struct cmd *cmd);
void	cmd_array_begin(struct cmd *cmd, const char *key);
void	cmd_array_end(struct cmd *cmd);
/* A document: text as it is; JSON { "xml": ... } (or another key). */
void	cmd_document(struct cmd *cmd, const char *key, const char *text);
/* Print the value so far and start another: one line an event. */
void	cmd_json_flush(struct cmd *cmd);

/*
 * A table, as virsh draws them: columns as wide as their widest cell (wide
 * characters counted as two), a ruled header that --quiet leaves out. JSON: an
 * array of objects.
 */
struct column {
	const char *title;
	const char *key;	/* NULL: not in JSON */
};

struct table;

/* columns must stay valid until table_print. */
struct table	*table_new(struct cmd *cmd, const struct column *columns,
		    size_t n_columns);
/* The next cell, row by row. fmt NULL: the value's own text ("-" for null). */
void	table_cell(struct table *table, struct value value,
	    const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* Print and forget it. key: of the array in an open object, else NULL. */
void	table_print(struct table *table, const char *key);

#endif
