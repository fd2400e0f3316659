/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* <sound> (the guest's card) and <audio> (the host's end). */
#include "domain_devices.h"

static const char *const models[] = {
    "sb16", "es1370", "pcspk", "ac97", "ich6", "ich9", "usb", "ich7", NULL};
static const char *const codecs[] = {"duplex", "micro", "output", NULL};
static const char *const types[] = {"none", "alsa", "coreaudio", "jack", "oss",
    "pulseaudio", "sdl", "spice", "file", "dbus", NULL};
static const char *const sdl_drivers[] = {
    "", "esd", "alsa", "arts", "pulseaudio", NULL};
static const char *const formats[] = {
    "", "u8", "s8", "u16", "s16", "u32", "s32", "f32", NULL};

static const struct rule_attr sound_attrs[] = {
    ATTR_ENUM("model", VALUE_REQUIRED, models),
    ATTR_END,
};
static const struct rule_attr codec_attrs[] = {
    ATTR_SAYS("type", VALUE_ENUM, 0, codecs, XVM_ERR_CONFIG_UNSUPPORTED,
	"unknown codec type '%s'"),
    ATTR_END,
};
static const struct rule_attr sound_audio_attrs[] = {
    ATTR("id", VALUE_UINT, VALUE_REQUIRED | VALUE_NONZERO),
    ATTR_END,
};

static int
codec_before(struct rule_ctx *ctx, struct node *codec)
{
	const struct node *sound = codec->parent;

	if (!node_attr_is(sound, "model", "ich6") &&
	    !node_attr_is(sound, "model", "ich9"))
		node_unlink(codec);
	else if (node_attr(codec, "type") == NULL)
		return refuse_config(ctx, "unknown codec type '%s'", "(null)");
	return 0;
}

static const struct rule sound_children[] = {
    {
	.name = "codec",
	.flags = RULE_MANY,
	.attrs = codec_attrs,
	.before = codec_before,
    },
    {.name = "audio", .attrs = sound_audio_attrs},
    RULES_INFO,
    RULE_END,
};
const struct rule sound_rule = {
    .name = "sound",
    .flags = RULE_MANY,
    .attrs = sound_attrs,
    .children = sound_children,
};

/* <audio>: by type, its own attributes and those of its two directions. */
#define ATTRS_AUDIO                                                            \
	ATTR("id", VALUE_UINT, VALUE_REQUIRED | VALUE_NONZERO),                \
	    ATTR_ENUM("type", VALUE_REQUIRED, types),                          \
	    ATTR("timerPeriod", VALUE_UINT, VALUE_NONZERO)
static const struct rule_attr plain_attrs[] = {ATTRS_AUDIO, ATTR_END};
static const struct rule_attr oss_attrs[] = {
    ATTRS_AUDIO,
    ATTR("tryMMap", VALUE_YES_NO, 0),
    ATTR("exclusive", VALUE_YES_NO, 0),
    ATTR("dspPolicy", VALUE_INT, 0),
    ATTR_END,
};
static const struct rule_attr pulse_attrs[] = {
    ATTRS_AUDIO,
    ATTR("serverName", VALUE_ANY, 0),
    ATTR_END,
};
static const struct rule_attr sdl_attrs[] = {
    ATTRS_AUDIO,
    ATTR_ENUM("driver", VALUE_NONZERO, sdl_drivers),
    ATTR_END,
};
static const struct rule_attr file_attrs[] = {
    ATTRS_AUDIO,
    ATTR("path", VALUE_ANY, 0),
    ATTR_END,
};
static const char *const audio_names[] = {
    "tryMMap", "exclusive", "dspPolicy", "serverName", "driver", "path", NULL};

#define ATTRS_IO                                                               \
	ATTR("mixingEngine", VALUE_YES_NO, 0),                                 \
	    ATTR("fixedSettings", VALUE_YES_NO, 0),                            \
	    ATTR("voices", VALUE_UINT, VALUE_NONZERO),                         \
	    ATTR("bufferLength", VALUE_UINT, VALUE_NONZERO)
