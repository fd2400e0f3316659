# SPDX-License-Identifier: LGPL-2.1-or-later
"""readonly.py VIRTD: what a read-only client must not get, by name: secrets in
a guest's XML, a file or a program of its choice opened (CVE-2014-7823,
CVE-2019-10161, -10166, -10167, -10168); and sizes beyond any limit, which are
refused before memory is taken for them (CVE-2024-2494)."""

import os
import re
import sys

import walk
import rpc
import xdr

DENIED = walk.OPERATION_DENIED
TEST = {"name": "test", "id": 1,
        "uuid": bytes.fromhex("6695eb01f6a4830479aa97f2502e193f")}
BY_NAME = ("DOMAIN_SAVE_IMAGE_GET_XML_DESC", "DOMAIN_SAVE_IMAGE_DEFINE_XML",
           "DOMAIN_MANAGED_SAVE_DEFINE_XML", "CONNECT_GET_DOMAIN_CAPABILITIES",
           "CONNECT_COMPARE_HYPERVISOR_CPU", "CONNECT_BASELINE_HYPERVISOR_CPU",
           "CONNECT_DOMAIN_XML_TO_NATIVE", "CONNECT_DOMAIN_XML_FROM_NATIVE",
           "DOMAIN_RESTORE", "DOMAIN_RESTORE_FLAGS", "DOMAIN_SAVE_FLAGS",
           "DOMAIN_CORE_DUMP_WITH_FORMAT", "DOMAIN_MEMORY_PEEK",
           "DOMAIN_BLOCK_PEEK", "DOMAIN_SCREENSHOT", "DOMAIN_OPEN_CONSOLE")
SIZES = (-1, -(1 << 31), (1 << 31) - 1, 1 << 24)
SIZE = re.compile(r"^(max\w*|n\w*params|n[a-z]*cpus|ncpumaps?|maplen|size)$")
NUMBERS = ("int", "unsigned int", "hyper", "unsigned hyper")
GROWTH = 8192           # KiB


def peak(server):
    with open("/proc/%d/status" % server.process.pid, encoding="ascii") as f:
        return int(re.search(r"VmHWM:\s+(\d+)", f.read()).group(1))


def arguments(protocol, row, **fields):
    """Of a well formed call to the guest that is there; bytes."""
    struct = row.struct["args"]
    if struct is None:
        return b""
    value = protocol.sample(struct)
    if "dom" in value:
        value["dom"] = TEST
    value.update((k, 0) for k in value if k == "flags")
    value.update(fields)
    return protocol.encode(struct, value)


def refused(server, protocol, row, payload):
    status, answer = server.call(row.number, payload)
    assert status == rpc.ERROR, row.name
    error = protocol.decode("xvm_error", answer)
    assert error["code"] == DENIED, (row.name, error["message"])


def wrapped(number, base):
    """As the field holds it."""
    bits = 64 if "hyper" in base else 32
    return number & ((1 << bits) - 1) if "unsigned" in base else number


def sizes(server, protocol, rows):
    """Each size of each call that may be made; how many were refused."""
    count = 0
    for row in rows:
        struct = row.struct["args"]
        if row.access != "READ" or struct is None:
            continue
        for field in protocol.structs[struct]:
            if not SIZE.match(field.name) or field.base not in NUMBERS or \
                    field.limit is not None:
                continue
            for number in SIZES:
                number = wrapped(number, field.base)
                status, _ = server.call(row.number, arguments(
                    protocol, row, **{field.name: number}))
                assert status == rpc.ERROR, (row.name, field.name, number)
                count += 1
    return count


def main():
    protocol = xdr.Protocol()
    rows = [row for row in rpc.table() if not row.is_event]
    names = {row.name: row for row in rows}
    server = walk.Server(sys.argv[1], protocol, True)
    before = walk.state(server)
    for name in BY_NAME:
        refused(server, protocol, names[name], arguments(protocol,
                                                         names[name]))
    bits = 0
    for row in rows:
        for field, mask in row.raises.items():
            for bit in (1 << i for i in range(32) if mask >> i & 1):
                refused(server, protocol, row,
                        arguments(protocol, row, **{field: bit}))
                bits += 1
    assert bits >= 3
    memory = peak(server)
    count = sizes(server, protocol, rows)
    grown = peak(server) - memory
    assert grown < GROWTH, "%d KiB" % grown
    assert walk.state(server) == before, "the state has changed"
    assert server.close() == 0
    print("%d calls and %d flags refused by name, %d sizes refused, %s" % (
        len(BY_NAME), bits, count, "no memory taken"))


main()
