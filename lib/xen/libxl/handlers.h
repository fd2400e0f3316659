/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the process that changes domains answers: SIDE(NUMBER, name) by
 * side_NAME in this room. Each has its CHILD row in ../handlers.h, or is asked
 * by a handler of that room. Included with SIDE defined.
 */
/* start.c */
SIDE(DOMAIN_CREATE_XML, domain_create_xml)
SIDE(DOMAIN_CREATE_WITH_FLAGS, domain_create_with_flags)
/* lifecycle.c */
SIDE(DOMAIN_SUSPEND, domain_suspend)
SIDE(DOMAIN_RESUME, domain_resume)
SIDE(DOMAIN_SHUTDOWN_FLAGS, domain_shutdown_flags)
SIDE(DOMAIN_REBOOT, domain_reboot)
SIDE(DOMAIN_RESET, domain_reset)
SIDE(DOMAIN_DESTROY_FLAGS, domain_destroy_flags)
SIDE(DOMAIN_INJECT_NMI, domain_inject_nmi)
/* memory.c */
SIDE(DOMAIN_SET_MEMORY_FLAGS, domain_set_memory_flags)
SIDE(DOMAIN_SET_MAX_MEMORY, domain_set_max_memory)
/* vcpus.c */
SIDE(DOMAIN_SET_VCPUS_FLAGS, domain_set_vcpus_flags)
/* device.c */
SIDE(DOMAIN_ATTACH_DEVICE_FLAGS, domain_attach_device_flags)
SIDE(DOMAIN_DETACH_DEVICE_FLAGS, domain_detach_device_flags)
SIDE(DOMAIN_DETACH_DEVICE_ALIAS, domain_detach_device_alias)
SIDE(DOMAIN_UPDATE_DEVICE_FLAGS, domain_update_device_flags)
/* native_call.c */
SIDE(CONNECT_DOMAIN_XML_FROM_NATIVE, connect_domain_xml_from_native)
SIDE(CONNECT_DOMAIN_XML_TO_NATIVE, connect_domain_xml_to_native)
/* metadata.c */
SIDE(DOMAIN_SET_METADATA, domain_set_metadata)
/* save.c */
SIDE(DOMAIN_SAVE_FLAGS, domain_save_flags)
SIDE(DOMAIN_MANAGED_SAVE, domain_managed_save)
SIDE(DOMAIN_RESTORE_FLAGS, domain_restore_flags)
SIDE(DOMAIN_SAVE_IMAGE_GET_XML_DESC, domain_save_image_get_xml_desc)
SIDE(DOMAIN_CORE_DUMP_WITH_FORMAT, domain_core_dump_with_format)
/* image_xml.c */
SIDE(DOMAIN_SAVE_IMAGE_DEFINE_XML, domain_save_image_define_xml)
SIDE(DOMAIN_MANAGED_SAVE_GET_XML_DESC, domain_managed_save_get_xml_desc)
SIDE(DOMAIN_MANAGED_SAVE_DEFINE_XML, domain_managed_save_define_xml)
/* actions.c, keys.c */
SIDE(DOMAIN_SET_LIFECYCLE_ACTION, domain_set_lifecycle_action)
SIDE(DOMAIN_SEND_KEY, domain_send_key)
/* pm.c */
SIDE(DOMAIN_PM_SUSPEND_FOR_DURATION, domain_pm_suspend_for_duration)
SIDE(DOMAIN_PM_WAKEUP, domain_pm_wakeup)
/* xml.c: asked by ../xml.c for what has no document of ours */
SIDE(DOMAIN_GET_XML_DESC, domain_get_xml_desc)