static const struct rule_attr plain_io[] = {ATTRS_IO, ATTR_END};
static const struct rule_attr alsa_io[] = {
    ATTRS_IO,
    ATTR("dev", VALUE_ANY, 0),
    ATTR_END,
};
static const struct rule_attr count_io[] = {
    ATTRS_IO,
    ATTR("bufferCount", VALUE_UINT, VALUE_DROP_ZERO),
    ATTR_END,
};
static const struct rule_attr jack_io[] = {
    ATTRS_IO,
    ATTR("serverName", VALUE_ANY, 0),
    ATTR("clientName", VALUE_ANY, 0),
    ATTR("connectPorts", VALUE_ANY, 0),
    ATTR("exactName", VALUE_YES_NO, 0),
    ATTR_END,
};
static const struct rule_attr oss_io[] = {
    ATTRS_IO,
    ATTR("dev", VALUE_ANY, 0),
    ATTR("bufferCount", VALUE_UINT, VALUE_DROP_ZERO),
    ATTR("tryPoll", VALUE_YES_NO, 0),
    ATTR_END,
};
static const struct rule_attr pulse_io[] = {
    ATTRS_IO,
    ATTR("name", VALUE_ANY, 0),
    ATTR("streamName", VALUE_ANY, 0),
    ATTR("latency", VALUE_UINT, VALUE_DROP_ZERO),
    ATTR_END,
};
static const char *const io_names[] = {"dev", "bufferCount", "serverName",
    "clientName", "connectPorts", "exactName", "tryPoll", "name", "streamName",
    "latency", NULL};

static const struct audio_type {
	const struct rule_attr *attrs, *io;
} audio_types[] = {
    {plain_attrs, plain_io}, /* none */
    {plain_attrs, alsa_io},  /* alsa */
    {plain_attrs, count_io}, /* coreaudio */
    {plain_attrs, jack_io},  /* jack */
    {oss_attrs, oss_io},     /* oss */
    {pulse_attrs, pulse_io}, /* pulseaudio */
    {sdl_attrs, count_io},   /* sdl */
    {plain_attrs, plain_io}, /* spice */
    {file_attrs, plain_io},  /* file */
    {plain_attrs, plain_io}, /* dbus */
};

static const struct rule_attr settings_attrs[] = {
    ATTR("frequency", VALUE_UINT, VALUE_NONZERO),
    ATTR("channels", VALUE_UINT, VALUE_NONZERO),
    ATTR_ENUM("format", VALUE_NONZERO, formats),
    ATTR_END,
};
static const struct rule io_children[] = {
    {.name = "settings", .attrs = settings_attrs},
    RULE_END,
};

static int
io_before(struct rule_ctx *ctx, struct node *io)
{
	int type = enum_index(types, node_attr(io->parent, "type"));
	bool fixed;

	drop_attrs(io, audio_types[type].io, io_names);
	if (rule_apply_attrs(ctx, io, audio_types[type].io) != 0)
		return -1;
	fixed = node_attr_is(io, "fixedSettings", "yes");
	if (fixed && !node_attr_is(io, "mixingEngine", "yes"))
		return refuse_config(
		    ctx, "fixed audio settings requires mixing engine");
	if (!fixed && node_child(io, "settings") != NULL)
		return refuse_config(ctx,
		    "audio settings specified without fixed settings flag");
	if (fixed)
		(void)node_need(io, "settings");
	return 0;
}

static const struct rule audio_children[] = {
    {
	.name = "input",
	.flags = RULE_DROP_EMPTY,
	.children = io_children,
	.before = io_before,
    },
    {
	.name = "output",
	.flags = RULE_DROP_EMPTY,
	.children = io_children,
	.before = io_before,
    },
    RULE_END,
};

static int
audio_before(struct rule_ctx *ctx, struct node *audio)
{
	const struct rule_attr *attrs;
	int32_t policy = 0;
	int type;

	if (attr_enum(ctx, audio, "type", types, VALUE_REQUIRED, &type) < 0)
		return -1;
	attrs = audio_types[type].attrs;
	drop_attrs(audio, attrs, audio_names);
	if (rule_apply_attrs(ctx, audio, attrs) != 0 ||
	    attr_i32(ctx, audio, "dspPolicy", 0, &policy) < 0)
		return -1;
	if (policy < 0)
		return refuse_xml(
		    ctx, "cannot parse 'dspPolicy' value '%i'", (int)policy);
	return 0;
}

const struct rule audio_rule = {
    .name = "audio",
    .flags = RULE_MANY,
    .children = audio_children,
    .before = audio_before,
};

int
audio_check(struct devices *devices, struct node *audio)
{
	const char *id = node_attr(audio, "id");

	FOR_DEVICES (devices, DEVICE_AUDIO, a) {
		if (a != audio && node_attr_is(a, "id", id))
			return refuse_xml(&devices->ctx,
			    "audio ID %s is used multiple times", id);
	}
	return 0;
}
