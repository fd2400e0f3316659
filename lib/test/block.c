/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Disks of test domains: figures, errors, throttling. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../domain/domain_devices.h"
#include "edit.h"
#include "runtime.h"

#define IOTUNE_MAX UINT64_C(1000000000000000)
#define DISK_ERROR_LAST XVM_DOMAIN_DISK_ERROR_NO_SPACE
#define DISK_ERRORS_MAX 256	/* that fit into the result */

/* The elements of <iotune> are named as their parameters. */
#define IOTUNE_GROUP XVM_DOMAIN_BLOCK_IOTUNE_GROUP_NAME

static const char *
disk_source(const struct node *disk)
{
	static const char *const names[] = { "file", "dev", "dir", "name" };
	const struct node *source = node_child(disk, "source");
	const char *text = NULL;

	for (size_t i = 0; text == NULL &&
	    i < sizeof(names) / sizeof(names[0]); i++)
		text = node_attr(source, names[i]);
	return text;
}

/* Only where a path is the source can it be without one. */
static bool
has_source(const struct node *disk)
{
	static const char *const by_path[] = { "file", "block", "dir", NULL };

	for (size_t i = 0; by_path[i] != NULL; i++) {
		if (node_attr_is(disk, "type", by_path[i]))
			return disk_source(disk) != NULL;
	}
	return true;
}

/*
 * A disk by its target's name, or by its source when that begins with '/'
 * (and, unless ambiguous is allowed, no other disk has it).
 */
static struct node *
find_disk(const struct node *root, const char *name, bool ambiguous)
{
	struct node *disk = node_child(node_child(root, "devices"), "disk");
	struct node *found = NULL;

	for (; disk != NULL; disk = node_next(disk, "disk")) {
		const char *text = name[0] == '/' ? disk_source(disk) :
		    node_attr(node_child(disk, "target"), "dev");

		if (text == NULL || strcmp(text, name) != 0)
			continue;
		if (name[0] != '/' || ambiguous)
			return disk;
		if (found != NULL)
			return NULL;
		found = disk;
	}
	return found;
}

int
test_domain_block_stats(void *state, struct call *call)
{
	const struct xvm_domain_block_stats_args *args = call->args;
	struct xvm_domain_block_stats_ret *ret = call->ret;
	struct test_domain *dom;
	struct doc *doc;
	int64_t base;

	if (args->path[0] == '\0')
		return error_set(&call->err, XVM_FROM_TEST,
		    XVM_ERR_OPERATION_UNSUPPORTED,
		    "summary statistics are not supported yet");
	dom = test_domain_get_active(state, &args->dom, &call->err);
	if (dom == NULL || (doc = test_domain_config(dom, &call->err)) == NULL)
		return -1;
	if (find_disk(doc->root, args->path, false) == NULL)
		return error_set(&call->err, XVM_FROM_TEST,
		    XVM_ERR_INVALID_ARG, "invalid path: %s", args->path);
	base = (int64_t)test_statbase();
	ret->rd_req = base / 10;
	ret->rd_bytes = base / 20;
	ret->wr_req = base / 30;
	ret->wr_bytes = base / 40;
	ret->errs = base / 2000000;
	return 0;
}

int
test_domain_get_block_info(void *state, struct call *call)
{
	const struct xvm_domain_get_block_info_args *args = call->args;
	struct xvm_domain_get_block_info_ret *ret = call->ret;
	const struct node *disk;
	struct test_domain *dom;
	struct doc *doc;

	dom = test_enter(state, &args->dom, args->flags, 0,
	    "testDomainGetBlockInfo", &call->err);
	if (dom == NULL || (doc = test_domain_config(dom, &call->err)) == NULL)
		return -1;
	disk = find_disk(doc->root, args->path, false);
	if (disk == NULL)
		return error_set(&call->err, XVM_FROM_TEST,
		    XVM_ERR_INVALID_ARG,
		    "invalid path %s not assigned to domain", args->path);
	if (!has_source(disk))
		return error_set(&call->err, XVM_FROM_TEST,
		    XVM_ERR_INVALID_ARG, "disk '%s' does not currently have "
		    "a source assigned", args->path);
	ret->capacity = UINT64_C(1099506450432);
	ret->allocation = UINT64_C(1099511627776);
	ret->physical = UINT64_C(1099511627776);
	return 0;
}

