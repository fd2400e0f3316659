# SPDX-License-Identifier: LGPL-2.1-or-later
"""stream.py URI: python3-libvirt reads a screenshot as a stream, once with its
event loop and once by waiting, and gives one up in its middle."""

import sys
import time

import libvirt

ENDS = {"image/png": b"IEND\xaeB\x60\x82"}

libvirt.virEventRegisterDefaultImpl()
conn = libvirt.open(sys.argv[1])
domain = conn.lookupByName("test")


def check(mime, data):
    assert len(data) > 1000 and data.endswith(ENDS[mime]), (mime, len(data))
    return data


# Waiting.
stream = conn.newStream()
mime = domain.screenshot(stream, 0)
parts = []
stream.recvAll(lambda _stream, data, _opaque: parts.append(data), None)
stream.finish()
waited = check(mime, b"".join(parts))

# By the loop: what is there is taken, until nothing comes any more.
stream = conn.newStream(libvirt.VIR_STREAM_NONBLOCK)
mime = domain.screenshot(stream, 0)
parts = []
ended = []


def on_event(stream, events, _opaque):
    data = stream.recv(1000)
    if data == -2:
        return
    if data:
        parts.append(data)
        return
    stream.eventRemoveCallback()
    stream.finish()
    ended.append(events)


stream.eventAddCallback(libvirt.VIR_STREAM_EVENT_READABLE, on_event, None)
limit = time.monotonic() + 20
while not ended and time.monotonic() < limit:
    libvirt.virEventRunDefaultImpl()
assert check(mime, b"".join(parts)) == waited
print("a picture, whole")

stream = conn.newStream()
domain.screenshot(stream, 0)
stream.recv(10)
stream.abort()
assert domain.isActive() == 1
print("given up, and the connection lives")
conn.close()
