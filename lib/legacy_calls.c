/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Old calls reshaped into today's, so that each driver needs only those. */
#include "legacy_calls.h"

#include <stdlib.h>
#include <string.h>

#include "typed_param.h"

#define STATS_MAX 16		/* that fit into the answer */

/* Today's call, ready to be asked. */
struct today {
	int number;
	driver_handler *handler;
	void *state;
};

typedef int reshape(const struct today *, struct call *);

/* --- asking --------------------------------------------------------------- */

/* On success the caller frees what ret holds. */
static int
ask(const struct today *t, const void *args, void *ret, struct error *err)
{
	struct call call = { .number = t->number, .args = args, .ret = ret };
	int rc = t->handler(t->state, &call);

	if (rc == 0)
		return 0;
	if (ret != NULL)
		call_value_free(call_type(t->number), CALL_RET, ret);
	error_move(err, &call.err);
	return rc;
}

static void
free_ret(const struct today *t, void *ret)
{
	call_value_free(call_type(t->number), CALL_RET, ret);
}

/* Hand a domain over: what today's result had of it is empty then. */
static void
move_domain(struct xvm_domain *out, struct xvm_domain *from)
{
	*out = *from;
	memset(from, 0, sizeof(*from));
}

/* --- lists ---------------------------------------------------------------- */

static int
list_all(const struct today *t, bool need_results, unsigned int flags,
    struct xvm_connect_list_all_domains_ret *ret, struct error *err)
{
	const struct xvm_connect_list_all_domains_args args = {
		.need_results = need_results,
		.flags = flags,
	};

	memset(ret, 0, sizeof(*ret));
	return ask(t, &args, ret, err);
}

static int
connect_num_of_domains(const struct today *t, struct call *call)
{
	struct xvm_connect_num_of_domains_ret *ret = call->ret;
	struct xvm_connect_list_all_domains_ret all;

	if (list_all(t, false, XVM_CONNECT_LIST_DOMAINS_ACTIVE, &all,
	    &call->err) != 0)
		return -1;
	ret->num = (int)all.ret;
	free_ret(t, &all);
	return 0;
}

static int
connect_num_of_defined_domains(const struct today *t, struct call *call)
{
	struct xvm_connect_num_of_defined_domains_ret *ret = call->ret;
	struct xvm_connect_list_all_domains_ret all;

	if (list_all(t, false, XVM_CONNECT_LIST_DOMAINS_INACTIVE, &all,
	    &call->err) != 0)
		return -1;
	ret->num = (int)all.ret;
	free_ret(t, &all);
	return 0;
}

/* How many of n results somebody wants who has room for max. */
static unsigned int
at_most(unsigned int n, int max)
{
	if (max < 0)
		return 0;
	return n < (unsigned int)max ? n : (unsigned int)max;
}

static int
connect_list_domains(const struct today *t, struct call *call)
{
	const struct xvm_connect_list_domains_args *args = call->args;
	struct xvm_connect_list_domains_ret *ret = call->ret;
	struct xvm_connect_list_all_domains_ret all;
	unsigned int n;
	int rc = 0;

	if (list_all(t, true, XVM_CONNECT_LIST_DOMAINS_ACTIVE, &all,
	    &call->err) != 0)
		return -1;
	n = at_most(all.domains.domains_len, args->maxids);
	ret->ids.ids_val = calloc(n + 1, sizeof(int));
	if (ret->ids.ids_val == NULL) {
		rc = error_nomem(&call->err);
		goto out;
	}
	for (unsigned int i = 0; i < n; i++)
		ret->ids.ids_val[i] = all.domains.domains_val[i].id;
	ret->ids.ids_len = n;
out:
	free_ret(t, &all);
	return rc;
}

