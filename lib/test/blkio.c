/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Weights and limits of a test domain's block I/O as a whole: <blkiotune>. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../buf.h"
#include "edit.h"
#include "runtime.h"

/* "path,value,path,value" parameters: the element is the name without this. */
#define DEVICE_PREFIX "device_"

static const struct param_rule rules[] = {
	{ XVM_DOMAIN_BLKIO_WEIGHT, XVM_TYPED_UINT, false },
	{ XVM_DOMAIN_BLKIO_DEVICE_WEIGHT, XVM_TYPED_STRING, false },
	{ XVM_DOMAIN_BLKIO_DEVICE_READ_IOPS, XVM_TYPED_STRING, false },
	{ XVM_DOMAIN_BLKIO_DEVICE_WRITE_IOPS, XVM_TYPED_STRING, false },
	{ XVM_DOMAIN_BLKIO_DEVICE_READ_BPS, XVM_TYPED_STRING, false },
	{ XVM_DOMAIN_BLKIO_DEVICE_WRITE_BPS, XVM_TYPED_STRING, false },
	{ NULL, 0, false },
};

#define N_BLKIO (sizeof(rules) / sizeof(rules[0]) - 1)

static const char *
element_of(const char *param)
{
	return param + strlen(DEVICE_PREFIX);
}

/* All devices' values of one element. */
static void
add_devices(const struct node *blkiotune, const char *param,
    struct params *params)
{
	struct buf text = BUF_INIT;

	for (const struct node *d = node_child(blkiotune, "device"); d != NULL;
	    d = node_next(d, "device")) {
		const char *value = node_find_text(d, element_of(param));

		if (value != NULL)
			buf_printf(&text, "%s%s,%s", text.len > 0 ? "," : "",
			    node_find_text(d, "path"), value);
	}
	params_add_string(params, param, buf_str(&text));
	params->failed |= text.failed;
	buf_release(&text);
}

int
test_domain_get_blkio_parameters(void *state, struct call *call)
{
	const struct xvm_domain_get_blkio_parameters_args *args = call->args;
	struct xvm_domain_get_blkio_parameters_ret *ret = call->ret;
	struct params params = PARAMS_INIT;
	const struct node *root, *blkiotune;

	if (test_check_flags(args->flags, TEST_AFFECT_QUERY,
	    "testDomainGetBlkioParameters", &call->err) != 0)
		return -1;
	if (args->nparams == 0) {
		ret->nparams = N_BLKIO;
		return 0;
	}
	root = edit_query(state, &args->dom, args->flags, &call->err);
	if (root == NULL)
		return -1;
	blkiotune = node_child(root, "blkiotune");
	params_add_uint(&params, rules[0].name,
	    (unsigned int)edit_get_u64(blkiotune, "weight"));
	for (size_t i = 1; i < N_BLKIO; i++)
		add_devices(blkiotune, rules[i].name, &params);
	return edit_give_params(&params, args->nparams,
	    &ret->params.params_len, &ret->params.params_val, &ret->nparams,
	    &call->err);
}

/* A number at *p, which is moved behind it; -1: none, or over max. */
static int
take_number(char **p, uint64_t max, uint64_t *out)
{
	char *s = *p;

	while (isspace((unsigned char)*s))
		s++;
	if (*s == '-')
		return -1;
	errno = 0;
	*out = strtoull(s, p, 10);
	return errno != 0 || *p == s || *out > max ? -1 : 0;
}

/* One device's value; a device that is new and gets 0 is not kept. */
static void
set_device(struct node *blkiotune, const char *path, const char *element,
    uint64_t value)
{
	struct node *device = node_child(blkiotune, "device");

	while (device != NULL &&
	    strcmp(node_find_text(device, "path"), path) != 0)
		device = node_next(device, "device");
	if (device == NULL) {
		if (value == 0 || blkiotune == NULL)
			return;
		device = node_new(blkiotune->doc, "device");
		if (device == NULL)
			return;
		rule_insert(blkiotune, domain_blkiotune_children, device);
		(void)node_add_text(device, "path", path);
	}
	edit_set_u64(device, domain_blkio_device_children, element, value);
	if (device->first == device->last)
		node_unlink(device);
}

/*
 * "path,value,path,value..." (changed on the way) for one element; blkiotune
 * NULL: only check it.
 */
static int
set_devices(struct node *blkiotune, const char *param, const char *whole,
    char *text, struct error *err)
{
	const char *element = element_of(param);
	uint64_t max = strstr(element, "bytes") != NULL ? UINT64_MAX :
	    UINT32_MAX, value;
	size_t commas = 0;

	if (*text == '\0')
		return 0;
	for (const char *p = text; *p != '\0'; p++)
		commas += *p == ',';
	if (commas % 2 == 0)
		goto bad;
	for (;;) {
		char *path = text, *number = strchr(text, ',');

		if (number == NULL)
			goto bad;
		*number++ = '\0';
		text = number;
		if (take_number(&text, max, &value) != 0)
			return error_set(err, XVM_FROM_DOMAIN,
			    XVM_ERR_INVALID_ARG, "invalid value '%s' for "
			    "parameter '%s' of device '%s'", number, param,
			    path);
		if (*text != '\0' && *text != ',')
			goto bad;
		if (blkiotune != NULL)
			set_device(blkiotune, path, element, value);
		if (*text == '\0')
			return 0;
		text++;
	}
bad:
	return error_set(err, XVM_FROM_DOMAIN, XVM_ERR_INVALID_ARG,
	    "unable to parse blkio device '%s' '%s'", param, whole);
}

/* Check all of it, then do it: libvirt does all or nothing of a parameter. */
static int
set_device_param(struct node *blkiotune, const struct xvm_typed_param *param,
    struct error *err)
{
	const char *whole = param->value.xvm_typed_value_u.s;
	struct node *const passes[] = { NULL, blkiotune };
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < 2; i++) {
		char *copy = strdup(whole);

		if (copy == NULL)
			return error_nomem(err);
		rc = set_devices(passes[i], param->field, whole, copy, err);
		free(copy);
	}
	return rc;
}

int
test_domain_set_blkio_parameters(void *state, struct call *call)
{
	const struct xvm_domain_set_blkio_parameters_args *args = call->args;
	const struct xvm_typed_param *v = args->params.params_val;
	unsigned int n = args->params.params_len;
	struct node *root, *blkiotune;
	struct test_domain *dom;
	struct error err = ERROR_INIT;
	int rc = 0;

	if (test_check_flags(args->flags, TEST_AFFECT,
	    "testDomainSetBlkioParameters", &call->err) != 0 ||
	    params_validate(v, n, rules, &call->err) != 0 ||
	    (dom = edit_enter(state, &args->dom, args->flags, &root, NULL,
	    &call->err)) == NULL)
		return -1;
	blkiotune = edit_need(root, "blkiotune");
	/* One that is wrong does not keep the others. */
	for (unsigned int i = 0; i < n; i++) {
		if (v[i].value.type == XVM_TYPED_UINT)
			edit_set_u64(blkiotune, domain_blkiotune_children, v[i].field,
			    v[i].value.xvm_typed_value_u.ui);
		else if (set_device_param(blkiotune, &v[i], &call->err) != 0)
			rc = -1;
	}
	edit_drop_empty(blkiotune);
	if (edit_end(((struct test_conn *)state)->host, dom, &err) != 0) {
		error_move(&call->err, &err);
		rc = -1;
	}
	return rc;
}
