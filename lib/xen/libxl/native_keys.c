/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The names of xl.cfg, in the order in which they are written. */
#include "native_table.h"

#define HVM (1u << LIBXL_DOMAIN_TYPE_HVM)
#define PV (1u << LIBXL_DOMAIN_TYPE_PV)
#define PVH (1u << LIBXL_DOMAIN_TYPE_PVH)

#define AT(field) offsetof(libxl_domain_config, field)
#define STRING(n, field, types)                                                \
	{                                                                      \
		n, NATIVE_STRING, AT(field), types, 0, NULL                    \
	}
#define BOOL(n, field, types)                                                  \
	{                                                                      \
		n, NATIVE_BOOL, AT(field), types, 0, NULL                      \
	}
#define INT(n, field, types, unsaid)                                           \
	{                                                                      \
		n, NATIVE_INT, AT(field), types, unsaid, NULL                  \
	}
#define MIB(n, field, types)                                                   \
	{                                                                      \
		n, NATIVE_MIB, AT(field), types, 0, NULL                       \
	}
#define ENUM(n, field, types, unsaid, names)                                   \
	{                                                                      \
		n, NATIVE_ENUM, AT(field), types, unsaid, names                \
	}
#define STRINGS(n, field, types)                                               \
	{                                                                      \
		n, NATIVE_STRINGS, AT(field), types, 0, NULL                   \
	}
#define END                                                                    \
	{                                                                      \
		.name = NULL                                                   \
	}

static const libxl_enum_string_table actions[] = {
    {"destroy", LIBXL_ACTION_ON_SHUTDOWN_DESTROY},
    {"restart", LIBXL_ACTION_ON_SHUTDOWN_RESTART},
    {"rename-restart", LIBXL_ACTION_ON_SHUTDOWN_RESTART_RENAME},
    {"preserve", LIBXL_ACTION_ON_SHUTDOWN_PRESERVE},
    {"coredump-destroy", LIBXL_ACTION_ON_SHUTDOWN_COREDUMP_DESTROY},
    {"coredump-restart", LIBXL_ACTION_ON_SHUTDOWN_COREDUMP_RESTART},
    {"soft-reset", LIBXL_ACTION_ON_SHUTDOWN_SOFT_RESET},
    {NULL, 0},
};
static const libxl_enum_string_table device_models[] = {
    {"qemu-xen-traditional", LIBXL_DEVICE_MODEL_VERSION_QEMU_XEN_TRADITIONAL},
    {"qemu-xen", LIBXL_DEVICE_MODEL_VERSION_QEMU_XEN},
    {NULL, 0},
};
static const libxl_enum_string_table cards[] = {
    {"stdvga", LIBXL_VGA_INTERFACE_TYPE_STD},
    {"cirrus", LIBXL_VGA_INTERFACE_TYPE_CIRRUS},
    {"none", LIBXL_VGA_INTERFACE_TYPE_NONE},
    {"qxl", LIBXL_VGA_INTERFACE_TYPE_QXL},
    {NULL, 0},
};