static int
connect_list_defined_domains(const struct today *t, struct call *call)
{
	const struct xvm_connect_list_defined_domains_args *args = call->args;
	struct xvm_connect_list_defined_domains_ret *ret = call->ret;
	struct xvm_connect_list_all_domains_ret all;
	unsigned int n;
	int rc = 0;

	if (list_all(t, true, XVM_CONNECT_LIST_DOMAINS_INACTIVE, &all,
	    &call->err) != 0)
		return -1;
	n = at_most(all.domains.domains_len, args->maxnames);
	ret->names.names_val = calloc(n + 1, sizeof(char *));
	if (ret->names.names_val == NULL) {
		rc = error_nomem(&call->err);
		goto out;
	}
	for (unsigned int i = 0; i < n; i++) {
		ret->names.names_val[i] = all.domains.domains_val[i].name;
		all.domains.domains_val[i].name = NULL;
	}
	ret->names.names_len = n;
out:
	free_ret(t, &all);
	return rc;
}

/* --- calls that got flags ------------------------------------------------- */

/* One that has the domain alone and gives nothing back, and its flags. */
#define DOMAIN_ALONE(old, new) \
	static int \
	old(const struct today *t, struct call *call) \
	{ \
		const struct xvm_##old##_args *args = call->args; \
		const struct xvm_##new##_args today = { .dom = args->dom }; \
 \
		return ask(t, &today, NULL, &call->err); \
	}

DOMAIN_ALONE(domain_undefine, domain_undefine_flags)
DOMAIN_ALONE(domain_shutdown, domain_shutdown_flags)
DOMAIN_ALONE(domain_destroy, domain_destroy_flags)
DOMAIN_ALONE(domain_abort_job, domain_abort_job_flags)

static int
domain_create(const struct today *t, struct call *call)
{
	const struct xvm_domain_create_args *args = call->args;
	const struct xvm_domain_create_with_flags_args today = {
		.dom = args->dom,
	};
	struct xvm_domain_create_with_flags_ret started = { 0 };

	if (ask(t, &today, &started, &call->err) != 0)
		return -1;
	free_ret(t, &started);
	return 0;
}

/* Nobody can send files along: there are none. */
static int
domain_create_with_files(const struct today *t, struct call *call)
{
	const struct xvm_domain_create_with_files_args *args = call->args;
	const struct xvm_domain_create_with_flags_args today = {
		.dom = args->dom,
		.flags = args->flags,
	};
	struct xvm_domain_create_with_files_ret *ret = call->ret;
	struct xvm_domain_create_with_flags_ret started = { 0 };

	if (ask(t, &today, &started, &call->err) != 0)
		return -1;
	move_domain(&ret->dom, &started.dom);
	return 0;
}

static int
domain_create_xml_with_files(const struct today *t, struct call *call)
{
	const struct xvm_domain_create_xml_with_files_args *args = call->args;
	const struct xvm_domain_create_xml_args today = {
		.xml_desc = args->xml_desc,
		.flags = args->flags,
	};
	struct xvm_domain_create_xml_with_files_ret *ret = call->ret;
	struct xvm_domain_create_xml_ret started = { 0 };

	if (ask(t, &today, &started, &call->err) != 0)
		return -1;
	move_domain(&ret->dom, &started.dom);
	return 0;
}

static int
domain_define_xml(const struct today *t, struct call *call)
{
	const struct xvm_domain_define_xml_args *args = call->args;
	const struct xvm_domain_define_xml_flags_args today = {
		.xml = args->xml,
	};
	struct xvm_domain_define_xml_ret *ret = call->ret;
	struct xvm_domain_define_xml_flags_ret defined = { 0 };

	if (ask(t, &today, &defined, &call->err) != 0)
		return -1;
	move_domain(&ret->dom, &defined.dom);
	return 0;
}

static int
domain_save(const struct today *t, struct call *call)
{
	const struct xvm_domain_save_args *args = call->args;
	const struct xvm_domain_save_flags_args today = {
		.dom = args->dom,
		.to = args->to,
	};

	return ask(t, &today, NULL, &call->err);
}

