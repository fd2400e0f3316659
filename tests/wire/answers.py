# SPDX-License-Identifier: LGPL-2.1-or-later
"""The canned results of the recording server: every field has a value of its
own, so that a client that prints it proves where the field stands. A call
that is not here is answered with xdr.Protocol.sample."""

from xdr import BOOLEAN, DOUBLE, INT, LLONG, STRING, UINT, ULLONG

UUID = bytes.fromhex("6695eb01f6a4830479aa97f2502e193f")
UUID2 = bytes.fromhex("0102030405060708090a0b0c0d0e0f10")
DOM = {"name": "test", "uuid": UUID, "id": 7}
DOM2 = {"name": "zw\u00f6lf", "uuid": UUID2, "id": -1}
BIG = 0x1122334455667788

# What comes out of streams.
STREAM_DATA = b"some data"

# Fields that stock clients send as they find them in memory: not compared, and
# recorded as 0.
RANDOM = {"NODE_GET_SEV_INFO": "nparams"}

# Replies of these carry a descriptor.
WITH_FD = {"DOMAIN_OPEN_GRAPHICS_FD"}


def param(field, tag, value):
    return {"field": field, "value": (tag, value)}


# One of each type.
ALL_TYPES = [
    param("a_int", INT, -12), param("b_uint", UINT, 4000000001),
    param("c_llong", LLONG, -BIG), param("d_ullong", ULLONG, 2**64 - 3),
    param("e_double", DOUBLE, 2.5), param("f_bool", BOOLEAN, 1),
    param("g_string", STRING, "text\u00e9"),
]
ALL_TYPES_PYTHON = {
    "a_int": -12, "b_uint": 4000000001, "c_llong": -BIG,
    "d_ullong": 2**64 - 3, "e_double": 2.5, "f_bool": True,
    "g_string": "text\u00e9",
}
# The same as python3-libvirt prints them: unsigned ints as signed ones.
ALL_TYPES_PRINTED = dict(ALL_TYPES_PYTHON, b_uint=4000000001 - (1 << 32))


def counted(params):
    """As servers answer: asked with no room, the count alone."""
    def answer(args):
        room = args["nparams"] != 0
        return {"params": params if room else [], "nparams": len(params)}
    return answer


def stats(params):
    return counted([{"field": name, "value": value}
                    for name, value in params])


def cpu_stats(args):
    """ncpus 0 asks for the number of CPUs, nparams 0 for that of params."""
    params = [param("cpu_time", ULLONG, 101), param("vcpu_time", ULLONG, 202)]
    if args["ncpus"] == 0:
        return {"params": [], "nparams": 1}
    if args["nparams"] == 0:
        return {"params": [], "nparams": len(params)}
    return {"params": params * args["ncpus"], "nparams": len(params)}


SECURITY_LABEL = {"label": b"system_u:label\0", "enforcing": 1}

