# SPDX-License-Identifier: LGPL-2.1-or-later
"""dissect.py: every recorded value of the wire (tests/wire/recordings) as a
message in a capture, read by wireshark's dissector of libvirt's protocol. It
is made from libvirt's own source: no message may be malformed, each must have
the name that lib/calls.def has, and be read to its last byte."""

import os
import struct
import subprocess
import sys
import tempfile
from xml.etree import ElementTree

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "wire"))

import recording  # noqa: E402
import rpc  # noqa: E402

PORT = 16509            # where the dissector looks
ETHERNET = 1            # the capture's link type
# A text of the name "type" is read as a number, by a bug of the dissector's.
SHORT = {"CONNECT_GET_TYPE", "CONNECT_GET_MAX_VCPUS", "DOMAIN_GET_OS_TYPE",
         "DOMAIN_GET_SCHEDULER_TYPE"}
KINDS = {"args": rpc.CALL, "ret": rpc.REPLY}


def message(number, kind, serial, payload):
    return struct.pack(">IIiiIiI", 28 + len(payload), rpc.PROGRAM, rpc.VERSION,
                       number, kind, serial, rpc.OK) + payload


class Capture:
    """A TCP connection to the server's port, both ways, in pcap's format."""

    def __init__(self, stream):
        self.stream = stream
        self.at = {True: 1, False: 1}
        self.time = 0
        stream.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 262144,
                                 ETHERNET))

    def send(self, part, to_server):
        ports = (40000, PORT) if to_server else (PORT, 40000)
        tcp = struct.pack(">HHIIBBHHH", *ports, self.at[to_server],
                          self.at[not to_server], 5 << 4, 0x18, 65535, 0, 0)
        ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 40 + len(part), 0, 0, 64, 6,
                         0, b"\x7f\0\0\1", b"\x7f\0\0\1")
        packet = bytes(12) + b"\x08\0" + ip + tcp + part
        self.time += 1
        self.stream.write(struct.pack("<IIII", self.time, 0, len(packet),
                                      len(packet)) + packet)
        self.at[to_server] += len(part)


def messages(rows):
    """Each call's and event's: (row, kind, payload)."""
    for row in rows.values():
        if row.is_event:
            continue
        for part, kind in KINDS.items():
            if row.struct[part] is None:
                yield row, kind, b""
    for _, name, part, _, data in recording.kept_lines():
        row = rows[name]
        yield (row, rpc.EVENT if row.is_event else KINDS[part],
               bytes.fromhex(data))


def dissect(path):
    """What tshark reads: for each packet the fields of libvirt's, by name."""
    with subprocess.Popen(["tshark", "-r", path, "-T", "pdml"],
                          stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL) as tshark:
        for _, element in ElementTree.iterparse(tshark.stdout):
            if element.tag != "packet":
                continue
            names = [proto.get("name") for proto in element.findall("proto")]
            fields = list(element.iterfind("proto[@name='libvirt']//field"))
            yield names, fields
            element.clear()
    assert tshark.returncode == 0


def fault(row, kind, payload, names, fields):
    """What is wrong with a message as it was read, or None."""
    if names[-1:] != ["libvirt"]:
        return "read as %s" % names
    shown = {f.get("name"): f.get("show") for f in reversed(fields)}
    title = next(f.get("showname") for f in fields
                 if f.get("name") == "libvirt.procedure")
    if title != "procedure: %s (%d)" % (row.name, row.number):
        return title
    if shown["libvirt.type"] != str(kind):
        return "of type " + shown["libvirt.type"]
    first = int(fields[0].get("pos"))
    end = max(int(f.get("pos")) + int(f.get("size")) for f in fields)
    if end - first != 28 + len(payload) and row.name not in SHORT:
        return "%d of %d bytes read" % (end - first, 28 + len(payload))
    return None


def main():
    rows = {row.name: row for row in rpc.table()}
    sent = list(messages(rows))
    wrong = 0
    with tempfile.TemporaryDirectory() as where:
        path = os.path.join(where, "calls.pcap")
        with open(path, "wb") as stream:
            capture = Capture(stream)
            for serial, (row, kind, payload) in enumerate(sent):
                capture.send(message(row.number, kind, serial, payload),
                             kind == rpc.CALL)
        read = list(dissect(path))
    assert len(read) == len(sent), (len(read), len(sent))
    for (row, kind, payload), (names, fields) in zip(sent, read):
        why = fault(row, kind, payload, names, fields)
        if why is not None:
            print("%s, type %d: %s" % (row.name, kind, why))
            wrong += 1
    calls = {(row.name, kind) for row, kind, _ in sent}
    for row in rows.values():
        kinds = [rpc.EVENT] if row.is_event else KINDS.values()
        assert all((row.name, kind) in calls for kind in kinds), row.name
    print("%d calls and events, %d messages, %d wrong" % (
        len(rows), len(sent), wrong))
    return 1 if wrong else 0


sys.exit(main())
