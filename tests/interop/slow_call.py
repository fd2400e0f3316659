# SPDX-License-Identifier: LGPL-2.1-or-later
"""slow_call.py VIRTD: while a call waits for a file, others are answered."""

import os
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "helpers"))

import peer  # noqa: E402
from peer import rpc  # noqa: E402


def list_all(client):
    return client.ask(peer.LIST_ALL, struct.pack(">iI", 1, 0))


def main(virtd):
    path = os.path.abspath("slow")
    os.mkfifo(path)
    nothing = struct.pack(">I", 0)
    client = peer.Peer([virtd])
    domain = client.domain()
    slow = (
        ("dump", 53, domain + peer.text(path) + nothing),
        ("dump --format", 334, domain + peer.text(path) + nothing * 2),
        ("managed image", 235, peer.text(path) + nothing),
        ("change of an image", 236, peer.text(path) + peer.text("<domain/>") +
         nothing),
        ("restore", 54, peer.text(path)),
        ("restore --flags", 233, peer.text(path) + nothing * 2),
        ("save", 55, domain + peer.text(path)),
        ("save --flags", 232, domain + peer.text(path) + nothing * 2),
    )
    for name, number, payload in slow:
        serial = client.send(number, payload)
        assert len(list_all(client)) > 4, name
        client.keepalive(rpc.PING)
        pong = client.receive()
        assert (pong.program, pong.procedure) == (rpc.KEEPALIVE, rpc.PONG)
        assert client.is_quiet(0.1), name
        reads = number in (235, 236, 54, 233)
        with open(path, "wb" if reads else "rb") as stream:
            if not reads:
                stream.read()
        m = client.receive()
        want = rpc.ERROR if reads else rpc.OK
        assert (m.serial, m.status) == (serial, want), (name, m.payload)
        if number == 55:
            client.ask(9, domain)   # start it again
    assert client.close() == 0


main(sys.argv[1])