RESULTS = {
    "AUTH_LIST": {"types": [0]},
    "CONNECT_GET_TYPE": {"type": "TESTTYPE"},
    "CONNECT_GET_VERSION": {"hv_ver": 123456789012},
    "CONNECT_GET_MAX_VCPUS": {"max_vcpus": 33},
    "NODE_GET_INFO": {
        "model": b"model-of-cpu".ljust(32, b"\0"), "memory": 3 << 21,
        "cpus": 16, "mhz": 1400, "nodes": 2, "sockets": 3, "cores": 4,
        "threads": 5},
    "CONNECT_GET_CAPABILITIES": {"capabilities": "<capabilities/>\n"},
    "DOMAIN_CREATE_XML": {"dom": DOM},
    "DOMAIN_DEFINE_XML": {"dom": DOM},
    "DOMAIN_GET_XML_DESC": {"xml": "<domain type='test'><name>test</name>"
                            "</domain>"},
    "DOMAIN_GET_AUTOSTART": {"autostart": 1},
    "DOMAIN_GET_INFO": {"state": 3, "max_mem": 8388609, "memory": 4194305,
                        "nr_virt_cpu": 9, "cpu_time": BIG},
    "DOMAIN_GET_MAX_MEMORY": {"memory": 987654321},
    "DOMAIN_GET_MAX_VCPUS": {"num": 11},
    "DOMAIN_GET_OS_TYPE": {"type": "ostype"},
    "DOMAIN_GET_VCPUS": {
        "info": [{"number": 0, "state": 1, "cpu_time": 111, "cpu": 4},
                 {"number": 1, "state": 2, "cpu_time": 222, "cpu": 5}],
        "cpumaps": b"\x05\x00\x06\x01"},
    "CONNECT_LIST_DEFINED_DOMAINS": {"names": ["one", "zw\u00f6lf"]},
    "DOMAIN_LOOKUP_BY_ID": {"dom": DOM},
    "DOMAIN_LOOKUP_BY_NAME": {"dom": DOM},
    "DOMAIN_LOOKUP_BY_UUID": {"dom": DOM},
    "CONNECT_NUM_OF_DEFINED_DOMAINS": {"num": 2},
    "CONNECT_LIST_DOMAINS": {"ids": [3, 77777]},
    "CONNECT_NUM_OF_DOMAINS": {"num": 2},
    "DOMAIN_GET_SCHEDULER_TYPE": {"type": "fair", "nparams": 7},
    "DOMAIN_GET_SCHEDULER_PARAMETERS": {"params": ALL_TYPES},
    "DOMAIN_GET_SCHEDULER_PARAMETERS_FLAGS": {"params": ALL_TYPES},
    "CONNECT_GET_HOSTNAME": {"hostname": "host.example"},
    "DOMAIN_BLOCK_STATS": {"rd_req": 1, "rd_bytes": 2 << 33, "wr_req": 3,
                           "wr_bytes": 4 << 33, "errs": 5},
    "DOMAIN_INTERFACE_STATS": {
        "rx_bytes": 1 << 40, "rx_packets": 2, "rx_errs": 3, "rx_drop": 4,
        "tx_bytes": 5 << 40, "tx_packets": 6, "tx_errs": 7, "tx_drop": 8},
    # More than was asked for would crash virsh.
    "NODE_GET_CELLS_FREE_MEMORY": lambda args: {
        "cells": [1 << 20, BIG][:args["maxcells"]]},
    "NODE_GET_FREE_MEMORY": {"free_mem": 5 << 30},
    "DOMAIN_BLOCK_PEEK": {"buffer": b"block\0\xff"},
    "DOMAIN_MEMORY_PEEK": {"buffer": b"mem\xfe\0\x01"},
    "CONNECT_DOMAIN_EVENT_REGISTER": {"cb_registered": 1},
    "CONNECT_DOMAIN_EVENT_DEREGISTER": {"cb_registered": 0},
    "CONNECT_GET_URI": {"uri": "test:///uri-of-server"},
    "DOMAIN_GET_SECURITY_LABEL": SECURITY_LABEL,
    "NODE_GET_SECURITY_MODEL": {"model": b"selinux\0", "doi": b"doi-7\0"},
    "CONNECT_DOMAIN_XML_FROM_NATIVE": {"domain_xml": "<domain/>"},
    "CONNECT_DOMAIN_XML_TO_NATIVE": {"native_config": "native text"},
    "CONNECT_IS_SECURE": {"secure": 1},
    "DOMAIN_IS_ACTIVE": {"active": 1},
    "DOMAIN_IS_PERSISTENT": {"persistent": 1},
    "CONNECT_GET_LIB_VERSION": {"lib_ver": 9008007},
    "CONNECT_COMPARE_CPU": {"result": 2},
    "DOMAIN_MEMORY_STATS": {"stats": [{"tag": 4, "val": 444},
                                      {"tag": 6, "val": BIG}]},
    "CONNECT_BASELINE_CPU": {"cpu": "<cpu>baseline</cpu>"},
    "DOMAIN_GET_JOB_INFO": {
        "type": 2, "time_elapsed": 102, "time_remaining": 103,
        "data_total": 104, "data_processed": 105, "data_remaining": 106,
        "mem_total": 107, "mem_processed": 108, "mem_remaining": 109,
        "file_total": 110, "file_processed": 111, "file_remaining": 112},
    "DOMAIN_HAS_MANAGED_SAVE_IMAGE": {"result": 1},
    "DOMAIN_GET_BLOCK_INFO": {"allocation": 4096, "capacity": 1 << 34,
                              "physical": 8192},
    "DOMAIN_CREATE_WITH_FLAGS": {"dom": DOM},
    "DOMAIN_GET_MEMORY_PARAMETERS": counted(ALL_TYPES),
    "DOMAIN_GET_VCPUS_FLAGS": {"num": 6},
    "DOMAIN_IS_UPDATED": {"updated": 1},
    "CONNECT_GET_SYSINFO": {"sysinfo": "<sysinfo/>"},
    "DOMAIN_GET_BLKIO_PARAMETERS": counted(ALL_TYPES),
    "DOMAIN_SCREENSHOT": {"mime": "image/test"},
    "DOMAIN_GET_STATE": {"state": 5, "reason": 2},
    "NODE_GET_CPU_STATS": stats([("kernel", 1001), ("user", BIG)]),
    "NODE_GET_MEMORY_STATS": stats([("total", 2002), ("free", BIG)]),
    "DOMAIN_GET_CONTROL_INFO": {"state": 1, "details": 2,
                                "state_time": 1 << 35},
    "DOMAIN_GET_VCPU_PIN_INFO": {"cpumaps": b"\x03\x00\x04\x80", "num": 2},
    "DOMAIN_SAVE_IMAGE_GET_XML_DESC": {"xml": "<domain>saved</domain>"},
    "DOMAIN_GET_BLOCK_JOB_INFO": {"found": 1, "type": 3, "bandwidth": 1 << 21,
                                  "cur": 55, "end": 1 << 33},
    "DOMAIN_MIGRATE_GET_MAX_SPEED": {"bandwidth": 3 << 32},
    "DOMAIN_BLOCK_STATS_FLAGS": counted([
        param("rd_bytes", LLONG, 1 << 36), param("wr_operations", LLONG, 3)]),
    "DOMAIN_GET_BLOCK_IO_TUNE": counted([
        param("total_bytes_sec", ULLONG, 1 << 37),
        param("group_name", STRING, "group")]),
    "DOMAIN_GET_NUMA_PARAMETERS": counted([
        param("numa_mode", INT, 2), param("numa_nodeset", STRING, "0-1")]),
    "DOMAIN_GET_INTERFACE_PARAMETERS": counted([
        param("inbound.average", UINT, 1000),
        param("outbound.peak", UINT, 2000)]),
    "DOMAIN_GET_CPU_STATS": cpu_stats,
    "DOMAIN_GET_DISK_ERRORS": lambda args: {
        "errors": [{"disk": "vda", "error": 1}, {"disk": "vdb", "error": 2}]
        if args["maxerrors"] else [], "nerrors": 2},
    "DOMAIN_GET_METADATA": {"metadata": "<meta/>"},
    "CONNECT_LIST_ALL_DOMAINS": lambda args: {
        "domains": [DOM, DOM2] if args["need_results"] else [], "ret": 2},
    "DOMAIN_GET_HOSTNAME": {"hostname": "guest.example"},
    "DOMAIN_GET_SECURITY_LABEL_LIST": {
        "labels": [SECURITY_LABEL, {"label": b"second\0", "enforcing": 0}],
        "ret": 2},
    "DOMAIN_GET_EMULATOR_PIN_INFO": {"cpumaps": b"\x0a\x80", "ret": 1},
    "NODE_GET_MEMORY_PARAMETERS": counted([
        param("shm_pages_to_scan", UINT, 100),
        param("shm_pages_shared", ULLONG, BIG)]),
    "NODE_GET_CPU_MAP": lambda args: {
        "cpumap": b"\xf7\xff" if args["need_map"] else b"",
        "online": 15 if args["need_online"] else 0, "ret": 16},
    "DOMAIN_GET_JOB_STATS": {"type": 2, "params": [
        param("time_elapsed", ULLONG, 77), param("compression_pages", ULLONG,
                                                 BIG)]},
    "DOMAIN_MIGRATE_GET_COMPRESSION_CACHE": {"cache_size": 9 << 33},
    "DOMAIN_CREATE_XML_WITH_FILES": {"dom": DOM},
    "DOMAIN_CREATE_WITH_FILES": {"dom": DOM},
    "CONNECT_GET_CPU_MODEL_NAMES": lambda args: {
        "models": ["first", "second"] if args["need_results"] else [],
        "ret": 2},
    "CONNECT_DOMAIN_EVENT_CALLBACK_REGISTER_ANY": lambda args: {
        "callback_id": 1000 + args["event_id"]},
    "DOMAIN_FSFREEZE": {"filesystems": 3},
    "DOMAIN_FSTHAW": {"filesystems": 4},
    "DOMAIN_GET_TIME": {"seconds": 1 << 34, "nseconds": 999},
    "NODE_GET_FREE_PAGES": lambda args: {
        "counts": [12, BIG][:len(args["pages"]) * args["cell_count"]]},
    "CONNECT_GET_DOMAIN_CAPABILITIES": {
        "capabilities": "<domainCapabilities/>"},
    "CONNECT_GET_ALL_DOMAIN_STATS": {"ret_stats": [
        {"dom": DOM, "params": [param("state.state", INT, 1),
                                param("cpu.time", ULLONG, BIG)]},
        {"dom": DOM2, "params": []}]},
    "NODE_ALLOC_PAGES": {"ret": 2},
    "DOMAIN_GET_FSINFO": {"info": [
        {"mountpoint": "/mnt", "name": "vda1", "fstype": "ext4",
         "dev_aliases": ["vda", "vdb"]}], "ret": 1},
    "DOMAIN_DEFINE_XML_FLAGS": {"dom": DOM},
    "DOMAIN_GET_IOTHREAD_INFO": {"info": [
        {"iothread_id": 2, "cpumap": b"\x05\x00"},
        {"iothread_id": 9, "cpumap": b"\x00\x01"}], "ret": 2},
    "DOMAIN_INTERFACE_ADDRESSES": {"ifaces": [
        {"name": "eth0", "hwaddr": "aa:bb:cc:11:22:33", "addrs": [
            {"type": 0, "addr": "192.0.2.7", "prefix": 24},
            {"type": 1, "addr": "2001:db8::7", "prefix": 64}]},
        {"name": "lo", "hwaddr": None, "addrs": []}]},
    "DOMAIN_RENAME": {"retcode": 0},
    "DOMAIN_GET_PERF_EVENTS": {"params": [param("cmt", BOOLEAN, 1),
                                          param("mbmt", BOOLEAN, 0)]},
    "DOMAIN_GET_GUEST_VCPUS": {"params": [param("vcpus", STRING, "0-3"),
                                          param("online", STRING, "0-1")]},
    "DOMAIN_MIGRATE_GET_MAX_DOWNTIME": {"downtime": 5 << 32},
    "DOMAIN_MANAGED_SAVE_GET_XML_DESC": {"xml": "<domain>managed</domain>"},
    "CONNECT_COMPARE_HYPERVISOR_CPU": {"result": 1},
    "CONNECT_BASELINE_HYPERVISOR_CPU": {"cpu": "<cpu>hv</cpu>"},
    "NODE_GET_SEV_INFO": {"params": [param("pdh", STRING, "key"),
                                     param("cbitpos", UINT, 47)],
                          "nparams": 2},
    "DOMAIN_GET_LAUNCH_SECURITY_INFO": {
        "params": [param("sev-measurement", STRING, "AAAA"),
                   param("sev-api-major", UINT, 3)]},
    "DOMAIN_GET_GUEST_INFO": {"params": [param("user.count", UINT, 1),
                                         param("os.id", STRING, "debian")]},
    "DOMAIN_AGENT_SET_RESPONSE_TIMEOUT": {"result": 0},
    "DOMAIN_AUTHORIZED_SSH_KEYS_GET": {"keys": ["ssh-rsa A", "ssh-rsa B"]},
    "DOMAIN_GET_MESSAGES": {"msgs": ["tainted", "deprecated"]},
}