static int
domain_restore(const struct today *t, struct call *call)
{
	const struct xvm_domain_restore_args *args = call->args;
	const struct xvm_domain_restore_flags_args today = {
		.from = args->from,
	};

	return ask(t, &today, NULL, &call->err);
}

static int
domain_core_dump(const struct today *t, struct call *call)
{
	const struct xvm_domain_core_dump_args *args = call->args;
	const struct xvm_domain_core_dump_with_format_args today = {
		.dom = args->dom,
		.to = args->to,
		.dumpformat = XVM_DOMAIN_CORE_DUMP_FORMAT_RAW,
		.flags = args->flags,
	};

	return ask(t, &today, NULL, &call->err);
}

/* --- what acted on the running domain ------------------------------------- */

static int
domain_attach_device(const struct today *t, struct call *call)
{
	const struct xvm_domain_attach_device_args *args = call->args;
	const struct xvm_domain_attach_device_flags_args today = {
		.dom = args->dom,
		.xml = args->xml,
		.flags = XVM_DOMAIN_AFFECT_LIVE,
	};

	return ask(t, &today, NULL, &call->err);
}

static int
domain_detach_device(const struct today *t, struct call *call)
{
	const struct xvm_domain_detach_device_args *args = call->args;
	const struct xvm_domain_detach_device_flags_args today = {
		.dom = args->dom,
		.xml = args->xml,
		.flags = XVM_DOMAIN_AFFECT_LIVE,
	};

	return ask(t, &today, NULL, &call->err);
}

static int
domain_set_memory(const struct today *t, struct call *call)
{
	const struct xvm_domain_set_memory_args *args = call->args;
	const struct xvm_domain_set_memory_flags_args today = {
		.dom = args->dom,
		.memory = args->memory,
		.flags = XVM_DOMAIN_AFFECT_LIVE,
	};

	return ask(t, &today, NULL, &call->err);
}

static int
domain_set_max_memory(const struct today *t, struct call *call)
{
	const struct xvm_domain_set_max_memory_args *args = call->args;
	const struct xvm_domain_set_memory_flags_args today = {
		.dom = args->dom,
		.memory = args->memory,
		.flags = XVM_DOMAIN_MEM_MAXIMUM,
	};

	return ask(t, &today, NULL, &call->err);
}

static int
domain_set_vcpus(const struct today *t, struct call *call)
{
	const struct xvm_domain_set_vcpus_args *args = call->args;
	const struct xvm_domain_set_vcpus_flags_args today = {
		.dom = args->dom,
		.nvcpus = args->nvcpus,
		.flags = XVM_DOMAIN_AFFECT_LIVE,
	};

	return ask(t, &today, NULL, &call->err);
}

static int
domain_pin_vcpu(const struct today *t, struct call *call)
{
	const struct xvm_domain_pin_vcpu_args *args = call->args;
	const struct xvm_domain_pin_vcpu_flags_args today = {
		.dom = args->dom,
		.vcpu = args->vcpu,
		.cpumap.cpumap_len = args->cpumap.cpumap_len,
		.cpumap.cpumap_val = args->cpumap.cpumap_val,
		.flags = XVM_DOMAIN_AFFECT_LIVE,
	};

	return ask(t, &today, NULL, &call->err);
}

/* --- questions ------------------------------------------------------------ */

static int
domain_get_max_memory(const struct today *t, struct call *call)
{
	const struct xvm_domain_get_max_memory_args *args = call->args;
	const struct xvm_domain_get_info_args today = { .dom = args->dom };
	struct xvm_domain_get_max_memory_ret *ret = call->ret;
	struct xvm_domain_get_info_ret info = { 0 };

	if (ask(t, &today, &info, &call->err) != 0)
		return -1;
	ret->memory = info.max_mem;
	return 0;
}

