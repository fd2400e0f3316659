/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the test driver answers: one line a call, test_NAME in one of the
 * files. What is not here is not supported. Included with HANDLER defined.
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
HANDLER(CONNECT_NUM_OF_DOMAINS, connect_num_of_domains)
HANDLER(CONNECT_NUM_OF_DEFINED_DOMAINS, connect_num_of_defined_domains)
HANDLER(CONNECT_LIST_DOMAINS, connect_list_domains)
HANDLER(CONNECT_LIST_DEFINED_DOMAINS, connect_list_defined_domains)
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