# The events, as the server sends them; callback ids as registered above.
_ADDRESS = {"family": 1, "node": "192.0.2.1", "service": "5900"}
_REMOTE = {"family": 2, "node": "2001:db8::1", "service": "4711"}
_GRAPHICS = {"dom": DOM, "phase": 1, "local": _ADDRESS, "remote": _REMOTE,
             "auth_scheme": "vnc", "subject": [{"type": "dname",
                                                "name": "CN=one"}]}
EVENTS = {
    "DOMAIN_EVENT_LIFECYCLE": {"dom": DOM, "event": 2, "detail": 1},
    "DOMAIN_EVENT_REBOOT": {"dom": DOM},
    "DOMAIN_EVENT_RTC_CHANGE": {"dom": DOM, "offset": -BIG},
    "DOMAIN_EVENT_WATCHDOG": {"dom": DOM, "action": 3},
    "DOMAIN_EVENT_IO_ERROR": {"dom": DOM, "src_path": "/src",
                              "dev_alias": "alias", "action": 1},
    "DOMAIN_EVENT_GRAPHICS": _GRAPHICS,
    "DOMAIN_EVENT_IO_ERROR_REASON": {"dom": DOM, "src_path": "/src",
                                     "dev_alias": "alias", "action": 2,
                                     "reason": "enospc"},
    "DOMAIN_EVENT_CONTROL_ERROR": {"dom": DOM},
    "DOMAIN_EVENT_BLOCK_JOB": {"dom": DOM, "path": "/disk", "type": 2,
                               "status": 1},
    "DOMAIN_EVENT_DISK_CHANGE": {"dom": DOM, "old_src_path": "/old",
                                 "new_src_path": None, "dev_alias": "alias",
                                 "reason": 1},
    "DOMAIN_EVENT_TRAY_CHANGE": {"dom": DOM, "dev_alias": "alias",
                                 "reason": 1},
    "DOMAIN_EVENT_PMWAKEUP": {"dom": DOM},
    "DOMAIN_EVENT_PMSUSPEND": {"dom": DOM},
    "DOMAIN_EVENT_BALLOON_CHANGE": {"dom": DOM, "actual": BIG},
    "DOMAIN_EVENT_PMSUSPEND_DISK": {"dom": DOM},
    "DOMAIN_EVENT_DEVICE_REMOVED": {"dom": DOM, "dev_alias": "alias"},
}
EVENTS.update({
    name.replace("EVENT_", "EVENT_CALLBACK_"):
    {"callback_id": 1000 + number, "msg": value}
    for number, (name, value) in enumerate(list(EVENTS.items()))})
