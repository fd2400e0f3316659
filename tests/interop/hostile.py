# SPDX-License-Identifier: LGPL-2.1-or-later
"""hostile.py WHAT: a server that means ill. Errors full of control characters
for WHAT auth, open, call, stream; else bytes that are no answer, or too many."""

import os
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "helpers"))

import scripted  # noqa: E402
from scripted import rpc  # noqa: E402

EVIL = b"evil \033[31m\033]0;title\007\r\x08\x7f\x9b\xc2\x9b\xff\0hidden"
ERROR = scripted.error(*[EVIL] * 4)
LOOKUP = 23
HUGE = struct.pack(">I", 0xffffffff)
PIECE = 1 << 20


def flood(data):
    """For ever; what is not read keeps us waiting."""
    while True:
        scripted.write(data)


def message(payload, procedure=LOOKUP, kind=rpc.REPLY, serial=0,
            program=rpc.PROGRAM, status=rpc.OK):
    return struct.pack(">7I", 28 + len(payload), program, 1, procedure, kind,
                       serial, status) + payload


def raw(call):
    """Bytes in place of an answer, by name."""
    return {
        "garbage": lambda: os.urandom(PIECE),
        "long": lambda: HUGE + bytes(PIECE),
        "short": lambda: struct.pack(">I", 3) + bytes(PIECE),
        "nothing": lambda: message(b"", serial=call.serial),
        "other": lambda: message(b"", 7, serial=call.serial),
        "counts": lambda: message(HUGE * 8, serial=call.serial),
        "tail": lambda: message(scripted.DOMAIN + bytes(PIECE),
                                serial=call.serial),
        "bad-error": lambda: message(HUGE * 12, serial=call.serial,
                                     status=rpc.ERROR),
        "kind": lambda: message(b"", kind=99, serial=call.serial),
    }[what]()


FLOODS = {
    "pings": message(b"", rpc.PING, rpc.EVENT, program=rpc.KEEPALIVE),
    "strangers": message(bytes(PIECE), serial=0xffff),
    "events": message(struct.pack(">I", 1) + scripted.DOMAIN +
                      struct.pack(">ii", 0, 0), 318, rpc.EVENT),
    "large-events": message(struct.pack(">I", 1) + scripted.DOMAIN +
                            scripted.opaque(b"x" * PIECE) +
                            scripted.opaque(b"y") + struct.pack(">I", 0),
                            322, rpc.EVENT),
    "unknown": message(bytes(64), program=0x12345678),
}


def answer(call):
    if {"auth": 66, "open": 1}.get(what) == call.procedure:
        scripted.send(call, rpc.REPLY, rpc.ERROR, ERROR)
        return True
    if call.kind == rpc.STREAM:
        return True
    if call.procedure == scripted.SCREENSHOT and what == "stream":
        scripted.send(call, rpc.REPLY, rpc.OK,
                      scripted.ANSWERS[scripted.SCREENSHOT])
        scripted.send(call, rpc.STREAM, rpc.ERROR, ERROR)
        return True
    if call.procedure in (66, 1, 60) or (what in ("call", "stream") and
                                         call.procedure == LOOKUP):
        return False
    if what in FLOODS:
        flood(FLOODS[what] * max(1, PIECE // len(FLOODS[what])))
    if what not in ("call", "stream", "auth", "open"):
        scripted.write(raw(call))
    scripted.send(call, rpc.REPLY, rpc.ERROR, ERROR)
    return True


what = sys.argv[1]
scripted.serve(answer)