int
test_domain_get_disk_errors(void *state, struct call *call)
{
	const struct xvm_domain_get_disk_errors_args *args = call->args;
	struct xvm_domain_get_disk_errors_ret *ret = call->ret;
	const struct node *devices, *disk;
	struct test_domain *dom;
	struct doc *doc;
	unsigned int n;

	dom = test_enter_active(state, &args->dom, args->flags, 0,
	    "testDomainGetDiskErrors", &call->err);
	if (dom == NULL || (doc = test_domain_config(dom, &call->err)) == NULL)
		return -1;
	devices = node_child(doc->root, "devices");
	n = (unsigned int)node_count(devices, "disk");
	ret->nerrors = (int)n;
	if (args->maxerrors == 0)
		return 0;
	if (n > args->maxerrors)
		n = args->maxerrors;
	if (n > DISK_ERRORS_MAX)
		n = DISK_ERRORS_MAX;
	ret->errors.errors_val = calloc(n + 1,
	    sizeof(*ret->errors.errors_val));
	if (ret->errors.errors_val == NULL)
		return error_nomem(&call->err);
	disk = node_child(devices, "disk");
	for (unsigned int i = 0; i < n; i++, disk = node_next(disk, "disk")) {
		const char *dev = node_attr(node_child(disk, "target"), "dev");

		ret->errors.errors_len++;
		ret->errors.errors_val[i].error = (int)(i % DISK_ERROR_LAST) +
		    1;
		if (test_text(dev != NULL ? dev : "",
		    &ret->errors.errors_val[i].disk, &call->err) != 0)
			return -1;
	}
	ret->nerrors = (int)n;
	return 0;
}

/* --- throttling ----------------------------------------------------------- */

static bool
is_group(const char *name)
{
	return strcmp(name, IOTUNE_GROUP) == 0;
}

int
test_domain_get_block_io_tune(void *state, struct call *call)
{
	const struct xvm_domain_get_block_io_tune_args *args = call->args;
	struct xvm_domain_get_block_io_tune_ret *ret = call->ret;
	struct params params = PARAMS_INIT;
	const struct node *root, *disk, *iotune;

	if (test_check_flags(args->flags, TEST_AFFECT_QUERY,
	    "testDomainGetBlockIoTune", &call->err) != 0)
		return -1;
	if (args->nparams == 0) {
		ret->nparams = N_IOTUNE;
		return 0;
	}
	root = edit_query(state, &args->dom, args->flags, &call->err);
	if (root == NULL)
		return -1;
	disk = find_disk(root, *args->disk, true);
	if (disk == NULL)
		return error_set(&call->err, XVM_FROM_TEST,
		    XVM_ERR_INVALID_ARG,
		    "disk '%s' was not found in the domain config",
		    *args->disk);
	iotune = node_child(disk, "iotune");
	for (size_t i = 0; i < N_IOTUNE; i++) {
		const char *name = iotune_children[i].name;

		if (is_group(name))
			params_add_string(&params, name,
			    node_find_text(iotune, name));
		else
			params_add_ullong(&params, name,
			    edit_get_u64(iotune, name));
	}
	return edit_give_params(&params, args->nparams,
	    &ret->params.params_len, &ret->params.params_val, &ret->nparams,
	    &call->err);
}

/* What <iotune> is to be: a value for each row of iotune_children. */
struct iotune {
	uint64_t value[N_IOTUNE];
	const char *group;
};

static int
index_of(const char *name)
{
	int i = 0;

	while (strcmp(iotune_children[i].name, name) != 0)
		i++;
	return i;
}

static uint64_t
value_of(const struct iotune *tune, const char *name)
{
	return tune->value[index_of(name)];
}

/* Total and read or write exclude each other. */
static int
check_total(const struct iotune *tune, const char *what, struct error *err)
{
	char total[32], read[32], write[32];

	(void)snprintf(total, sizeof(total), "total_%s", what);
	(void)snprintf(read, sizeof(read), "read_%s", what);
	(void)snprintf(write, sizeof(write), "write_%s", what);
	if (value_of(tune, total) != 0 && (value_of(tune, read) != 0 ||
	    value_of(tune, write) != 0))
		return error_set(err, XVM_FROM_TEST, XVM_ERR_INVALID_ARG,
		    "total and read/write of %s cannot be set at the same "
		    "time", what);
	return 0;
}

