#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""make bench: the tunnel, beside libvirtd and a server that answers with
constants, with the same client programs in the same run.

usage: tunnel.py BUILD [--quick] [PART...]   exits 1 when a limit is missed
Parts: rates, clients, many, memory; all unless some are named. Rates are the
best of several rounds in turn, at real-time priority where that is allowed:
other work on the machine would decide who is woken when. For the same reason
clients and servers share one processor there: to wake another one costs more
than a call does, on virtual machines several times as much."""
import atexit
import os
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "wire"),
                os.path.join(HERE, "..", "helpers")]

import libvirtd  # noqa: E402
import peer  # noqa: E402

BUILD = os.path.abspath(sys.argv[1])
QUICK = "--quick" in sys.argv
VIRTD = os.path.join(BUILD, "virtd")
XVSH = os.path.join(BUILD, "xvsh")
TOOLS = os.path.join(BUILD, "tests")
PYTHON = "/usr/bin/python3"
missed = []


def real_time(policy):
    """Run from now on with a policy, and what is started too."""
    try:
        os.sched_setscheduler(0, policy, os.sched_param(
            1 if policy == os.SCHED_FIFO else 0))
    except PermissionError:
        return False
    return True


def row(what, figure, limit, ok, unit=""):
    """Print a figure and whether it keeps its limit."""
    if not ok:
        missed.append(what)
    print("%-46s %10.6g %s  (%s)%s" %
          (what, figure, unit, limit, "" if ok else "  MISSED"))


def run(words, **more):
    return subprocess.run(words, check=True, stdout=subprocess.PIPE,
                          text=True, timeout=300, **more).stdout


def peak_kib(pid):
    with open("/proc/%d/status" % pid, encoding="utf-8") as stream:
        return int([line for line in stream
                    if line.startswith("VmHWM")][0].split()[1])


class Daemon:
    """A server on a socket in a directory of its own."""

    def __init__(self, where, name, words):
        self.socket = os.path.join(where, name, "sock")
        os.mkdir(os.path.dirname(self.socket), 0o700)
        # Not ours: whoever reads what we print would wait for it.
        self.process = subprocess.Popen(words + [self.socket],
                                        stdout=subprocess.DEVNULL)
        atexit.register(self.stop)
        end = time.monotonic() + 10
        while not os.path.exists(self.socket):
            if time.monotonic() > end:
                raise RuntimeError(name + " does not start")
            time.sleep(0.01)

    def stop(self):
        self.process.terminate()
        self.process.wait(20)


def over_unix(path):
    return "test+unix:///default?socket=" + path


def over_ext():
    return "test+ext:///default?command=" + VIRTD


def virtd_daemon(where, name):
    return Daemon(where, name, [VIRTD, "--listen", "--socket"])


# --- calls a second ---------------------------------------------------------

def rates(where):
    one, batch = (1000, 10000) if QUICK else (10000, 100000)
    rounds = 3 if QUICK else 5
    undisturbed = real_time(os.SCHED_FIFO)
    processors = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(processors)})
    ours = virtd_daemon(where, "ours")
    constant = Daemon(where, "constant", [os.path.join(TOOLS, "constant")])

    def python(uri):
        return lambda: float(run([PYTHON, os.path.join(HERE, "calls.py"),
                                  uri, str(one)]))

    def c(uri, how):
        return lambda: float(run([os.path.join(TOOLS, "calls"), uri, how,
                                  str(batch if how == "batch" else one)]))

    with libvirtd.Libvirtd() as theirs:
        kinds = {
            "python on libvirtd": python(over_unix(theirs.socket)),
            "python on virtd": python(over_unix(ours.socket)),
            "python on virtd, +ext": python(over_ext()),
            "python on constants": python(over_unix(constant.socket)),
            "libxvm on libvirtd": c(over_unix(theirs.socket), "one"),
            "libxvm on virtd": c(over_unix(ours.socket), "one"),
            "libxvm on virtd, +ext": c(over_ext(), "one"),
            "libxvm on constants": c(over_unix(constant.socket), "one"),
            "libxvm in a batch on libvirtd":
                c(over_unix(theirs.socket), "batch"),
            "libxvm in a batch on virtd": c(over_unix(ours.socket), "batch"),
            "libxvm in a batch on virtd, +ext": c(over_ext(), "batch"),
        }
        best = dict.fromkeys(kinds, 0.0)
        for _ in range(rounds):
            for name, ask in kinds.items():
                best[name] = max(best[name], ask())
    ours.stop()
    constant.stop()
    real_time(os.SCHED_OTHER)
    os.sched_setaffinity(0, processors)
    for name, rate in best.items():
        print("%-46s %10.0f calls/s" % (name, rate))
    # A short run is given room, and more where others disturb it.
    room = 1 if not QUICK else 0.7 if undisturbed else 0.3
    ratio = best["python on virtd"] / best["python on libvirtd"]
    row("python: virtd to libvirtd", ratio, "at least %g" % room,
        ratio >= room, "times")
    slower = best["python on constants"] / best["python on virtd"]
    row("python: virtd's time to that of constants", slower,
        "at most %.2g" % (1.2 / room), slower <= 1.2 / room, "times")
    ratio = best["libxvm in a batch on virtd"] / best["python on libvirtd"]
    row("a batch on virtd to python on libvirtd", ratio,
        "at least %g" % (10 * room), ratio >= 10 * room, "times")


# --- many clients, many domains ----------------------------------------------

def clients(where):
    daemon = virtd_daemon(where, "clients")
    start = time.monotonic()
    all_of_them = [peer.Peer(path=daemon.socket) for _ in range(200)]
    opened = time.monotonic() - start
    start = time.monotonic()
    for client in all_of_them:
        client.send(peer.LIST_ALL, bytes([0, 0, 0, 1]) + bytes(4))
    good = sum(len(client.receive().payload) == 36 for client in all_of_them)
    asked = time.monotonic() - start
    peak = peak_kib(daemon.process.pid)
    row("200 clients at once, answered", good, "200", good == 200)
    row("  opening all, each waited for", opened, "at most 10",
        opened <= 10, "s")
    row("  a list for each of them", asked, "at most 5", asked <= 5, "s")
    row("  the daemon's peak memory", peak, "at most 32768", peak <= 32768,
        "KiB")
    for client in all_of_them:
        client.close()
    daemon.stop()


def many(where):
    path = os.path.join(where, "node.xml")
    with open(path, "w", encoding="utf-8") as stream:
        stream.write("<node>\n")
        for i in range(10000):
            stream.write(
                "<domain type='test'><name>d%d</name>"
                "<uuid>00000000-0000-4000-8000-%012d</uuid>"
                "<memory unit='KiB'>1024</memory><vcpu>1</vcpu>"
                "<os><type>hvm</type></os></domain>\n" % (i, i))
        stream.write("</node>\n")
    for words in ["list", "--all"], ["domstats"]:
        times = []
        for uri in ("test://" + path,
                    "test+ext://%s?command=%s" % (path, VIRTD)):
            start = time.monotonic()
            text = run([XVSH, "-c", uri, *words])
            times.append(time.monotonic() - start)
            if text.count("d9999") != 1:
                missed.append("all of " + uri)
        limit = 3 * times[0] + 1
        row("%s of 10,000 through +ext" % " ".join(words), times[1],
            "local: %.2f, at most %.2f" % (times[0], limit),
            times[1] <= limit, "s")


# --- memory -------------------------------------------------------------------

def memory(where):
    helper = os.path.join(where, "helper")
    pid = os.path.join(where, "pid")
    with open(helper, "w", encoding="utf-8") as stream:
        stream.write("#!/bin/sh\necho $$ >%s\nexec %s --stdio\n" %
                     (pid, VIRTD))
    os.chmod(helper, 0o755)
    # Its prompt stays, so that the helper is there to be looked at.
    virsh = subprocess.Popen(
        ["virsh", "-c", "test+ext:///default?command=" + helper],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    virsh.stdin.write("list\n")
    virsh.stdin.flush()
    while "running" not in virsh.stdout.readline():
        pass
    with open(pid, encoding="utf-8") as stream:
        peak = peak_kib(int(stream.read()))
    virsh.communicate(timeout=20)
    row("virtd --stdio serving virsh's list: peak", peak, "below 6144",
        peak < 6144, "KiB")


def main():
    parts = {"rates": rates, "clients": clients, "many": many,
             "memory": memory}
    wanted = [word for word in sys.argv[2:] if word in parts] or list(parts)
    with tempfile.TemporaryDirectory() as where:
        for name in wanted:
            parts[name](where)
    if missed:
        print("missed: " + ", ".join(missed))
    return 1 if missed else 0


sys.exit(main())
