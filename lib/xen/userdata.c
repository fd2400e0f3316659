/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libxl's files about running domains. */
#include "userdata.h"

#include <stdio.h>
#include <unistd.h>

#include "../buf.h"
#include "../file.h"
#include "../xml.h"

#define PATH_SIZE 256

static const char *
format_path(int id, const unsigned char *uuid, const char *name,
    char path[PATH_SIZE])
{
	char text[UUID_TEXT_SIZE];

	(void)snprintf(path, PATH_SIZE, USERDATA_DIR "/userdata-d.%d.%s.%s",
	    id, uuid_format(uuid, text), name);
	return path;
}

bool
userdata_exists(int id, const unsigned char *uuid, const char *name)
{
	char path[PATH_SIZE];

	return access(format_path(id, uuid, name, path), F_OK) == 0;
}

int
userdata_read(int id, const unsigned char *uuid, const char *name,
    struct buf *out, struct error *err)
{
	char path[PATH_SIZE];

	/* It may go at any moment: that it was not there is no failure. */
	if (access(format_path(id, uuid, name, path), F_OK) != 0)
		return 0;
	if (file_read(path, XML_SIZE_MAX, out, err) == 0)
		return 1;
	if (access(path, F_OK) == 0)
		return -1;
	error_release(err);
	return 0;
}
