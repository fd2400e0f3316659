#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""walk.py VIRTD: every procedure number from 0 to 500 with empty, random,
truncated and oversized payloads, in both access modes. Each call is answered;
the server lives on; as a read-only client no write call is carried out."""

import ctypes
import os
import random
import select
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "wire"))

import rpc  # noqa: E402
import xdr  # noqa: E402

LAST = 500
SEED = 20008086
WAIT = 20.0
OPERATION_DENIED = 29
NO_SUPPORT = 3
LAST_OF_LIBRARY = 443       # of the libvirt that is installed
# Authentication that we do not offer, and events.
NAMELESS = {67, 68, 69, 70, 315, 370, 373, 376, 377, 382, 383}
OPEN, CLOSE, STATES = "CONNECT_OPEN", "CONNECT_CLOSE", \
    "CONNECT_GET_ALL_DOMAIN_STATS"
SECURE_XML = 1


class Server:
    """One virtd on pipes, with a connection that is open."""

    def __init__(self, virtd, protocol, readonly):
        words = [virtd] + (["--readonly"] if readonly else [])
        self.process = subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL)
        self.protocol = protocol
        self.serial = 0
        args = protocol.encode("xvm_connect_open_args",
                               {"name": "test:///default", "flags": 0})
        status, _ = self.call(protocol.calls[OPEN], args)
        assert status == rpc.OK

    def read(self, size):
        data = b""
        fd = self.process.stdout.fileno()
        while len(data) < size:
            if not select.select([fd], [], [], WAIT)[0]:
                raise AssertionError("no answer")
            part = os.read(fd, size - len(data))
            if not part:
                raise AssertionError("the server has ended")
            data += part
        return data

    def call(self, number, payload):
        """Its answer: status and payload."""
        serial = self.serial
        self.serial += 1
        head = b"".join(n.to_bytes(4, "big") for n in (
            28 + len(payload), rpc.PROGRAM, rpc.VERSION, number, rpc.CALL,
            serial, rpc.OK))
        self.process.stdin.write(head + payload)
        self.process.stdin.flush()
        while True:
            size = int.from_bytes(self.read(4), "big")
            data = self.read(size - 4)
            kind, got, status = (int.from_bytes(data[i:i + 4], "big")
                                 for i in (12, 16, 20))
            if kind == rpc.REPLY and got == serial:
                return status, data[24:]

    def close(self):
        """It ends by itself, in good order."""
        self.process.stdin.close()
        self.process.stdout.read()
        return self.process.wait(WAIT)


def payloads(protocol, name, chance):
    """What is sent for one number."""
    yield b""
    yield chance.randbytes(chance.randrange(1, 64) * 4)
    yield b"\xff" * 64
    struct = "xvm_%s_args" % (name or "").lower()
    if struct in protocol.structs:
        whole = protocol.encode(struct, protocol.sample(struct))
        yield whole[:chance.randrange(len(whole))] if whole else b""
        yield whole + b"\0" * 4096
        yield whole + chance.randbytes(1 << 20)


def state(server):
    """All that can change: definitions and running domains."""
    protocol = server.protocol
    names = server.call(protocol.calls["CONNECT_LIST_ALL_DOMAINS"],
                        protocol.encode("xvm_connect_list_all_domains_args",
                                        {"need_results": 1, "flags": 0}))
    args = {"dom": {"name": "test", "id": 1, "uuid": bytes.fromhex(
        "6695eb01f6a4830479aa97f2502e193f")}, "flags": 0}
    document = server.call(
        protocol.calls["DOMAIN_GET_XML_DESC"],
        protocol.encode("xvm_domain_get_xml_desc_args", args))
    return names, document


def walk(virtd, protocol, readonly):
    names = {number: name for name, number in protocol.calls.items()}
    chance = random.Random(SEED)
    server = Server(virtd, protocol, readonly)
    before = state(server)
    sent = refused = 0
    for number in range(LAST + 1):
        name = names.get(number)
        if name in (OPEN, CLOSE):
            continue
        for payload in payloads(protocol, name, chance):
            status, _ = server.call(number, payload)
            sent += 1
            refused += status == rpc.ERROR
    if readonly:
        assert state(server) == before, "the state has changed"
    else:
        state(server)
    assert server.close() == 0
    return sent, refused


def refuse_writes(virtd, protocol, rows):
    """Every write call, well formed, is refused for that reason."""
    server = Server(virtd, protocol, True)
    before = state(server)
    count = 0
    for row in rows:
        if row.access != "WRITE":
            continue
        payload = b""
        if row.struct["args"] is not None:
            payload = protocol.encode(row.struct["args"],
                                      protocol.sample(row.struct["args"]))
        status, answer = server.call(row.number, payload)
        assert status == rpc.ERROR, row.name
        error = protocol.decode("xvm_error", answer)
        assert error["code"] == OPERATION_DENIED, (row.name, error)
        count += 1
    assert state(server) == before, "the state has changed"
    assert server.close() == 0
    return count


def name_absent(virtd, protocol):
    """A number of libvirt's that we lack is refused by libvirt's name for it."""
    library = ctypes.CDLL("libvirt.so.0")
    server = Server(virtd, protocol, False)
    have = set(protocol.calls.values())
    count = 0
    for number in range(1, LAST_OF_LIBRARY + 1):
        if number in have:
            continue
        status, answer = server.call(number, b"")
        error = protocol.decode("xvm_error", answer)
        assert (status, error["code"]) == (rpc.ERROR, NO_SUPPORT), error
        name = error["message"].split()[-1]
        if name.startswith("vir"):
            assert hasattr(library, name), name
            count += 1
        else:
            assert number in NAMELESS, (number, error["message"])
    server.close()
    return count


def main():
    virtd = sys.argv[1]
    protocol = xdr.Protocol()
    print("%d absent calls named" % name_absent(virtd, protocol))
    for readonly in (False, True):
        print("%s: %d calls answered, %d of them by an error" % (
            ("read-only" if readonly else "read-write",) +
            walk(virtd, protocol, readonly)))
    print("%d write calls refused" % refuse_writes(
        virtd, protocol, [r for r in rpc.table() if not r.is_event]))


if __name__ == "__main__":
    main()
