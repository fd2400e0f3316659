# SPDX-License-Identifier: LGPL-2.1-or-later
"""A helper on standard input and output that answers what it is told to."""

import os
import struct

import peer
from peer import rpc

DOMAIN = peer.text("test") + bytes(16) + struct.pack(">i", 1)
SCREENSHOT = 211
ANSWERS = {
    66: struct.pack(">Ii", 1, 0),           # AUTH_LIST: none
    peer.OPEN: b"",
    peer.SUPPORTS_FEATURE: struct.pack(">i", 0),
    peer.LOOKUP_BY_NAME: DOMAIN,
    SCREENSHOT: struct.pack(">I", 1) + peer.text("image/png"),
}


def write(data):
    while data:
        data = data[os.write(1, data):]


class Pipes:
    """Standard input and output, as rpc wants a socket."""

    @staticmethod
    def recv(n):
        return os.read(0, n)

    @staticmethod
    def sendall(data):
        write(data)


def send(call, kind, status, payload, procedure=None):
    rpc.send(Pipes, rpc.Message(
        call.procedure if procedure is None else procedure, kind, call.serial,
        status, payload))


def error(*texts, code=1, domain=7):
    """An error's payload; up to four texts."""
    message, *more = (list(texts) + [None] * 4)[:4]

    def optional(value):
        return struct.pack(">I", 0) if value is None else \
            struct.pack(">I", 1) + opaque(value)
    return struct.pack(">ii", code, domain) + optional(message) + \
        struct.pack(">iI", 2, 0) + b"".join(map(optional, more)) + \
        struct.pack(">iiI", 0, 0, 0)


def opaque(data):
    return struct.pack(">I", len(data)) + data + b"\0" * (-len(data) % 4)


def serve(answer):
    """Give every call to answer(call), and its own answer when that is not
    true; until the client has gone."""
    try:
        while True:
            call = rpc.receive(Pipes)
            if call.program == rpc.PROGRAM and not answer(call):
                send(call, rpc.REPLY, rpc.OK, ANSWERS[call.procedure])
    except (rpc.Closed, BrokenPipeError):
        pass
