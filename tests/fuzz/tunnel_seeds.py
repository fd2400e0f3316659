#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Write seeds for the server and client targets: whole conversations."""
import os
import struct
import subprocess
import sys

PROGRAM = 0x20008086


def message(procedure, kind, serial, status, payload=b''):
    body = struct.pack('>6I', PROGRAM, 1, procedure, kind, serial, status)
    return struct.pack('>I', 4 + len(body) + len(payload)) + body + payload


def string(text):
    data = text.encode()
    return struct.pack('>I', len(data)) + data + b'\0' * (-len(data) % 4)


def domain(name, ident):
    return string(name) + bytes(range(16)) + struct.pack('>i', ident)


def main():
    here = os.path.dirname(os.path.abspath(sys.argv[0]))
    calls = [
        (66, b''), (1, struct.pack('>I', 1) + string('test:///default')
                    + struct.pack('>I', 0)),
        (60, struct.pack('>i', 14)), (316, struct.pack('>iI', 0, 0)),
        (273, struct.pack('>iI', 1, 0)), (23, string('test')),
        (344, struct.pack('>III', 0, 0, 0)), (6, b''), (110, b''),
        (10, string('<domain type="test"><name>x</name><memory>1</memory>'
                    '<os><type>hvm</type></os></domain>')
         + struct.pack('>I', 0)),
        (2, b'')]
    for mode in range(2):
        whole = bytes([mode])
        for serial, (number, args) in enumerate(calls):
            whole += message(number, 0, serial, 0, args)
        out = os.path.join(here, 'corpus', 'server', 'whole%d' % mode)
        os.makedirs(os.path.dirname(out), exist_ok=True)
        open(out, 'wb').write(whole)
    # The helper's own answers to such a conversation, for the client.
    build = os.environ.get('BUILD', 'build')
    told = subprocess.run(
        [os.path.join(build, 'virtd'), 'test:///default'],
        input=message(66, 0, 0, 0) + message(1, 0, 1, 0, calls[1][1])
        + message(60, 0, 2, 0, struct.pack('>i', 0x78766d))
        + message(60, 0, 3, 0, struct.pack('>i', 10))
        + message(273, 0, 4, 0, calls[4][1]) + message(344, 0, 5, 0, calls[6][1])
        + message(6, 0, 6, 0), stdout=subprocess.PIPE, check=True).stdout
    out = os.path.join(here, 'corpus', 'client', 'told')
    os.makedirs(os.path.dirname(out), exist_ok=True)
    open(out, 'wb').write(told)


main()
