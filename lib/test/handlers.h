/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the test driver answers: one line a call, test_NAME in one of the
 * files. What is not here is not supported, or an old call that today's answers
 * (legacy_calls.h). Included with HANDLER defined.
 */
/* connect.c */
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
/* cpu.c */
HANDLER(CONNECT_GET_CPU_MODEL_NAMES, connect_get_cpu_model_names)
HANDLER(CONNECT_BASELINE_CPU, connect_baseline_cpu)
/* node.c */
HANDLER(NODE_GET_INFO, node_get_info)
HANDLER(NODE_GET_CELLS_FREE_MEMORY, node_get_cells_free_memory)
HANDLER(NODE_GET_FREE_MEMORY, node_get_free_memory)
HANDLER(NODE_GET_FREE_PAGES, node_get_free_pages)
HANDLER(NODE_GET_CPU_MAP, node_get_cpu_map)
HANDLER(NODE_GET_CPU_STATS, node_get_cpu_stats)
HANDLER(NODE_GET_SECURITY_MODEL, node_get_security_model)
/* list.c */
HANDLER(CONNECT_LIST_ALL_DOMAINS, connect_list_all_domains)
HANDLER(DOMAIN_LOOKUP_BY_ID, domain_lookup_by_id)
HANDLER(DOMAIN_LOOKUP_BY_NAME, domain_lookup_by_name)
HANDLER(DOMAIN_LOOKUP_BY_UUID, domain_lookup_by_uuid)
/* info.c */
HANDLER(DOMAIN_GET_STATE, domain_get_state)
HANDLER(DOMAIN_GET_INFO, domain_get_info)
HANDLER(DOMAIN_GET_XML_DESC, domain_get_xml_desc)
HANDLER(DOMAIN_IS_ACTIVE, domain_is_active)
HANDLER(DOMAIN_IS_PERSISTENT, domain_is_persistent)
HANDLER(DOMAIN_IS_UPDATED, domain_is_updated)
HANDLER(DOMAIN_GET_AUTOSTART, domain_get_autostart)
HANDLER(DOMAIN_SET_AUTOSTART, domain_set_autostart)
HANDLER(DOMAIN_GET_OS_TYPE, domain_get_os_type)
HANDLER(DOMAIN_GET_SECURITY_LABEL, domain_get_security_label)
/* define.c */
HANDLER(DOMAIN_DEFINE_XML_FLAGS, domain_define_xml_flags)
HANDLER(DOMAIN_CREATE_XML, domain_create_xml)
HANDLER(DOMAIN_UNDEFINE_FLAGS, domain_undefine_flags)
HANDLER(DOMAIN_RENAME, domain_rename)
/* lifecycle.c */
HANDLER(DOMAIN_CREATE_WITH_FLAGS, domain_create_with_flags)
HANDLER(DOMAIN_SUSPEND, domain_suspend)
HANDLER(DOMAIN_RESUME, domain_resume)
HANDLER(DOMAIN_SHUTDOWN_FLAGS, domain_shutdown_flags)
HANDLER(DOMAIN_REBOOT, domain_reboot)
HANDLER(DOMAIN_RESET, domain_reset)
HANDLER(DOMAIN_DESTROY_FLAGS, domain_destroy_flags)
/* save.c */
HANDLER(DOMAIN_SAVE_FLAGS, domain_save_flags)
HANDLER(DOMAIN_RESTORE_FLAGS, domain_restore_flags)
HANDLER(DOMAIN_SAVE_IMAGE_GET_XML_DESC, domain_save_image_get_xml_desc)
HANDLER(DOMAIN_SAVE_IMAGE_DEFINE_XML, domain_save_image_define_xml)
HANDLER(DOMAIN_CORE_DUMP_WITH_FORMAT, domain_core_dump_with_format)
HANDLER(DOMAIN_MANAGED_SAVE, domain_managed_save)
HANDLER(DOMAIN_HAS_MANAGED_SAVE_IMAGE, domain_has_managed_save_image)
HANDLER(DOMAIN_MANAGED_SAVE_REMOVE, domain_managed_save_remove)
/* memory.c */
HANDLER(DOMAIN_SET_MEMORY_FLAGS, domain_set_memory_flags)
HANDLER(DOMAIN_SET_MEMORY_STATS_PERIOD, domain_set_memory_stats_period)
HANDLER(DOMAIN_MEMORY_STATS, domain_memory_stats)
HANDLER(DOMAIN_GET_MEMORY_PARAMETERS, domain_get_memory_parameters)
HANDLER(DOMAIN_SET_MEMORY_PARAMETERS, domain_set_memory_parameters)
HANDLER(DOMAIN_MEMORY_PEEK, domain_memory_peek)
/* vcpu.c */
HANDLER(DOMAIN_GET_VCPUS_FLAGS, domain_get_vcpus_flags)
HANDLER(DOMAIN_SET_VCPUS_FLAGS, domain_set_vcpus_flags)
HANDLER(DOMAIN_GET_VCPUS, domain_get_vcpus)
HANDLER(DOMAIN_GET_VCPU_PIN_INFO, domain_get_vcpu_pin_info)
HANDLER(DOMAIN_PIN_VCPU, domain_pin_vcpu)
HANDLER(DOMAIN_PIN_VCPU_FLAGS, domain_pin_vcpu_flags)
HANDLER(DOMAIN_PIN_EMULATOR, domain_pin_emulator)
HANDLER(DOMAIN_GET_EMULATOR_PIN_INFO, domain_get_emulator_pin_info)
/* sched.c */
HANDLER(DOMAIN_GET_SCHEDULER_TYPE, domain_get_scheduler_type)
HANDLER(DOMAIN_GET_SCHEDULER_PARAMETERS, domain_get_scheduler_parameters)
HANDLER(DOMAIN_GET_SCHEDULER_PARAMETERS_FLAGS,
    domain_get_scheduler_parameters_flags)
