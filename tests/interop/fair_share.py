# SPDX-License-Identifier: LGPL-2.1-or-later
"""fair_share.py VIRTD: a client whose slow calls all wait for a file holds up
no slow call of another one, nor its own probes."""

import os
import struct
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "helpers"))

import peer  # noqa: E402
from peer import rpc  # noqa: E402

IMAGE_XML, SAVE, CREATE = 235, 55, 9
CALLS = 200         # more than a client may have under way
OTHERS = 12         # clients, more than there are threads for one


def main(virtd):
    fifo, saved = os.path.abspath("slow"), os.path.abspath("saved")
    sock = os.path.abspath("run/sock")
    os.mkfifo(fifo)
    daemon = subprocess.Popen([virtd, "--listen", "--socket", sock])
    while not os.path.exists(sock):
        time.sleep(0.02)
    clients = [peer.Peer(path=sock) for _ in range(OTHERS)]
    for client in clients:
        for _ in range(CALLS):
            client.send(IMAGE_XML, peer.text(fifo) + struct.pack(">I", 0))
    # Each of them still answers and is answered.
    for client in clients:
        client.keepalive(rpc.PING)
        m = client.receive()
        assert (m.program, m.procedure) == (rpc.KEEPALIVE, rpc.PONG), m.payload
    other = peer.Peer(path=sock)
    domain = other.domain()
    for _ in range(20):
        other.ask(SAVE, domain + peer.text(saved))
        other.ask(CREATE, domain)
    # All get their answers, once each.
    left = {client: set(range(client.serial - CALLS, client.serial))
            for client in clients}
    end = os.open(fifo, os.O_RDWR)     # all that wait may go on,
    os.close(end)                      # and find nothing there
    while any(left.values()):
        try:
            os.close(os.open(fifo, os.O_WRONLY | os.O_NONBLOCK))
        except OSError:
            pass        # nobody waits at the moment
        for client, serials in left.items():
            while serials and not client.is_quiet(0):
                m = client.receive()
                assert m.status == rpc.ERROR, m.payload
                serials.remove(m.serial)
    daemon.terminate()
    assert daemon.wait(20) == 0


main(sys.argv[1])