static int
domain_get_max_vcpus(const struct today *t, struct call *call)
{
	const struct xvm_domain_get_max_vcpus_args *args = call->args;
	const struct xvm_domain_get_vcpus_flags_args today = {
		.dom = args->dom,
		.flags = XVM_DOMAIN_AFFECT_LIVE | XVM_DOMAIN_VCPU_MAXIMUM,
	};
	struct xvm_domain_get_max_vcpus_ret *ret = call->ret;
	struct xvm_domain_get_vcpus_flags_ret vcpus = { 0 };

	if (ask(t, &today, &vcpus, &call->err) != 0)
		return -1;
	ret->num = vcpus.num;
	return 0;
}

static int
domain_get_scheduler_parameters(const struct today *t, struct call *call)
{
	const struct xvm_domain_get_scheduler_parameters_args *args =
	    call->args;
	const struct xvm_domain_get_scheduler_parameters_flags_args today = {
		.dom = args->dom,
		.nparams = args->nparams,
	};
	struct xvm_domain_get_scheduler_parameters_ret *ret = call->ret;
	struct xvm_domain_get_scheduler_parameters_flags_ret got = { 0 };

	if (ask(t, &today, &got, &call->err) != 0)
		return -1;
	ret->params.params_len = got.params.params_len;
	ret->params.params_val = got.params.params_val;
	return 0;
}

static int
domain_set_scheduler_parameters(const struct today *t, struct call *call)
{
	const struct xvm_domain_set_scheduler_parameters_args *args =
	    call->args;
	const struct xvm_domain_set_scheduler_parameters_flags_args today = {
		.dom = args->dom,
		.params.params_len = args->params.params_len,
		.params.params_val = args->params.params_val,
	};

	return ask(t, &today, NULL, &call->err);
}

/* Five fixed figures, -1 where today's answer has none. */
static int
domain_block_stats(const struct today *t, struct call *call)
{
	const struct xvm_domain_block_stats_args *args = call->args;
	const struct xvm_domain_block_stats_flags_args today = {
		.dom = args->dom,
		.path = args->path,
		.nparams = STATS_MAX,
	};
	struct xvm_domain_block_stats_ret *ret = call->ret;
	struct xvm_domain_block_stats_flags_ret got = { 0 };
	const struct {
		const char *name;
		int64_t *out;
	} figures[] = {
		{ XVM_DOMAIN_BLOCK_STATS_READ_REQ, &ret->rd_req },
		{ XVM_DOMAIN_BLOCK_STATS_READ_BYTES, &ret->rd_bytes },
		{ XVM_DOMAIN_BLOCK_STATS_WRITE_REQ, &ret->wr_req },
		{ XVM_DOMAIN_BLOCK_STATS_WRITE_BYTES, &ret->wr_bytes },
		{ XVM_DOMAIN_BLOCK_STATS_ERRS, &ret->errs },
	};

	if (ask(t, &today, &got, &call->err) != 0)
		return -1;
	for (size_t i = 0; i < sizeof(figures) / sizeof(figures[0]); i++) {
		const struct xvm_typed_param *p = params_find(
		    got.params.params_val, got.params.params_len,
		    figures[i].name);

		*figures[i].out = p != NULL && p->value.type ==
		    XVM_TYPED_LLONG ? p->value.xvm_typed_value_u.l : -1;
	}
	free_ret(t, &got);
	return 0;
}

/* --- the table ------------------------------------------------------------ */