const struct native_key native_keys[] = {
    STRING("name", c_info.name, 0),
    STRING("pool", c_info.pool_name, 0),
    STRING("seclabel", c_info.ssid_label, 0),
    BOOL("hap", c_info.hap, HVM | PVH),
    BOOL("oos", c_info.oos, 0),
    BOOL("driver_domain", c_info.driver_domain, 0),
    ENUM("passthrough", c_info.passthrough, 0, LIBXL_PASSTHROUGH_DEFAULT,
	libxl_passthrough_string_table),

    MIB("memory", b_info.target_memkb, 0),
    MIB("maxmem", b_info.max_memkb, 0),
    MIB("shadow_memory", b_info.shadow_memkb, 0),
    INT("maxvcpus", b_info.max_vcpus, 0, 0),
    INT("cpu_weight", b_info.sched_params.weight, 0,
	LIBXL_DOMAIN_SCHED_PARAM_WEIGHT_DEFAULT),
    INT("cap", b_info.sched_params.cap, 0,
	LIBXL_DOMAIN_SCHED_PARAM_CAP_DEFAULT),
    INT("max_event_channels", b_info.event_channels, 0, 0),
    INT("max_grant_frames", b_info.max_grant_frames, 0,
	(int32_t)LIBXL_MAX_GRANT_DEFAULT),
    INT("max_maptrack_frames", b_info.max_maptrack_frames, 0,
	(int32_t)LIBXL_MAX_GRANT_DEFAULT),
    INT("max_grant_version", b_info.max_grant_version, 0,
	(int32_t)LIBXL_MAX_GRANT_DEFAULT),
    BOOL("nomigrate", b_info.disable_migrate, 0),

    STRING("kernel", b_info.kernel, 0),
    STRING("ramdisk", b_info.ramdisk, 0),
    STRING("cmdline", b_info.cmdline, 0),
    STRING("bootloader", b_info.bootloader, PV | PVH),
    STRINGS("bootloader_args", b_info.bootloader_args, PV | PVH),
    STRING("boot", b_info.u.hvm.boot, HVM),
    ENUM("bios", b_info.u.hvm.bios, HVM, LIBXL_BIOS_TYPE_UNKNOWN,
	libxl_bios_type_string_table),
    STRING("bios_path_override", b_info.u.hvm.system_firmware, HVM),
    STRING("firmware_override", b_info.u.hvm.firmware, HVM),
    STRING("acpi_firmware", b_info.u.hvm.acpi_firmware, HVM),
    STRING("smbios_firmware", b_info.u.hvm.smbios_firmware, HVM),
    BOOL("pvshim", b_info.u.pvh.pvshim, PVH),
    STRING("pvshim_path", b_info.u.pvh.pvshim_path, PVH),
    STRING("pvshim_cmdline", b_info.u.pvh.pvshim_cmdline, PVH),
    STRING("pvshim_extra", b_info.u.pvh.pvshim_extra, PVH),

    BOOL("pae", b_info.u.hvm.pae, HVM),
    BOOL("acpi", b_info.acpi, 0),
    BOOL("acpi_s3", b_info.u.hvm.acpi_s3, HVM),
    BOOL("acpi_s4", b_info.u.hvm.acpi_s4, HVM),
    BOOL("apic", b_info.apic, HVM),
    BOOL("nx", b_info.u.hvm.nx, HVM),
    BOOL("e820_host", b_info.u.pv.e820_host, PV),
    BOOL("nestedhvm", b_info.nested_hvm, 0),
    ENUM("altp2m", b_info.altp2m, 0, LIBXL_ALTP2M_MODE_DISABLED,
	libxl_altp2m_mode_string_table),
    BOOL("vpmu", b_info.vpmu, 0),

    BOOL("localtime", b_info.localtime, 0),
    INT("rtc_timeoffset", b_info.rtc_timeoffset, 0, 0),
    ENUM("tsc_mode", b_info.tsc_mode, 0, LIBXL_TSC_MODE_DEFAULT,
	libxl_tsc_mode_string_table),
    ENUM("timer_mode", b_info.timer_mode, HVM | PVH, LIBXL_TIMER_MODE_DEFAULT,
	libxl_timer_mode_string_table),
    BOOL("hpet", b_info.u.hvm.hpet, HVM),
    BOOL("vpt_align", b_info.u.hvm.vpt_align, HVM),

    ENUM("on_poweroff", on_poweroff, 0, 0, actions),
    ENUM("on_reboot", on_reboot, 0, 0, actions),
    ENUM("on_watchdog", on_watchdog, 0, LIBXL_ACTION_ON_SHUTDOWN_DESTROY,
	actions),
    ENUM("on_crash", on_crash, 0, 0, actions),
    ENUM("on_soft_reset", on_soft_reset, 0, LIBXL_ACTION_ON_SHUTDOWN_SOFT_RESET,
	actions),

    ENUM("device_model_version", b_info.device_model_version, 0,
	LIBXL_DEVICE_MODEL_VERSION_UNKNOWN, device_models),
    STRING("device_model_override", b_info.device_model, 0),
    BOOL("device_model_stubdomain_override", b_info.device_model_stubdomain, 0),
    STRING("device_model_user", b_info.device_model_user, 0),
    STRINGS("device_model_args", b_info.extra, 0),
    STRINGS("device_model_args_pv", b_info.extra_pv, 0),
    STRINGS("device_model_args_hvm", b_info.extra_hvm, 0),

    ENUM("hdtype", b_info.u.hvm.hdtype, HVM, LIBXL_HDTYPE_IDE,
	libxl_hdtype_string_table),
    BOOL("nographic", b_info.u.hvm.nographic, HVM),
    ENUM("vga", b_info.u.hvm.vga.kind, HVM, LIBXL_VGA_INTERFACE_TYPE_UNKNOWN,
	cards),
    MIB("videoram", b_info.video_memkb, 0),
    STRING("keymap", b_info.u.hvm.keymap, HVM),
    BOOL("vnc", b_info.u.hvm.vnc.enable, HVM),
    STRING("vnclisten", b_info.u.hvm.vnc.listen, HVM),
    STRING("vncpasswd", b_info.u.hvm.vnc.passwd, HVM),
    INT("vncdisplay", b_info.u.hvm.vnc.display, HVM, 0),
    BOOL("vncunused", b_info.u.hvm.vnc.findunused, HVM),
    BOOL("sdl", b_info.u.hvm.sdl.enable, HVM),
    BOOL("opengl", b_info.u.hvm.sdl.opengl, HVM),
    STRING("display", b_info.u.hvm.sdl.display, HVM),
    STRING("xauthority", b_info.u.hvm.sdl.xauthority, HVM),
    BOOL("spice", b_info.u.hvm.spice.enable, HVM),
    INT("spiceport", b_info.u.hvm.spice.port, HVM, 0),
    INT("spicetls_port", b_info.u.hvm.spice.tls_port, HVM, 0),
    STRING("spicehost", b_info.u.hvm.spice.host, HVM),
    BOOL("spicedisable_ticketing", b_info.u.hvm.spice.disable_ticketing, HVM),
    STRING("spicepasswd", b_info.u.hvm.spice.passwd, HVM),
    BOOL("spiceagent_mouse", b_info.u.hvm.spice.agent_mouse, HVM),
    BOOL("spicevdagent", b_info.u.hvm.spice.vdagent, HVM),
    BOOL("spice_clipboard_sharing", b_info.u.hvm.spice.clipboard_sharing, HVM),
    INT("spiceusbredirection", b_info.u.hvm.spice.usbredirection, HVM, 0),
    STRING(
	"spice_image_compression", b_info.u.hvm.spice.image_compression, HVM),
    STRING("spice_streaming_video", b_info.u.hvm.spice.streaming_video, HVM),
    STRING("soundhw", b_info.u.hvm.soundhw, HVM),
    BOOL("usb", b_info.u.hvm.usb, HVM),
    INT("usbversion", b_info.u.hvm.usbversion, HVM, 0),
    STRING("usbdevice", b_info.u.hvm.usbdevice, HVM),
    STRINGS("usbdevice", b_info.u.hvm.usbdevice_list, HVM),
    STRING("serial", b_info.u.hvm.serial, HVM),
    STRINGS("serial", b_info.u.hvm.serial_list, HVM),
    BOOL("xen_platform_pci", b_info.u.hvm.xen_platform_pci, HVM),
    BOOL("viridian", b_info.u.hvm.viridian, HVM),
    END,
};

