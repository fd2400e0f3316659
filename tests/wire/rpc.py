# SPDX-License-Identifier: LGPL-2.1-or-later
"""The framing of libvirt's RPC on a stream socket, and its table of calls."""

import array
import os
import socket
import struct
import subprocess

PROGRAM = 0x20008086
KEEPALIVE = 0x6b656570
VERSION = 1
PING, PONG = 1, 2
CALL, REPLY, EVENT, STREAM, CALL_FDS, REPLY_FDS = range(6)
OK, ERROR, CONTINUE = range(3)
MAX = 33554432 + 4


class Closed(Exception):
    """The peer is gone."""


class Message:
    def __init__(self, procedure, kind, serial=0, status=OK, payload=b"",
                 fds=(), program=PROGRAM):
        self.program = program
        self.procedure = procedure
        self.kind = kind
        self.serial = serial
        self.status = status
        self.payload = payload
        self.fds = list(fds)


def _receive(sock, size):
    data = bytearray()
    while len(data) < size:
        got = sock.recv(size - len(data))
        if not got:
            raise Closed()
        data += got
    return bytes(data)


def receive(sock):
    """One message, with the descriptors behind it."""
    size = struct.unpack(">I", _receive(sock, 4))[0]
    if not 28 <= size <= MAX:
        raise ValueError("message of %d bytes" % size)
    data = _receive(sock, size - 4)
    program, version, procedure, kind, serial, status = \
        struct.unpack(">IIiIII", data[:24])
    if version != VERSION:
        raise ValueError("program version %d" % version)
    message = Message(procedure, kind, serial, status, data[24:],
                      program=program)
    if kind in (CALL_FDS, REPLY_FDS):
        count = struct.unpack(">I", message.payload[:4])[0]
        message.payload = message.payload[4:]
        for _ in range(count):
            nul, ancillary, _, _ = sock.recvmsg(1, socket.CMSG_SPACE(4))
            if nul != b"\0" or len(ancillary) != 1:
                raise ValueError("no descriptor where one was announced")
            fd = array.array("i")
            fd.frombytes(ancillary[0][2][:4])
            message.fds.append(fd[0])
    return message


def send(sock, message):
    payload = message.payload
    if message.kind in (CALL_FDS, REPLY_FDS):
        payload = struct.pack(">I", len(message.fds)) + payload
    sock.sendall(struct.pack(">IIIiIII", len(payload) + 28, message.program,
                             VERSION, message.procedure, message.kind,
                             message.serial, message.status) + payload)
    for fd in message.fds:
        sock.sendmsg([b"\0"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS,
                                array.array("i", [fd]))])


class Row:
    """What calls.def knows of a call."""

    def __init__(self, words):
        (number, self.name, args, ret, api, self.access, field, bits,
         self.words, self.speed, self.stream, event) = words
        self.number = int(number)
        self.struct = {"args": "xvm_" + args if args != "-" else None,
                       "ret": "xvm_" + ret if ret != "-" else None}
        self.api = None if api == "-" else api
        self.raises = {} if field == "-" else {field: int(bits)}
        self.is_event = event != "-"


def table():
    """The rows of calls.def, through the program that prints them."""
    build = os.environ.get("BUILD", "build")
    text = subprocess.run([os.path.join(build, "tests/unit/calls_dump")],
                          check=True, stdout=subprocess.PIPE, text=True)
    return [Row(line.split("\t")) for line in text.stdout.splitlines()]
