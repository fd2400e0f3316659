/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The test driver's host: the machine, and the built-in one of /default. */
#include <stdlib.h>
#include <string.h>

#include "../xml.h"
#include "test.h"

/* The built-in domain, in canonical form; parsed when its XML is asked for. */
static const char default_domain_xml[] =
    "<domain type='test'>"
    "<name>test</name>"
    "<uuid>6695eb01-f6a4-8304-79aa-97f2502e193f</uuid>"
    "<memory unit='KiB'>8388608</memory>"
    "<currentMemory unit='KiB'>2097152</currentMemory>"
    "<vcpu placement='static'>2</vcpu>"
    "<os>"
    "<type arch='i686'>hvm</type>"
    "<boot dev='hd'/>"
    "</os>"
    "<clock offset='utc'/>"
    "<on_poweroff>destroy</on_poweroff>"
    "<on_reboot>restart</on_reboot>"
    "<on_crash>destroy</on_crash>"
    "<devices>"
    "<disk type='file' device='disk'>"
    "<source file='/guest/diskimage1'/>"
    "<target dev='vda' bus='virtio'/>"
    "<address type='pci' domain='0x0000' bus='0x01' slot='0x00'"
    " function='0x0'/>"
    "</disk>"
    "<interface type='network'>"
    "<mac address='aa:bb:cc:dd:ee:ff'/>"
    "<source network='default'/>"
    "<target dev='testnet0'/>"
    "<address type='pci' domain='0x0000' bus='0x00' slot='0x01'"
    " function='0x0'/>"
    "</interface>"
    "<memballoon model='virtio'>"
    "<address type='pci' domain='0x0000' bus='0x00' slot='0x02'"
    " function='0x0'/>"
    "</memballoon>"
    "</devices>"
    "</domain>";

static const unsigned char default_domain_uuid[UUID_SIZE] = {
	0x66, 0x95, 0xeb, 0x01, 0xf6, 0xa4, 0x83, 0x04,
	0x79, 0xaa, 0x97, 0xf2, 0x50, 0x2e, 0x19, 0x3f,
};

struct test_host *
test_host_new(struct error *err)
{
	struct test_host *host = calloc(1, sizeof(*host));

	if (host == NULL) {
		error_nomem(err);
		return NULL;
	}
	(void)pthread_mutex_init(&host->lock, NULL);
	memcpy(host->model, "i686", 5);
	host->memory_kib = 3145728;
	host->cpus = 16;
	host->mhz = 1400;
	host->nodes = host->sockets = host->cores = host->threads = 2;
	return host;
}

void
test_host_free(struct test_host *host)
{
	while (host->last != NULL)
		test_domain_remove(host, host->last);
	free(host->by_name);	/* and the tables behind it */
	doc_free(host->file);
	free(host->file_text);
	(void)pthread_mutex_destroy(&host->lock);
	free(host);
}

struct doc *
test_default_config(struct error *err)
{
	return xml_parse(default_domain_xml, sizeof(default_domain_xml) - 1,
	    "(test driver)", XVM_FROM_TEST, err);
}

int
test_host_make_default(struct test_host *host, struct error *err)
{
	struct test_domain *dom;

	host->n_cells = 2;
	for (int i = 0; i < 2; i++) {
		host->cells[i].n_cpus = 8;
		host->cells[i].first_cpu = 8 * i;
		host->cells[i].memory_kib = (uint64_t)(i + 1) * 2048 * 1024;
		host->cells[i].free_kib = (uint64_t)(i + 1) * 1024 * 1024;
	}
	/* Only figures: no XML before it is asked for. */
	dom = test_domain_new("test", default_domain_uuid, err);
	if (dom == NULL)
		return -1;
	dom->builtin = true;
	dom->memory_max_kib = 8388608;
	dom->memory_kib = 2097152;
	dom->vcpus = dom->vcpus_max = 2;
	if (test_domain_insert(host, dom, err) != 0)
		return -1;
	dom->persistent = true;
	test_domain_start(host, dom, XVM_DOMAIN_RUNNING_UNKNOWN);
	return 0;
}

unsigned int
test_host_cpus(const struct test_host *host)
{
	return (unsigned int)host->nodes * (unsigned int)host->sockets *
	    (unsigned int)host->cores * (unsigned int)host->threads;
}
