# SPDX-License-Identifier: LGPL-2.1-or-later
"""silent_stream.py data|end: a helper whose screenshot never comes, or whose
answer to the end of it."""

import os
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "helpers"))

import peer  # noqa: E402
from peer import rpc  # noqa: E402

DOMAIN = peer.text("test") + bytes(16) + struct.pack(">i", 1)
ANSWERS = {
    66: struct.pack(">Ii", 1, 0),           # AUTH_LIST: none
    1: b"",                                 # CONNECT_OPEN
    60: struct.pack(">i", 0),               # CONNECT_SUPPORTS_FEATURE
    peer.LOOKUP_BY_NAME: DOMAIN,
    211: struct.pack(">I", 1) + peer.text("image/png"),
}


class Pipes:
    """Standard input and output, as rpc wants a socket."""

    @staticmethod
    def recv(n):
        return os.read(0, n)

    @staticmethod
    def sendall(data):
        os.write(1, data)


def main(silent):
    while True:
        call = rpc.receive(Pipes)
        if call.kind == rpc.STREAM:
            continue
        rpc.send(Pipes, rpc.Message(call.procedure, rpc.REPLY, call.serial,
                                    rpc.OK, ANSWERS[call.procedure]))
        if call.procedure == 211 and silent == "end":
            for data in (b"picture", b""):
                rpc.send(Pipes, rpc.Message(211, rpc.STREAM, call.serial,
                                            rpc.CONTINUE, data))


try:
    main(sys.argv[1])
except rpc.Closed:
    pass
