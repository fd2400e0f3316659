# SPDX-License-Identifier: LGPL-2.1-or-later
"""A client of a helper that speaks the protocol by hand."""

import os
import select
import socket
import struct
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "wire"))

import rpc  # noqa: E402

OPEN, LOOKUP_BY_NAME, LIST_ALL, SUPPORTS_FEATURE = 1, 23, 273, 60


def text(value):
    data = value.encode()
    return struct.pack(">I", len(data)) + data + b"\0" * (-len(data) % 4)


class Peer:
    """virtd --stdio on a pair of sockets, or a socket that is there."""

    def __init__(self, program=None, path=None, uri="test:///default"):
        self.serial = 0
        self.process = None
        if path is not None:
            self.sock = socket.socket(socket.AF_UNIX)
            self.sock.connect(path)
        else:
            self.sock, other = socket.socketpair()
            self.process = subprocess.Popen(program, stdin=other,
                                            stdout=other)
            other.close()
        self.sock.settimeout(20)
        if uri is not None:
            self.ask(OPEN, struct.pack(">I", 1) + text(uri) +
                     struct.pack(">I", 0))

    def send(self, procedure, payload=b"", kind=rpc.CALL, serial=None,
             status=rpc.OK):
        """Send a call (or a part of a stream); its serial."""
        if serial is None:
            serial = self.serial
            self.serial += 1
        rpc.send(self.sock, rpc.Message(procedure, kind, serial, status,
                                        payload))
        return serial

    def keepalive(self, what):
        rpc.send(self.sock, rpc.Message(what, rpc.EVENT,
                                        program=rpc.KEEPALIVE))

    def receive(self):
        return rpc.receive(self.sock)

    def is_quiet(self, seconds):
        return not select.select([self.sock], [], [], seconds)[0]

    def ask(self, procedure, payload=b""):
        """A call's results; nothing else may come before them."""
        serial = self.send(procedure, payload)
        m = self.receive()
        assert (m.kind, m.serial, m.status) == (rpc.REPLY, serial, rpc.OK), \
            (m.program, m.procedure, m.kind, m.serial, m.status, m.payload)
        return m.payload

    def domain(self, name="test"):
        """A domain as other calls want it."""
        return self.ask(LOOKUP_BY_NAME, text(name))

    def close(self):
        self.sock.close()
        return self.process.wait(20) if self.process else 0
