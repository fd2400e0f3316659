/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The beginning of a saved domain's file. */
#include "image.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../domain/domain_xml.h"
#include "../../file.h"
#include "../../xml.h"
#include "../domain_caps.h"

#define VERSION 2

struct head {
	char magic[16];
	uint32_t version;
	uint32_t xml_size;	/* with the NUL */
	uint32_t unused[10];
};

static const char magic[17] = "libvirt-xml\n \0 \r";

int
image_write_head(int fd, const struct doc *doc, struct error *err)
{
	char *xml = domain_xml_format(doc, -1, XVM_DOMAIN_XML_SECURE, err);
	struct head head;
	int rc;

	if (xml == NULL)
		return -1;
	memset(&head, 0, sizeof(head));
	memcpy(head.magic, magic, sizeof(head.magic));
	head.version = VERSION;
	head.xml_size = (uint32_t)strlen(xml) + 1;
	rc = fd_write(fd, &head, sizeof(head));
	if (rc == 0)
		rc = fd_write(fd, xml, head.xml_size);
	free(xml);
	if (rc != 0)
		return error_system(err, XVM_FROM_LIBXL, errno,
		    "Failed to write save file header");
	return 0;
}

static int
read_all(int fd, void *data, size_t n)
{
	char *p = data;

	while (n > 0) {
		ssize_t got = read(fd, p, n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return -1;
		p += got;
		n -= (size_t)got;
	}
	return 0;
}

static int
check_head(const struct head *head, struct error *err)
{
	if (memcmp(head->magic, magic, sizeof(head->magic)) != 0)
		return error_set(err, XVM_FROM_LIBXL, XVM_ERR_INVALID_ARG,
		    "image magic is incorrect");
	if (head->version > VERSION)
		return error_set(err, XVM_FROM_LIBXL,
		    XVM_ERR_OPERATION_FAILED,
		    "image version is not supported (%u > %d)",
		    head->version, VERSION);
	if (head->xml_size == 0 || head->xml_size > XML_SIZE_MAX)
		return error_set(err, XVM_FROM_LIBXL,
		    XVM_ERR_OPERATION_FAILED, "invalid XML length: %u",
		    head->xml_size);
	return 0;
}

static struct doc *
read_doc(int fd, struct error *err)
{
	struct doc *doc = NULL;
	struct head head;
	char *xml;

	if (read_all(fd, &head, sizeof(head)) != 0) {
		error_set(err, XVM_FROM_LIBXL, XVM_ERR_OPERATION_FAILED,
		    "failed to read libxl header");
		return NULL;
	}
	if (check_head(&head, err) != 0)
		return NULL;
	xml = malloc(head.xml_size);
	if (xml == NULL)
		error_nomem(err);
	else if (read_all(fd, xml, head.xml_size) != 0)
		error_set(err, XVM_FROM_LIBXL, XVM_ERR_OPERATION_FAILED,
		    "failed to read XML");
	else
		doc = domain_xml_parse(xml, strnlen(xml, head.xml_size),
		    &xen_domain_caps, DOMAIN_XML_PARSE_INACTIVE, err);
	free(xml);
	return doc;
}

int
image_open(const char *path, struct doc **doc_out, struct error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	*doc_out = NULL;
	if (fd < 0)
		return error_system(err, XVM_FROM_LIBXL, errno,
		    "Failed to open domain image file '%s'", path);
	*doc_out = read_doc(fd, err);
	if (*doc_out != NULL)
		return fd;
	(void)close(fd);
	return -1;
}
