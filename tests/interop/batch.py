#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""batch.py LIBXVM: one batch of 2,000 calls to a real libvirtd. None blocks, and
each gets its own answer: capabilities, a domain, or that there is none."""

import ctypes
import os
import random
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "wire"))

import libvirtd  # noqa: E402

CALLS = 2000
LIMIT = 60
CAPABILITIES, LOOKUP, MISS = 7, 23, -23
SEED = 2000
NO_DOMAIN = 42


class Reason(ctypes.Structure):
    _fields_ = [("code", ctypes.c_int), ("domain", ctypes.c_int),
                ("message", ctypes.c_char_p)]


class BatchCall(ctypes.Structure):
    _fields_ = [("number", ctypes.c_int), ("args", ctypes.c_void_p),
                ("ret", ctypes.c_void_p), ("rc", ctypes.c_int),
                ("why", Reason)]


def run(xvm, connection):
    calls = (BatchCall * CALLS)()
    names = {LOOKUP: ctypes.c_char_p(b"test"), MISS: ctypes.c_char_p(b"none")}
    rooms = [ctypes.create_string_buffer(256) for _ in range(CALLS)]
    # In no order that a lost or swapped answer could keep.
    chance = random.Random(SEED)
    kinds = [chance.choice((CAPABILITIES, LOOKUP, MISS)) for _ in calls]
    for call, kind, room in zip(calls, kinds, rooms):
        call.ret = ctypes.addressof(room)
        call.number = CAPABILITIES if kind == CAPABILITIES else LOOKUP
        if kind in names:
            call.args = ctypes.addressof(names[kind])
    assert xvm.xvm_batch(connection, calls, CALLS) == kinds.count(MISS)
    for call, kind, room in zip(calls, kinds, rooms):
        if kind == MISS:
            assert call.why.code == NO_DOMAIN, call.why.message
            continue
        assert call.rc == 0, call.why.message
        text = ctypes.cast(room, ctypes.POINTER(ctypes.c_char_p))[0]
        if kind == LOOKUP:
            assert text == b"test", text
        else:
            assert text.startswith(b"<capabilities>"), text


def main():
    xvm = ctypes.CDLL(sys.argv[1])
    xvm.xvm_open.restype = ctypes.c_void_p
    xvm.xvm_batch.restype = ctypes.c_size_t
    xvm.xvm_batch.argtypes = [ctypes.c_void_p, ctypes.POINTER(BatchCall),
                              ctypes.c_size_t]
    xvm.xvm_close.argtypes = [ctypes.c_void_p]
    with libvirtd.Libvirtd() as server:
        uri = "test+unix:///default?socket=" + server.socket
        why = Reason()
        connection = xvm.xvm_open(uri.encode(), 0, LIMIT, ctypes.byref(why))
        assert connection is not None, why.message
        run(xvm, connection)
        xvm.xvm_close(connection)
    print("%d calls, %d answers" % (CALLS, CALLS))


main()
