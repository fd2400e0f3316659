# SPDX-License-Identifier: LGPL-2.1-or-later
"""probes.py VIRTD: it probes who can answer, and drops who no longer does."""

import os
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "helpers"))

import peer  # noqa: E402
from peer import rpc  # noqa: E402


def wants(client):
    """Say that it answers probes, as clients of libvirt do."""
    client.ask(peer.SUPPORTS_FEATURE, struct.pack(">i", 10))


def probed(client):
    m = client.receive()
    assert (m.program, m.procedure, m.kind) == \
        (rpc.KEEPALIVE, rpc.PING, rpc.EVENT), (m.program, m.procedure)


def main(virtd):
    mute = peer.Peer([virtd, "-k", "1", "-K", "1"])
    off = peer.Peer([virtd, "-k", "0"])
    wants(off)
    client = peer.Peer([virtd, "--keepalive-interval", "1",
                        "--keepalive-count", "2"])
    wants(client)
    for _ in range(4):
        probed(client)
        client.keepalive(rpc.PONG)
    # Who never said so is not probed, nor any one when it is switched off.
    assert mute.is_quiet(0) and mute.process.poll() is None
    assert off.is_quiet(0) and off.process.poll() is None
    probed(client)
    probed(client)
    try:
        client.receive()
    except rpc.Closed:
        pass
    else:
        raise AssertionError("another probe for a dead client")
    assert client.close() == 0
    assert mute.close() == 0
    assert off.close() == 0


main(sys.argv[1])