static int
check_iotune(const struct iotune *tune, struct error *err)
{
	static const char *const totals[] = { "bytes_sec", "iops_sec",
		"bytes_sec_max", "iops_sec_max" };
	const int first_max = 6;

	for (size_t i = 0; i < sizeof(totals) / sizeof(totals[0]); i++) {
		if (check_total(tune, totals[i], err) != 0)
			return -1;
	}
	/* The first six rows each have their maximum six rows on. */
	for (int i = 0; i < first_max; i++) {
		if (tune->value[i] > tune->value[i + first_max])
			return error_set(err, XVM_FROM_TEST,
			    XVM_ERR_INVALID_ARG,
			    "%s cannot be set higher than %s ",
			    iotune_children[i].name,
			    iotune_children[i + first_max].name);
	}
	return 0;
}

static int
read_iotune(const struct node *old, const struct xvm_typed_param *v,
    unsigned int n, struct iotune *out, struct error *err)
{
	out->group = node_find_text(old, IOTUNE_GROUP);
	for (size_t i = 0; i < N_IOTUNE; i++)
		out->value[i] = is_group(iotune_children[i].name) ? 0 :
		    edit_get_u64(old, iotune_children[i].name);
	for (unsigned int i = 0; i < n; i++) {
		if (v[i].value.type == XVM_TYPED_STRING) {
			out->group = v[i].value.xvm_typed_value_u.s;
			continue;
		}
		if (v[i].value.xvm_typed_value_u.ul > IOTUNE_MAX)
			return error_set(err, XVM_FROM_TEST,
			    XVM_ERR_ARGUMENT_UNSUPPORTED, "block I/O throttle "
			    "limit value must be no more than %" PRIu64,
			    IOTUNE_MAX);
		out->value[index_of(v[i].field)] =
		    v[i].value.xvm_typed_value_u.ul;
	}
	return 0;
}

static int
check_iotune_params(const struct xvm_typed_param *v, unsigned int n,
    struct error *err)
{
	struct param_rule rules[N_IOTUNE + 1];

	for (size_t i = 0; i < N_IOTUNE; i++)
		rules[i] = (struct param_rule) {
			.name = iotune_children[i].name,
			.type = is_group(iotune_children[i].name) ?
			    XVM_TYPED_STRING : XVM_TYPED_ULLONG,
		};
	rules[N_IOTUNE].name = NULL;
	return params_validate(v, n, rules, err);
}

int
test_domain_set_block_io_tune(void *state, struct call *call)
{
	const struct xvm_domain_set_block_io_tune_args *args = call->args;
	const struct xvm_typed_param *v = args->params.params_val;
	unsigned int n = args->params.params_len;
	struct node *root, *disk, *iotune;
	struct test_domain *dom;
	struct iotune tune;

	if (test_check_flags(args->flags, TEST_AFFECT,
	    "testDomainSetBlockIoTune", &call->err) != 0 ||
	    check_iotune_params(v, n, &call->err) != 0 ||
	    (dom = edit_enter(state, &args->dom, args->flags, &root, NULL,
	    &call->err)) == NULL)
		return -1;
	disk = find_disk(root, args->disk, true);
	if (disk == NULL)
		return error_set(&call->err, XVM_FROM_TEST,
		    XVM_ERR_INVALID_ARG,
		    "missing persistent configuration for disk '%s'",
		    args->disk);
	if (read_iotune(node_child(disk, "iotune"), v, n, &tune,
	    &call->err) != 0 || check_iotune(&tune, &call->err) != 0)
		return -1;
	iotune = rule_need(disk, disk_rule.children, "iotune");
	for (size_t i = 0; i < N_IOTUNE; i++) {
		if (!is_group(iotune_children[i].name))
			edit_set_u64(iotune, iotune_children,
			    iotune_children[i].name, tune.value[i]);
	}
	if (tune.group != NULL)
		node_set_text(rule_need(iotune, iotune_children, IOTUNE_GROUP),
		    tune.group);
	edit_drop_empty(iotune);
	return edit_end(((struct test_conn *)state)->host, dom, &call->err);
}
