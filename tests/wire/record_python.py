#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""python3-libvirt against the recording server: the arguments that it sends,
what it makes of the results and events that it gets.

usage: record_python.py [--keep]    --keep replaces the kept recordings
"""

import os
import sys
import tempfile

import libvirt

import answers
import python_cases
import python_events
import recording
import server as recording_server


def run_case(server, conn, case, tap, out):
    name, make, expected_args, expected = case
    row = server.by_name[name]
    domain = conn.lookupByName("test")
    before = len(server.recorded)
    try:
        printed = make(conn, domain)
    except (libvirt.libvirtError, TypeError, ValueError) as error:
        tap.report(False, "python " + name, "%r" % error)
        return
    why = []
    if printed != expected:
        why.append("printed %r, expected %r" % (printed, expected))
    sent = server.sent(row, before) if expected_args is not None else []
    wrong = [difference for difference in
             (recording.difference(row, value, expected_args)
              for _, value in sent) if difference is not None]
    if expected_args is not None and (not sent or len(wrong) == len(sent)):
        why.append("\n".join(wrong) or "not sent")
    if tap.report(not why, "python " + name, "\n".join(why)):
        for data, _ in sent:
            out.add(row, "args", "recorded:python", data)
        result = server.answered(row, before)
        if result is not None:
            out.add(row, "ret", "printed:python", result)


def record_opening(server, out):
    """What opening a connection sends, unasked. Its flags tell, besides
    read-only, what the client wants for itself, which depends on the user."""
    row = server.by_name["CONNECT_SUPPORTS_FEATURE"]
    for data, _ in server.sent(row):
        out.add(row, "args", "recorded:python", data)
    row = server.by_name["CONNECT_OPEN"]
    for _, value in server.sent(row):
        value["flags"] &= libvirt.VIR_CONNECT_RO
        out.add(row, "args", "recorded:python",
                server.protocol.encode(row.struct["args"], value))


def main():
    tap = recording.Tap()
    out = recording.Recordings("python.tsv")
    libvirt.registerErrorHandler(lambda context, error: None, None)
    libvirt.virEventRegisterDefaultImpl()
    with tempfile.TemporaryDirectory() as where:
        server = recording_server.Server(os.path.join(where, "s"))
        conn = libvirt.open(server.uri)
        for case in python_cases.CASES:
            run_case(server, conn, case, tap, out)
        python_events.run(server, conn, tap, out)
        conn.close()
        libvirt.openReadOnly(server.uri).close()
        record_opening(server, out)
        old = recording_server.Server(os.path.join(where, "old"),
                                      modern_events=False)
        conn = libvirt.open(old.uri)
        python_events.run_old(old, conn, tap, out)
        conn.close()
        troubles = server.troubles + old.troubles
        tap.report(not troubles, "python: the server understood everything",
                   "\n".join(troubles))
        unknown = server.unknown | old.unknown
        tap.report(not unknown, "python: every call is in calls.def", unknown)
    out.settle(tap, "--keep" in sys.argv)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
