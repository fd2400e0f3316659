# SPDX-License-Identifier: LGPL-2.1-or-later
"""Stands between a client and a real server and records what the server
says: results of calls, and events."""

import os
import socket
import struct
import threading

import rpc

FEATURE_CALLBACK_IDS = 14


class Proxy:
    """Listens on path, hands on to upstream (both paths of sockets).

    The client is told that the server lacks some features.
    """

    def __init__(self, path, upstream, rows, lacks=()):
        self.upstream = upstream
        self.rows = {row.number: row for row in rows}
        self.lacks = [struct.pack(">i", feature) for feature in lacks]
        self.recorded = []      # (row, part, bytes)
        self.refused = []       # (row, bytes of the error)
        self.troubles = []
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(path)
        self.listener.listen(8)
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self.listener.close()

    def _accept(self):
        while True:
            try:
                client = self.listener.accept()[0]
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            server.connect(self.upstream)
            hidden = set()      # serials of answers that are to be a "no"
            for source, sink, saw in ((client, server, self._from_client),
                                      (server, client, self._from_server)):
                threading.Thread(target=self._relay, daemon=True,
                                 args=(source, sink, saw, hidden)).start()

    def _relay(self, source, sink, saw, hidden):
        try:
            while True:
                message = rpc.receive(source)
                saw(message, hidden)
                rpc.send(sink, message)
                for fd in message.fds:
                    os.close(fd)
        except (rpc.Closed, ConnectionError):
            pass
        except Exception as error:      # a thread's end must be heard of
            self.troubles.append("%s: %s" % (type(error).__name__, error))
        for sock in (source, sink):
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def _from_client(self, message, hidden):
        row = self.rows.get(message.procedure)
        if message.program == rpc.PROGRAM and row is not None and \
                row.name == "CONNECT_SUPPORTS_FEATURE" and \
                message.payload in self.lacks:
            hidden.add(message.serial)

    def _from_server(self, message, hidden):
        row = self.rows.get(message.procedure)
        if message.program != rpc.PROGRAM or row is None:
            return
        if message.kind == rpc.EVENT:
            self.recorded.append((row, "args", message.payload))
        elif message.kind in (rpc.REPLY, rpc.REPLY_FDS):
            if message.status != rpc.OK:
                self.refused.append((row, message.payload))
            elif row.struct["ret"] is not None:
                self.recorded.append((row, "ret", message.payload))
                if message.serial in hidden:
                    message.payload = struct.pack(">i", 0)
            elif message.payload:
                self.troubles.append(row.name + ": a result where none is")