#undef AT
#define AT(field) offsetof(libxl_device_nic, field)
static const libxl_enum_string_table nic_types[] = {
    {"vif", LIBXL_NIC_TYPE_VIF},
    {"ioemu", LIBXL_NIC_TYPE_VIF_IOEMU},
    {NULL, 0},
};

const struct native_key native_vif_keys[] = {
    {"mac", NATIVE_MAC, AT(mac), 0, 0, NULL},
    STRING("bridge", bridge, 0),
    STRING("ip", ip, 0),
    STRING("script", script, 0),
    STRING("model", model, 0),
    ENUM("type", nictype, 0, LIBXL_NIC_TYPE_UNKNOWN, nic_types),
    STRING("vifname", ifname, 0),
    STRING("backend", backend_domname, 0),
    STRING("gatewaydev", gatewaydev, 0),
    INT("mtu", mtu, 0, 0),
    INT("devid", devid, 0, -1),
    END,
};

#undef AT
#define AT(field) offsetof(libxl_device_vfb, field)
const struct native_key native_vfb_keys[] = {
    BOOL("vnc", vnc.enable, 0),
    STRING("vnclisten", vnc.listen, 0),
    STRING("vncpasswd", vnc.passwd, 0),
    INT("vncdisplay", vnc.display, 0, 0),
    BOOL("vncunused", vnc.findunused, 0),
    BOOL("sdl", sdl.enable, 0),
    BOOL("opengl", sdl.opengl, 0),
    STRING("display", sdl.display, 0),
    STRING("xauthority", sdl.xauthority, 0),
    STRING("keymap", keymap, 0),
    END,
};

#undef AT
#define AT(field) offsetof(libxl_device_usbctrl, field)
const struct native_key native_usbctrl_keys[] = {
    ENUM("type", type, 0, LIBXL_USBCTRL_TYPE_AUTO,
	libxl_usbctrl_type_string_table),
    INT("version", version, 0, 0),
    INT("ports", ports, 0, 0),
    END,
};

#undef AT
#define AT(field) offsetof(libxl_device_usbdev, field)
const struct native_key native_usbdev_keys[] = {
    ENUM("type", type, 0, 0, libxl_usbdev_type_string_table),
    {"hostbus", NATIVE_BYTE, AT(u.hostdev.hostbus), 0, 0, NULL},
    {"hostaddr", NATIVE_BYTE, AT(u.hostdev.hostaddr), 0, 0, NULL},
    INT("controller", ctrl, 0, -1),
    INT("port", port, 0, 0),
    END,
};

bool
native_key_is_for(const struct native_key *key, libxl_domain_type type)
{
	return key->types == 0 || (type >= 0 && (key->types >> type & 1) != 0);
}
