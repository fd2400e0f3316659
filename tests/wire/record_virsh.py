#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""virsh against the recording server: the arguments that it sends, and what
it prints of the results.

usage: record_virsh.py [--keep]    --keep replaces the kept recordings
"""

import os
import subprocess
import sys
import tempfile

import answers
import libvirtd
import recording
import server as recording_server
import virsh_cases

PROMPT = "virsh # "


def run_virsh(server, where, commands):
    """What virsh prints for each of the commands, in one process. With no
    terminal it prints its prompt and the command all the same."""
    done = subprocess.run(["virsh", "-c", server.uri],
                          input="".join(c + "\n" for c in commands).encode(),
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          cwd=where, check=False, timeout=60,
                          env=dict(os.environ, LC_ALL="C.UTF-8"))
    parts = done.stdout.decode().split(PROMPT)[1:]
    return [part.partition("\n")[2] for part in parts]


def run_cases(server, where, cases, tap, out):
    mark = len(server.recorded)
    files = {"FILE": os.path.join(where, "xml"),
             "PICTURE": os.path.join(where, "picture")}
    commands = [" ".join(files.get(word, word) for word in case[0].split(" "))
                for case in cases]
    printed = run_virsh(server, where, commands)
    for (command, name, args, text), got in zip(cases, printed):
        recording.judge(server, mark, name, args, text, got, tap, out,
                        "virsh", command)


def uri_case(tap, out):
    """Only a client that named no URI asks the server for it, and only at the
    place where a user's own daemon listens."""
    with tempfile.TemporaryDirectory() as where:
        os.mkdir(os.path.join(where, "libvirt"))
        path = os.path.join(where, "libvirt", "libvirt-sock")
        server = recording_server.Server(path)
        other = {}
        if os.geteuid() == 0:
            for name in (where, os.path.dirname(path), path):
                os.chown(name, libvirtd.NOBODY, libvirtd.NOBODY)
            other = {"user": libvirtd.NOBODY, "group": libvirtd.NOBODY,
                     "extra_groups": []}
        env = {name: where for name in ("HOME", "XDG_RUNTIME_DIR",
                                        "XDG_CONFIG_HOME", "XDG_CACHE_HOME")}
        done = subprocess.run(["virsh", "-q", "uri"], env=dict(
            env, PATH=os.defpath), stdout=subprocess.PIPE, cwd="/", text=True,
            timeout=20, check=False, **other)
        server.close()
    row = server.by_name["CONNECT_GET_URI"]
    uri = answers.RESULTS[row.name]["uri"]
    if tap.report(done.stdout.strip() == uri, "virsh uri", done.stdout):
        out.add(row, "ret", "printed:virsh", server.answered(row))


def main():
    tap = recording.Tap()
    out = recording.Recordings("virsh.tsv")
    with tempfile.TemporaryDirectory() as where:
        with open(os.path.join(where, "xml"), "w",
                  encoding="utf-8") as stream:
            stream.write(virsh_cases.XML)
        server = recording_server.Server(os.path.join(where, "s"))
        run_cases(server, where, virsh_cases.CASES, tap, out)
        for name in ("DOMAIN_LOOKUP_BY_NAME", "DOMAIN_CREATE_WITH_FLAGS"):
            server.overrides[name] = {"dom": virsh_cases.OFF}
        run_cases(server, where, virsh_cases.OFF_CASES, tap, out)
        tap.report(not server.troubles,
                   "virsh: the server understood everything",
                   "\n".join(server.troubles))
        tap.report(not server.unknown, "virsh: every call is in calls.def",
                   server.unknown)
    uri_case(tap, out)
    out.settle(tap, "--keep" in sys.argv)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
