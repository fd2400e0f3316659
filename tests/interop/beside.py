# SPDX-License-Identifier: LGPL-2.1-or-later
"""beside.py URI PROGRAM ARGUMENTS: run a client on a real libvirtd and on URI,
which stands for the word URI among the arguments, and print what differs. An
object of a kind that we do not have may be refused as not supported."""

import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "wire"))

import libvirtd  # noqa: E402

LIMIT = 60
LACKING = re.compile(
    r"error 3, this function is not supported by the connection driver: "
    r"vir\w*(Network|Storage|Interface|Device|NWFilter|Secret|Snapshot|"
    r"Checkpoint|SecurityLabelList)\w*$")


def run(words, uri):
    words = [uri if word == "URI" else word for word in words]
    end = subprocess.run(words, stdout=subprocess.PIPE, timeout=LIMIT,
                         stderr=subprocess.STDOUT, text=True, check=False)
    return end.stdout.splitlines() + ["status %d" % end.returncode]


def main():
    uri, *words = sys.argv[1:]
    with libvirtd.Libvirtd() as server:
        wanted = run(words, "test+unix:///default?socket=" + server.socket)
    got = run(words, uri)
    lacking = 0
    differ = len(wanted) != len(got)
    for ours, theirs in zip(got, wanted):
        if ours == theirs:
            continue
        if LACKING.search(ours):
            lacking += 1
        else:
            differ = True
            print("libvirtd: %s\nvirtd:    %s" % (theirs, ours))
    if differ and len(wanted) != len(got):
        print("\n".join(got))
    print("%d lines, %d of them not supported, %s" % (
        len(got), lacking, got[-1]))
    return 1 if differ else 0


sys.exit(main())
