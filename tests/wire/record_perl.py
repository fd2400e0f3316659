#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Perl's Sys::Virt against the recording server: the arguments that it sends,
and what it makes of the results.

usage: record_perl.py [--keep]    --keep replaces the kept recordings
"""

import os
import subprocess
import sys
import tempfile

import perl_cases
import recording
import server as recording_server


def main():
    tap = recording.Tap()
    out = recording.Recordings("perl.tsv")
    with tempfile.TemporaryDirectory() as where:
        server = recording_server.Server(os.path.join(where, "s"))
        perl = subprocess.Popen(
            ["/usr/bin/perl", os.path.join(recording.HERE, "perl_eval.pl"),
             server.uri], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            encoding="latin-1")
        for code, name, args, text in perl_cases.CASES:
            mark = len(server.recorded)
            perl.stdin.write(code + "\n")
            perl.stdin.flush()
            got = perl.stdout.readline().rstrip("\n")
            recording.judge(server, mark, name, args, text, got, tap, out,
                            "perl")
        perl.stdin.close()
        perl.wait(20)
        tap.report(not server.troubles,
                   "perl: the server understood everything",
                   "\n".join(server.troubles))
        tap.report(not server.unknown, "perl: every call is in calls.def",
                   server.unknown)
    out.settle(tap, "--keep" in sys.argv)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
