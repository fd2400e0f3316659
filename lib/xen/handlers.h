/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the Xen driver answers: HANDLER(NUMBER, name) by xen_NAME in this room,
 * CHILD(NUMBER) by the child process, whose table is libxl/handlers.h. What is
 * in neither is not supported. Included with both macros defined.
 */
/* host.c */
HANDLER(CONNECT_GET_TYPE, connect_get_type)
HANDLER(CONNECT_GET_VERSION, connect_get_version)
HANDLER(CONNECT_GET_LIB_VERSION, connect_get_lib_version)
HANDLER(CONNECT_GET_HOSTNAME, connect_get_hostname)
HANDLER(CONNECT_GET_URI, connect_get_uri)
HANDLER(CONNECT_SUPPORTS_FEATURE, connect_supports_feature)
HANDLER(CONNECT_IS_SECURE, connect_is_secure)
HANDLER(CONNECT_GET_MAX_VCPUS, connect_get_max_vcpus)
HANDLER(CONNECT_GET_SYSINFO, connect_get_sysinfo)
/* capabilities.c */
HANDLER(CONNECT_GET_CAPABILITIES, connect_get_capabilities)
/* host_cpu.c */
HANDLER(CONNECT_COMPARE_CPU, connect_compare_cpu)
HANDLER(CONNECT_BASELINE_CPU, connect_baseline_cpu)
/* domcaps.c */
HANDLER(CONNECT_GET_DOMAIN_CAPABILITIES, connect_get_domain_capabilities)
/* node.c */
HANDLER(NODE_GET_INFO, node_get_info)
HANDLER(NODE_GET_CELLS_FREE_MEMORY, node_get_cells_free_memory)
HANDLER(NODE_GET_FREE_MEMORY, node_get_free_memory)
HANDLER(NODE_GET_FREE_PAGES, node_get_free_pages)
HANDLER(NODE_GET_CPU_MAP, node_get_cpu_map)
HANDLER(NODE_GET_CPU_STATS, node_get_cpu_stats)
HANDLER(NODE_GET_MEMORY_STATS, node_get_memory_stats)
HANDLER(NODE_GET_SECURITY_MODEL, node_get_security_model)
/* list.c */
HANDLER(CONNECT_LIST_ALL_DOMAINS, connect_list_all_domains)
HANDLER(DOMAIN_LOOKUP_BY_ID, domain_lookup_by_id)
HANDLER(DOMAIN_LOOKUP_BY_NAME, domain_lookup_by_name)
HANDLER(DOMAIN_LOOKUP_BY_UUID, domain_lookup_by_uuid)
/* info.c */
HANDLER(DOMAIN_GET_STATE, domain_get_state)
HANDLER(DOMAIN_GET_INFO, domain_get_info)
HANDLER(DOMAIN_IS_ACTIVE, domain_is_active)
HANDLER(DOMAIN_IS_PERSISTENT, domain_is_persistent)
HANDLER(DOMAIN_IS_UPDATED, domain_is_updated)
HANDLER(DOMAIN_GET_AUTOSTART, domain_get_autostart)
HANDLER(DOMAIN_GET_OS_TYPE, domain_get_os_type)
HANDLER(DOMAIN_GET_MESSAGES, domain_get_messages)
/* xml.c */
HANDLER(DOMAIN_GET_XML_DESC, domain_get_xml_desc)
HANDLER(DOMAIN_GET_METADATA, domain_get_metadata)
/* vcpu.c, pin.c */
HANDLER(DOMAIN_GET_VCPUS_FLAGS, domain_get_vcpus_flags)
HANDLER(DOMAIN_GET_VCPUS, domain_get_vcpus)
HANDLER(DOMAIN_GET_VCPU_PIN_INFO, domain_get_vcpu_pin_info)
HANDLER(DOMAIN_PIN_VCPU_FLAGS, domain_pin_vcpu_flags)
/* sched.c */
HANDLER(DOMAIN_GET_SCHEDULER_TYPE, domain_get_scheduler_type)
HANDLER(DOMAIN_GET_SCHEDULER_PARAMETERS_FLAGS,
    domain_get_scheduler_parameters_flags)
