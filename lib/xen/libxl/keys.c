/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Keys pressed for a guest, by its device model's monitor ("sendkey", whose
 * numbers are those of QNUM). A guest without a device model has no keyboard.
 *
 * Sources: QEMU's hmp-commands, linux/input-event-codes.h.
 */
#include <stdlib.h>
#include <string.h>

#include "../../buf.h"
#include "side.h"

/* What Linux numbers otherwise than the keyboard does. */
static const unsigned char linux_to_qnum[] = {
	[96] = 0x9c, [97] = 0x9d, [98] = 0xb5, [99] = 0x54, [100] = 0xb8,
	[101] = 0x5b, [102] = 0xc7, [103] = 0xc8, [104] = 0xc9, [105] = 0xcb,
	[106] = 0xcd, [107] = 0xcf, [108] = 0xd0, [109] = 0xd1, [110] = 0xd2,
	[111] = 0xd3, [112] = 0xef, [113] = 0xa0, [114] = 0xae, [115] = 0xb0,
	[116] = 0xde, [117] = 0x59, [118] = 0xce, [119] = 0xc6, [125] = 0xdb,
	[126] = 0xdc, [127] = 0xdd,
};

/* A key of a set as QNUM, 0: it has none. */
static unsigned int
to_qnum(unsigned int set, unsigned int code)
{
	switch (set) {
	case XVM_KEYCODE_SET_LINUX:
		if (code < 89)
			return code;
		return code < sizeof(linux_to_qnum) ? linux_to_qnum[code] : 0;
	case XVM_KEYCODE_SET_XT:
	case XVM_KEYCODE_SET_ATSET1:
		if (code >> 8 == 0xe0)
			return (code & 0x7f) | 0x80;
		return code < 0x80 ? code : 0;
	case XVM_KEYCODE_SET_XT_KBD:
		if (code >> 8 == 1)
			return (code & 0x7f) | 0x80;
		return code < 0x80 ? code : 0;
	default:
		return code < 0x100 ? code : 0;
	}
}

static int
check_set(unsigned int set, struct error *err)
{
	if (set == XVM_KEYCODE_SET_LINUX || set == XVM_KEYCODE_SET_XT ||
	    set == XVM_KEYCODE_SET_ATSET1 || set == XVM_KEYCODE_SET_XT_KBD ||
	    set == XVM_KEYCODE_SET_QNUM)
		return 0;
	return error_set(err, XVM_FROM_LIBXL, XVM_ERR_ARGUMENT_UNSUPPORTED,
	    "keys are not translated from this set on Xen, only from linux, "
	    "xt, atset1, xt_kbd and qnum");
}

static int
write_command(const struct xvm_domain_send_key_args *args, struct buf *out,
    struct error *err)
{
	buf_puts(out, "sendkey ");
	for (unsigned int i = 0; i < args->keycodes.keycodes_len; i++) {
		unsigned int code = args->keycodes.keycodes_val[i];
		unsigned int qnum = to_qnum(args->codeset, code);

		if (qnum == 0)
			return error_set(err, XVM_FROM_LIBXL,
			    XVM_ERR_INVALID_ARG, "invalid keycode %u", code);
		buf_printf(out, "%s0x%02x", i > 0 ? "-" : "", qnum);
	}
	if (args->holdtime > 0)
		buf_printf(out, " %u", args->holdtime);
	return out->failed ? error_nomem(err) : 0;
}

/* It says nothing when all is well. */
static int
tell_monitor(struct side *side, int id, const char *command, struct error *err)
{
	char *said = NULL;
	int rc = libxl_qemu_monitor_command(side->ctx, (uint32_t)id, command,
	    &said, NULL);

	if (rc != 0)
		rc = side_failed(side, err, "the device model of domain '%d' "
		    "cannot be asked", id);
	else if (said != NULL && said[strspn(said, " \r\n")] != '\0')
		rc = error_set(err, XVM_FROM_LIBXL, XVM_ERR_OPERATION_FAILED,
		    "the device model answers '%.*s'",
		    (int)strcspn(said, "\r\n"), said);
	free(said);
	return rc;
}

int
side_domain_send_key(struct side *side, struct call *call)
{
	const struct xvm_domain_send_key_args *args = call->args;
	struct buf command = BUF_INIT;
	struct side_domain dom;
	int rc;

	if (xen_check_flags(args->flags, 0, "libxlDomainSendKey",
	    &call->err) != 0 || check_set(args->codeset, &call->err) != 0 ||
	    side_find_active(side, &args->dom, &dom, &call->err) != 0)
		return -1;
	if (dom.info.domain_type != LIBXL_DOMAIN_TYPE_HVM)
		rc = error_set(&call->err, XVM_FROM_LIBXL,
		    XVM_ERR_OPERATION_UNSUPPORTED, "domain '%s' has no "
		    "keyboard: only fully virtual domains have one on Xen",
		    dom.name);
	else if ((rc = write_command(args, &command, &call->err)) == 0)
		rc = tell_monitor(side, dom.id, command.data, &call->err);
	buf_release(&command);
	side_domain_release(&dom);
	return rc;
}