for _name, _reason in (("PMWAKEUP", 3), ("PMSUSPEND", 4),
                       ("PMSUSPEND_DISK", 5)):
    EVENTS["DOMAIN_EVENT_CALLBACK_" + _name]["reason"] = _reason
EVENTS.update({
    "DOMAIN_EVENT_BLOCK_JOB_2": {"callback_id": 1016, "dom": DOM,
                                 "dst": "vda", "type": 4, "status": 2},
    "DOMAIN_EVENT_CALLBACK_TUNABLE": {"callback_id": 1017, "dom": DOM,
                                      "params": ALL_TYPES},
    "DOMAIN_EVENT_CALLBACK_AGENT_LIFECYCLE": {"callback_id": 1018, "dom": DOM,
                                              "state": 2, "reason": 1},
    "DOMAIN_EVENT_CALLBACK_DEVICE_ADDED": {"callback_id": 1019, "dom": DOM,
                                           "dev_alias": "added"},
    "DOMAIN_EVENT_CALLBACK_MIGRATION_ITERATION": {
        "callback_id": 1020, "dom": DOM, "iteration": 12},
    "DOMAIN_EVENT_CALLBACK_JOB_COMPLETED": {"callback_id": 1021, "dom": DOM,
                                            "params": ALL_TYPES},
    "DOMAIN_EVENT_CALLBACK_DEVICE_REMOVAL_FAILED": {
        "callback_id": 1022, "dom": DOM, "dev_alias": "stuck"},
    "DOMAIN_EVENT_CALLBACK_METADATA_CHANGE": {
        "callback_id": 1023, "dom": DOM, "type": 2, "nsuri": "urn:x"},
    "DOMAIN_EVENT_BLOCK_THRESHOLD": {
        "callback_id": 1024, "dom": DOM, "dev": "vda", "path": "/path",
        "threshold": 1 << 33, "excess": 77},
    "DOMAIN_EVENT_MEMORY_FAILURE": {"callback_id": 1025, "dom": DOM,
                                    "recipient": 1, "action": 2, "flags": 3},
    "DOMAIN_EVENT_MEMORY_DEVICE_SIZE_CHANGE": {
        "callback_id": 1026, "dom": DOM, "alias": "virtiomem0",
        "size": 1 << 34},
    "CONNECT_EVENT_CONNECTION_CLOSED": {"reason": 2},
})
