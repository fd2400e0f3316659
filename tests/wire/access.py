#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Compares the access column and the API names of calls.def with a real
libvirtd that is opened read-only: every call is sent to it, with each bit of
each of its flag words, and what it refuses must be what the table refuses.
Then to one that is not open at all."""

import ctypes
import os
import socket
import sys

import libvirtd
import recording
import rpc
import xdr

DENIED = 29
UNSUPPORTED = 3
NOT_OPEN = (1, "internal error: hypervisor connection not open")
READONLY = 1
FEATURE_KEEPALIVE = 10
TEST = {"name": "test", "id": 1,
        "uuid": bytes.fromhex("6695eb01f6a4830479aa97f2502e193f")}
PREFIX = "operation forbidden: read only access prevents "
BARE_PREFIX = "operation forbidden: "
UNSUPPORTED_PREFIX = \
    "this function is not supported by the connection driver: "

# Calls whose descriptor the server takes before it asks for permission.
WITH_FD = {"DOMAIN_OPEN_GRAPHICS", "DOMAIN_CREATE_XML_WITH_FILES",
           "DOMAIN_CREATE_WITH_FILES", "DOMAIN_FD_ASSOCIATE"}

# Not sent: they are about the connection and end or repeat its opening.
OPENING = {"CONNECT_OPEN", "CONNECT_CLOSE"}


class Client:
    def __init__(self, path, protocol):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(path)
        self.protocol = protocol
        self.serial = 0

    def call(self, row, args=None, fds=()):
        """None, or the error's (code, message)."""
        payload = b""
        if row.struct["args"] is not None:
            payload = self.protocol.encode(row.struct["args"], args)
        serial = self.serial
        self.serial += 1
        rpc.send(self.sock, rpc.Message(
            row.number, rpc.CALL_FDS if fds else rpc.CALL, serial,
            payload=payload, fds=fds))
        while True:
            reply = rpc.receive(self.sock)
            if reply.kind in (rpc.REPLY, rpc.REPLY_FDS) and \
                    reply.serial == serial:
                break
        if reply.status == rpc.OK:
            return None
        error = self.protocol.decode("xvm_error", reply.payload)
        return error["code"], error["message"]


def arguments(protocol, row):
    """Of domain test, no flags set."""
    if row.struct["args"] is None:
        return None
    args = protocol.sample(row.struct["args"])
    for field in protocol.structs[row.struct["args"]]:
        if field.base == "xvm_domain":
            args[field.name] = [TEST] if field.limit else TEST
        if field.name == "flags":
            args[field.name] = 0
    if row.name == "DOMAIN_INTERFACE_ADDRESSES":
        args["source"] = 0
    if row.name == "CONNECT_SUPPORTS_FEATURE":
        args["feature"] = FEATURE_KEEPALIVE
    return args


def flag_words(protocol, row):
    """The names of a call's fields that may hold flags."""
    if row.struct["args"] is None:
        return []
    return [field.name for field in protocol.structs[row.struct["args"]]
            if field.base == "unsigned int" and field.limit is None]


def refusal(words):
    """The message of a refusal, given the API or the row's own words."""
    return PREFIX + words


def check_access(row, error):
    if row.access == "WRITE":
        if error is None or error[0] != DENIED:
            return "is not refused: %r" % (error,)
        if error[1] != refusal(row.api):
            return "refused with %r" % error[1]
    elif error is not None and error[0] == DENIED:
        return "is refused: %r" % error[1]
    return None


def check_api(row, error, library):
    """The name in the words of "not supported", or one that libvirt has; and
    the letters of the call's own, which calls of one purpose share."""
    if row.api is None:
        return None
    letters = row.name.replace("EVENT_CALLBACK", "EVENT").replace("_", "")
    if row.api.lower() != "vir" + letters.lower():
        return "is not called " + row.api
    if error is not None and error[0] == UNSUPPORTED and \
            error[1].startswith(UNSUPPORTED_PREFIX):
        name = error[1][len(UNSUPPORTED_PREFIX):]
        return None if name == row.api else "is called " + name
    return None if hasattr(library, row.api) else "libvirt has no " + row.api


def check_raises(client, row, protocol):
    """Which bits of a READ call's flag words turn it into a WRITE?"""
    raises = {}
    for name in flag_words(protocol, row):
        for bit in range(32):
            args = arguments(protocol, row)
            args[name] = 1 << bit
            error = client.call(row, args)
            if error is None or error[0] != DENIED:
                continue
            raises[name] = raises.get(name, 0) | 1 << bit
            words = refusal(row.api) if row.words == "-" else \
                BARE_PREFIX + row.words
            if error[1] != words:
                return "bit %d of %s: %r" % (bit, name, error[1])
    if raises != row.raises:
        return "raised by %r, the table has %r" % (raises, row.raises)
    return None


def send(client, row, protocol):
    fds = socket.socketpair() if row.name in WITH_FD else ()
    error = client.call(row, arguments(protocol, row),
                        [fd.fileno() for fd in fds[:1]])
    for fd in fds:
        fd.close()
    return error


def read_only(client, rows, protocol, library, tap):
    error = client.call(rows["AUTH_LIST"])
    tap.report(error is None, "read-only AUTH_LIST", error)
    error = client.call(rows["CONNECT_OPEN"], {
        "name": "test:///default", "flags": READONLY})
    tap.report(error is None, "read-only CONNECT_OPEN", error)
    for row in rows.values():
        if row.name in OPENING:
            continue
        error = send(client, row, protocol)
        why = check_access(row, error) or check_api(row, error, library)
        if why is None and row.access != "WRITE":
            why = check_raises(client, row, protocol)
        tap.report(why is None, "read-only " + row.name, why)
    error = client.call(rows["CONNECT_CLOSE"])
    tap.report(error is None, "read-only CONNECT_CLOSE", error)


def not_open(client, rows, protocol, tap):
    client.call(rows["AUTH_LIST"])
    for row in rows.values():
        if row.name in OPENING:
            continue
        error = send(client, row, protocol)
        tap.report((error == NOT_OPEN) == (row.access != "NONE"),
                   "not open " + row.name, error)


def main():
    tap = recording.Tap()
    protocol = xdr.Protocol()
    library = ctypes.CDLL("libvirt.so.0")
    rows = {row.name: row for row in rpc.table() if not row.is_event}
    with libvirtd.Libvirtd() as daemon:
        read_only(Client(daemon.socket, protocol), rows, protocol, library,
                  tap)
        not_open(Client(daemon.socket, protocol), rows, protocol, tap)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