HANDLER(DOMAIN_SET_SCHEDULER_PARAMETERS_FLAGS,
    domain_set_scheduler_parameters_flags)
/* iothread.c */
HANDLER(DOMAIN_GET_IOTHREAD_INFO, domain_get_iothread_info)
HANDLER(DOMAIN_ADD_IOTHREAD, domain_add_iothread)
HANDLER(DOMAIN_DEL_IOTHREAD, domain_del_iothread)
HANDLER(DOMAIN_PIN_IOTHREAD, domain_pin_iothread)
HANDLER(DOMAIN_SET_IOTHREAD_PARAMS, domain_set_iothread_params)
/* tune.c */
HANDLER(DOMAIN_GET_NUMA_PARAMETERS, domain_get_numa_parameters)
HANDLER(DOMAIN_SET_NUMA_PARAMETERS, domain_set_numa_parameters)
HANDLER(DOMAIN_GET_PERF_EVENTS, domain_get_perf_events)
HANDLER(DOMAIN_SET_PERF_EVENTS, domain_set_perf_events)
HANDLER(DOMAIN_SET_LIFECYCLE_ACTION, domain_set_lifecycle_action)
/* blkio.c */
HANDLER(DOMAIN_GET_BLKIO_PARAMETERS, domain_get_blkio_parameters)
HANDLER(DOMAIN_SET_BLKIO_PARAMETERS, domain_set_blkio_parameters)
/* block.c */
HANDLER(DOMAIN_BLOCK_STATS, domain_block_stats)
HANDLER(DOMAIN_GET_BLOCK_INFO, domain_get_block_info)
HANDLER(DOMAIN_GET_DISK_ERRORS, domain_get_disk_errors)
HANDLER(DOMAIN_GET_BLOCK_IO_TUNE, domain_get_block_io_tune)
HANDLER(DOMAIN_SET_BLOCK_IO_TUNE, domain_set_block_io_tune)
/* net.c */
HANDLER(DOMAIN_INTERFACE_STATS, domain_interface_stats)
HANDLER(DOMAIN_GET_INTERFACE_PARAMETERS, domain_get_interface_parameters)
HANDLER(DOMAIN_SET_INTERFACE_PARAMETERS, domain_set_interface_parameters)
HANDLER(DOMAIN_INTERFACE_ADDRESSES, domain_interface_addresses)
/* metadata.c */
HANDLER(DOMAIN_GET_METADATA, domain_get_metadata)
HANDLER(DOMAIN_SET_METADATA, domain_set_metadata)
/* stats.c */
HANDLER(CONNECT_GET_ALL_DOMAIN_STATS, connect_get_all_domain_stats)
HANDLER(DOMAIN_GET_CPU_STATS, domain_get_cpu_stats)
HANDLER(DOMAIN_GET_MESSAGES, domain_get_messages)
/* guest.c */
HANDLER(DOMAIN_GET_HOSTNAME, domain_get_hostname)
HANDLER(DOMAIN_GET_TIME, domain_get_time)
HANDLER(DOMAIN_SET_TIME, domain_set_time)
HANDLER(DOMAIN_GET_CONTROL_INFO, domain_get_control_info)
HANDLER(DOMAIN_FSFREEZE, domain_fsfreeze)
HANDLER(DOMAIN_FSTHAW, domain_fsthaw)
HANDLER(DOMAIN_FSTRIM, domain_fstrim)
HANDLER(DOMAIN_GET_FSINFO, domain_get_fsinfo)
HANDLER(DOMAIN_SET_USER_PASSWORD, domain_set_user_password)
HANDLER(DOMAIN_INJECT_NMI, domain_inject_nmi)
HANDLER(DOMAIN_SEND_KEY, domain_send_key)
HANDLER(DOMAIN_SEND_PROCESS_SIGNAL, domain_send_process_signal)
HANDLER(DOMAIN_GET_LAUNCH_SECURITY_INFO, domain_get_launch_security_info)
/* screenshot.c */
HANDLER(DOMAIN_SCREENSHOT, domain_screenshot)