HANDLER(DOMAIN_SET_SCHEDULER_PARAMETERS_FLAGS,
    domain_set_scheduler_parameters_flags)
/* stats.c, domain_stats.c */
HANDLER(CONNECT_GET_ALL_DOMAIN_STATS, connect_get_all_domain_stats)
HANDLER(DOMAIN_GET_CPU_STATS, domain_get_cpu_stats)
HANDLER(DOMAIN_MEMORY_STATS, domain_memory_stats)
HANDLER(DOMAIN_INTERFACE_STATS, domain_interface_stats)
HANDLER(DOMAIN_BLOCK_STATS_FLAGS, domain_block_stats_flags)
HANDLER(DOMAIN_GET_NUMA_PARAMETERS, domain_get_numa_parameters)
/* job.c */
HANDLER(DOMAIN_GET_JOB_INFO, domain_get_job_info)
HANDLER(DOMAIN_GET_JOB_STATS, domain_get_job_stats)
/* block_info.c, addresses.c */
HANDLER(DOMAIN_GET_BLOCK_INFO, domain_get_block_info)
HANDLER(DOMAIN_INTERFACE_ADDRESSES, domain_interface_addresses)
/* console.c */
HANDLER(DOMAIN_OPEN_CONSOLE, domain_open_console)
/* child.c: carried out by libxl/start.c, lifecycle.c */
CHILD(DOMAIN_CREATE_XML)
CHILD(DOMAIN_CREATE_WITH_FLAGS)
CHILD(DOMAIN_SUSPEND)
CHILD(DOMAIN_RESUME)
CHILD(DOMAIN_SHUTDOWN_FLAGS)
CHILD(DOMAIN_REBOOT)
CHILD(DOMAIN_RESET)
CHILD(DOMAIN_DESTROY_FLAGS)
CHILD(DOMAIN_INJECT_NMI)
CHILD(DOMAIN_SET_MEMORY_FLAGS)
CHILD(DOMAIN_SET_MAX_MEMORY)
CHILD(DOMAIN_SET_VCPUS_FLAGS)
CHILD(DOMAIN_SET_METADATA)
CHILD(DOMAIN_ATTACH_DEVICE_FLAGS)
CHILD(DOMAIN_DETACH_DEVICE_FLAGS)
CHILD(DOMAIN_DETACH_DEVICE_ALIAS)
CHILD(DOMAIN_UPDATE_DEVICE_FLAGS)
CHILD(DOMAIN_SAVE_FLAGS)
CHILD(DOMAIN_MANAGED_SAVE)
CHILD(DOMAIN_RESTORE_FLAGS)
CHILD(DOMAIN_SAVE_IMAGE_GET_XML_DESC)
CHILD(DOMAIN_SAVE_IMAGE_DEFINE_XML)
CHILD(DOMAIN_MANAGED_SAVE_GET_XML_DESC)
CHILD(DOMAIN_MANAGED_SAVE_DEFINE_XML)
CHILD(DOMAIN_CORE_DUMP_WITH_FORMAT)
CHILD(DOMAIN_SET_LIFECYCLE_ACTION)
CHILD(DOMAIN_SEND_KEY)
CHILD(DOMAIN_PM_SUSPEND_FOR_DURATION)
CHILD(DOMAIN_PM_WAKEUP)
/* define.c */
HANDLER(DOMAIN_DEFINE_XML_FLAGS, domain_define_xml_flags)
HANDLER(DOMAIN_UNDEFINE_FLAGS, domain_undefine_flags)
HANDLER(DOMAIN_RENAME, domain_rename)
HANDLER(DOMAIN_SET_AUTOSTART, domain_set_autostart)
HANDLER(DOMAIN_HAS_MANAGED_SAVE_IMAGE, domain_has_managed_save_image)
HANDLER(DOMAIN_MANAGED_SAVE_REMOVE, domain_managed_save_remove)
CHILD(CONNECT_DOMAIN_XML_FROM_NATIVE)
CHILD(CONNECT_DOMAIN_XML_TO_NATIVE)