static const struct {
	int today;		/* 0: no old call */
	reshape *answer;
} old_calls[] = {
#define OLD(OLD_NAME, TODAY, answer) \
	[XVM_CALL_##OLD_NAME] = { XVM_CALL_##TODAY, answer },
	OLD(CONNECT_NUM_OF_DOMAINS, CONNECT_LIST_ALL_DOMAINS,
	    connect_num_of_domains)
	OLD(CONNECT_NUM_OF_DEFINED_DOMAINS, CONNECT_LIST_ALL_DOMAINS,
	    connect_num_of_defined_domains)
	OLD(CONNECT_LIST_DOMAINS, CONNECT_LIST_ALL_DOMAINS,
	    connect_list_domains)
	OLD(CONNECT_LIST_DEFINED_DOMAINS, CONNECT_LIST_ALL_DOMAINS,
	    connect_list_defined_domains)
	OLD(DOMAIN_CREATE, DOMAIN_CREATE_WITH_FLAGS, domain_create)
	OLD(DOMAIN_CREATE_WITH_FILES, DOMAIN_CREATE_WITH_FLAGS,
	    domain_create_with_files)
	OLD(DOMAIN_CREATE_XML_WITH_FILES, DOMAIN_CREATE_XML,
	    domain_create_xml_with_files)
	OLD(DOMAIN_DEFINE_XML, DOMAIN_DEFINE_XML_FLAGS, domain_define_xml)
	OLD(DOMAIN_UNDEFINE, DOMAIN_UNDEFINE_FLAGS, domain_undefine)
	OLD(DOMAIN_SHUTDOWN, DOMAIN_SHUTDOWN_FLAGS, domain_shutdown)
	OLD(DOMAIN_DESTROY, DOMAIN_DESTROY_FLAGS, domain_destroy)
	OLD(DOMAIN_ABORT_JOB, DOMAIN_ABORT_JOB_FLAGS, domain_abort_job)
	OLD(DOMAIN_SAVE, DOMAIN_SAVE_FLAGS, domain_save)
	OLD(DOMAIN_RESTORE, DOMAIN_RESTORE_FLAGS, domain_restore)
	OLD(DOMAIN_CORE_DUMP, DOMAIN_CORE_DUMP_WITH_FORMAT, domain_core_dump)
	OLD(DOMAIN_ATTACH_DEVICE, DOMAIN_ATTACH_DEVICE_FLAGS,
	    domain_attach_device)
	OLD(DOMAIN_DETACH_DEVICE, DOMAIN_DETACH_DEVICE_FLAGS,
	    domain_detach_device)
	OLD(DOMAIN_SET_MEMORY, DOMAIN_SET_MEMORY_FLAGS, domain_set_memory)
	OLD(DOMAIN_SET_MAX_MEMORY, DOMAIN_SET_MEMORY_FLAGS,
	    domain_set_max_memory)
	OLD(DOMAIN_GET_MAX_MEMORY, DOMAIN_GET_INFO, domain_get_max_memory)
	OLD(DOMAIN_SET_VCPUS, DOMAIN_SET_VCPUS_FLAGS, domain_set_vcpus)
	OLD(DOMAIN_GET_MAX_VCPUS, DOMAIN_GET_VCPUS_FLAGS,
	    domain_get_max_vcpus)
	OLD(DOMAIN_PIN_VCPU, DOMAIN_PIN_VCPU_FLAGS, domain_pin_vcpu)
	OLD(DOMAIN_GET_SCHEDULER_PARAMETERS,
	    DOMAIN_GET_SCHEDULER_PARAMETERS_FLAGS,
	    domain_get_scheduler_parameters)
	OLD(DOMAIN_SET_SCHEDULER_PARAMETERS,
	    DOMAIN_SET_SCHEDULER_PARAMETERS_FLAGS,
	    domain_set_scheduler_parameters)
	OLD(DOMAIN_BLOCK_STATS, DOMAIN_BLOCK_STATS_FLAGS, domain_block_stats)
#undef OLD
};

int
legacy_call_today(int number)
{
	if (number < 0 ||
	    (size_t)number >= sizeof(old_calls) / sizeof(old_calls[0]))
		return 0;
	return old_calls[number].today;
}

int
legacy_call_answer(driver_handler *handler, void *state, struct call *call)
{
	const struct today today = {
		.number = legacy_call_today(call->number),
		.handler = handler,
		.state = state,
	};

	return old_calls[call->number].answer(&today, call);
}
