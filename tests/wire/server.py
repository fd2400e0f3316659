#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A server that answers every call of calls.def with a canned result, so that
a stock client gets far, and records the bytes of the arguments.

usage: server.py SOCKET OUT.tsv SOURCE    until its stdin ends
"""

import os
import socket
import sys
import threading

import answers
import rpc
import xdr

ERROR_RPC = 39
FROM_RPC = 7
FEATURE_CALLBACK_IDS = 14
FEATURE_CLOSE_CALLBACK = 15


class Server:
    """Listens from its making on; each client has a thread of its own."""

    def __init__(self, path, protocol=None, rows=None, modern_events=True):
        self.protocol = protocol or xdr.Protocol()
        self.rows = {row.number: row for row in rows or rpc.table()}
        self.by_name = {row.name: row for row in self.rows.values()}
        self.modern_events = modern_events
        self.recorded = []      # (row, part, bytes, value), in order
        self.troubles = []      # what a test must not see
        self.unknown = set()    # numbers that calls.def does not have
        self.overrides = {}     # name: result, in place of the canned one
        self.clients = []
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(path)
        self.listener.listen(8)
        self.uri = "test+unix:///default?socket=" + path
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                sock = self.listener.accept()[0]
            except OSError:
                return
            self.clients.append(sock)
            threading.Thread(target=self._serve, args=(sock,),
                             daemon=True).start()

    def close(self):
        self.listener.close()

    def _serve(self, sock):
        try:
            while True:
                self._message(sock, rpc.receive(sock))
        except (rpc.Closed, ConnectionError):
            sock.close()
        except Exception as error:      # a thread's end must be heard of
            self.troubles.append("%s: %s" % (type(error).__name__, error))
            sock.close()

    def _message(self, sock, message):
        for fd in message.fds:
            os.close(fd)
        if message.program == rpc.KEEPALIVE:
            if message.procedure == rpc.PING:
                rpc.send(sock, rpc.Message(rpc.PONG, rpc.EVENT,
                                           program=rpc.KEEPALIVE))
        elif message.kind == rpc.STREAM:
            self._stream(sock, message)
        elif message.program != rpc.PROGRAM or \
                message.procedure not in self.rows:
            self.unknown.add(message.procedure)
            self._refuse(sock, message)
        else:
            self._call(sock, self.rows[message.procedure], message)

    def _refuse(self, sock, message):
        payload = self.protocol.encode("xvm_error", {
            "code": ERROR_RPC, "domain": FROM_RPC,
            "message": "unknown procedure: %d" % message.procedure,
            "level": 2, "dom": None, "str1": None, "str2": None,
            "str3": None, "int1": 0, "int2": 0, "net": None})
        rpc.send(sock, rpc.Message(message.procedure, rpc.REPLY,
                                   message.serial, rpc.ERROR, payload))

    def _stream(self, sock, message):
        """Data is taken and forgotten; each end is answered with ok."""
        if message.status != rpc.CONTINUE:
            rpc.send(sock, rpc.Message(message.procedure, rpc.STREAM,
                                       message.serial))

    def _call(self, sock, row, message):
        value = None
        struct_name = row.struct["args"]
        if struct_name is not None:
            value = self.protocol.decode(struct_name, message.payload)
            data = message.payload
            if row.name in answers.RANDOM:
                value[answers.RANDOM[row.name]] = 0
                data = self.protocol.encode(struct_name, value)
            self.recorded.append((row, "args", data, value))
        elif message.payload:
            raise xdr.Bad(row.name + ": arguments where there are none")
        payload = b""
        if row.struct["ret"] is not None:
            payload = self.result(row, value)
            self.recorded.append((row, "ret", payload, None))
        kind = rpc.REPLY
        fds = []
        if row.name in answers.WITH_FD:
            kind = rpc.REPLY_FDS
            fds = [os.open("/dev/null", os.O_RDONLY)]
        rpc.send(sock, rpc.Message(row.number, kind, message.serial,
                                   payload=payload, fds=fds))
        for fd in fds:
            os.close(fd)
        if row.stream == "IN":
            for data in (answers.STREAM_DATA, b""):
                rpc.send(sock, rpc.Message(row.number, rpc.STREAM,
                                           message.serial, rpc.CONTINUE,
                                           data))

    def result(self, row, args):
        """The bytes of a call's canned result."""
        if row.name == "CONNECT_SUPPORTS_FEATURE":
            yes = self.modern_events or \
                args["feature"] != FEATURE_CALLBACK_IDS
            return self.protocol.encode(row.struct["ret"],
                                        {"supported": int(yes)})
        value = self.overrides.get(row.name, answers.RESULTS.get(row.name))
        if callable(value):
            value = value(args)
        if value is None:
            value = self.protocol.sample(row.struct["ret"])
        return self.protocol.encode(row.struct["ret"], value)

    def sent(self, row, mark=0):
        """A call's arguments since the mark-th record: (bytes, value)."""
        return [(data, value) for r, part, data, value in self.recorded[mark:]
                if r is row and part == "args"]

    def answered(self, row, mark=0):
        """The longest result of a call since the mark-th record, or None."""
        return max((data for r, part, data, _ in self.recorded[mark:]
                    if r is row and part == "ret"), key=len, default=None)

    def event(self, name, value):
        """Send an event to every client; its bytes."""
        row = self.by_name[name]
        payload = self.protocol.encode(row.struct["args"], value)
        for sock in self.clients:
            if sock.fileno() >= 0:
                rpc.send(sock, rpc.Message(row.number, rpc.EVENT, 1,
                                           payload=payload))
        return payload


def main():
    path, out, source = sys.argv[1:]
    server = Server(path)
    print("ready", flush=True)
    sys.stdin.read()
    with open(out, "w", encoding="utf-8") as stream:
        for row, part, data, _ in server.recorded:
            if part == "args":
                stream.write("%d\t%s\t%s\t%s\t%s\n" % (
                    row.number, row.name, part, source, data.hex()))
    for trouble in server.troubles:
        print("server.py: " + trouble, file=sys.stderr)
    return 1 if server.troubles else 0


if __name__ == "__main__":
    sys.exit(main())
