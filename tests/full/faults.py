#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Faults in the middle of calls, events and streams, by a fixed seed: ssh,
helper or client killed or stopped, bytes cut, delayed or garbled, over +ext,
+unix and +ssh. Nothing may be left, and every error says why. Prints TAP.

usage: SSHD_DIR=DIR faults.py XVSH VIRTD ROUNDS [ROUND]

ROUND alone is done again when it is given; DIR is that of a running sshd (see
faults.sh)."""
import collections
import concurrent.futures
import glob
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

XVSH, VIRTD = map(os.path.abspath, sys.argv[1:3])
ROUNDS = int(sys.argv[3])
SSHD = os.environ["SSHD_DIR"]
RELAY = [sys.executable, os.path.join(os.path.dirname(os.path.abspath(
    __file__)), "fault_relay.py")]
SEED = 20080303
AT_ONCE = 4
LIMIT = 8           # of each command, that the client keeps to
PATIENT = 60        # the same where no command may fail
ENDED = 30          # for a daemon to listen, and for everything to be gone

SCRIPTS = {
    "calls": "list --all; dominfo test; suspend test; domstate test; "
             "resume test; dumpxml test; domstats; capabilities; nodeinfo; "
             "vcpuinfo test; setmem test 1048576; desc test words; "
             "list --title",
    "events": "event --all --loop --timeout 1; domstate test",
    "stream": "screenshot test shot; domstate test",
}
# The client hangs: each of its commands may connect anew, to meet the fault
# again, and take its time.
HANGS = LIMIT * max(s.count(";") + 1 for s in SCRIPTS.values()) + ENDED
ON_BYTES = ("cut", "garble", "delay")
KINDS = ON_BYTES + ("kill-helper", "kill-client", "stop-helper", "stop-client")
KINDS_OF_SSH = KINDS + ("kill-ssh", "stop-ssh", "net-cut", "net-garble",
                        "net-delay")
HARMLESS = ("delay", "net-delay", "stop-client")
# An error that says nothing.
VAGUE = re.compile(r"error: *($|.*(cause is unknown|Success$|\(null\)))",
                   re.M)


def processes(mark):
    """Running processes whose command line names the directory."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/cmdline" % pid, "rb") as f:
                if mark.encode() in f.read() and int(pid) != os.getpid():
                    found.append(int(pid))
        except OSError:
            pass
    return found


def write_program(path, text):
    with open(path, "w", encoding="utf-8") as f:
        f.write("#!/bin/sh\n" + text + "\n")
    os.chmod(path, 0o755)


def wait_until(condition, seconds=ENDED):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


class Round:
    """One fault; all of it by the round's number."""

    def __init__(self, number, directory):
        chance = random.Random(SEED * 100000 + number)
        self.directory = directory
        self.transport = chance.choice(("ext", "unix", "ssh"))
        self.kind = chance.choice(KINDS_OF_SSH if self.transport == "ssh"
                                  else KINDS)
        self.work = chance.choice(sorted(SCRIPTS))
        self.way = chance.choice(("in", "out"))
        self.at = chance.randrange(chance.choice((200, 2000, 8000)))
        self.delay = chance.uniform(0, 0.6 if self.transport == "ssh" else 0.1)
        self.what = "round %d: %s over %s, %s %s %d, %.3f s" % (
            number, self.kind, self.transport, self.work, self.way, self.at,
            self.delay)
        self.children = []

    def path(self, name):
        return os.path.join(self.directory, name)

    def relayed(self, words):
        """The command behind a relay, if the fault is in its bytes."""
        if self.kind in ON_BYTES:
            words = RELAY + [self.kind, self.way, str(self.at)] + words
        return words

    # --- the three ways to a helper ----------------------------------------
    def ext(self):
        write_program(self.path("helper"), "echo $$ >%s\nexec %s" % (
            self.path("pid"), self.path("virtd")))
        write_program(self.path("way"),
                      "exec " + " ".join(self.relayed([self.path("helper")])))
        return "test+ext:///default?command=" + self.path("way")

    def unix(self):
        daemon = subprocess.Popen(
            [self.path("virtd"), "--listen", "--socket",
             self.path("run/sock")], stderr=subprocess.DEVNULL)
        self.children.append(daemon)
        with open(self.path("pid"), "w", encoding="utf-8") as f:
            f.write(str(daemon.pid))
        wait_until(lambda: os.path.exists(self.path("run/sock")))
        if self.work == "events":
            self.children.append(subprocess.Popen(
                [XVSH, "-c", "test+unix:///default?socket=" +
                 self.path("run/sock"), "suspend test; resume test;" * 400],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        if self.kind not in ON_BYTES:
            return "test+unix:///default?socket=" + self.path("run/sock")
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(self.path("relayed"))
        listener.listen(4)
        listener.settimeout(HANGS)
        threading.Thread(target=self.accept, args=(listener,),
                         daemon=True).start()
        self.listener = listener
        return "test+unix:///default?socket=" + self.path("relayed")

    def accept(self, listener):
        try:
            while True:
                with listener.accept()[0] as client:
                    self.children.append(subprocess.Popen(
                        self.relayed(["nc", "-N", "-U",
                                      self.path("run/sock")]),
                        stdin=client, stdout=client))
        except OSError:
            pass        # closed, at the round's end

    def ssh(self):
        config = "SetEnv ROUND=%s\nInclude %s/ssh_config\n" % (self.directory,
                                                               SSHD)
        if self.kind.startswith("net-"):
            config = "ProxyCommand %s %s %s %d nc %%h %%p\n" % (
                " ".join(RELAY), self.kind[4:], self.way, self.at) + config
        with open(self.path("config"), "w", encoding="utf-8") as f:
            f.write(config)
        write_program(self.path("ssh"), "echo $$ >%s\nexec ssh -F %s \"$@\"" % (
            self.path("ssh-pid"), self.path("config")))
        write_program(self.path("way"), "exec %s \"$@\"" %
                      " ".join(self.relayed([self.path("ssh")])))
        return "test+ssh://target/default?proxy=virtd&command=" + \
            self.path("way")

    # --- the fault ----------------------------------------------------------
    def strike(self, client):
        """Kill or stop, after the delay; the process that was stopped."""
        if self.kind.partition("-")[0] not in ("kill", "stop"):
            return None
        time.sleep(self.delay)
        action, victim = self.kind.split("-")
        pid = client.pid
        if victim != "client":
            try:
                with open(self.path({"helper": "pid", "ssh": "ssh-pid"}
                                    [victim]), encoding="utf-8") as f:
                    pid = int(f.read())
            except (OSError, ValueError):
                return None         # not there yet
        try:
            os.kill(pid, signal.SIGKILL if action == "kill" else
                    signal.SIGSTOP)
        except ProcessLookupError:
            return None             # no longer
        if self.kind == "stop-client":
            time.sleep(0.3)
            os.kill(pid, signal.SIGCONT)
        return pid if action == "stop" else None

    def run(self):
        """What is wrong, or None."""
        os.symlink(VIRTD, self.path("virtd"))
        os.mkdir(self.path("run"), 0o700)
        os.mkdir(self.path("tmp"))
        temp = self.path("tmp")
        env = dict(os.environ, TMPDIR=temp, HOME=temp, XDG_RUNTIME_DIR=temp)
        uri = getattr(self, self.transport)()
        client = subprocess.Popen(
            [XVSH, "--timeout",
             str(PATIENT if self.kind in HARMLESS else LIMIT), "-c", uri,
             SCRIPTS[self.work]],
            env=env, cwd=self.directory, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        stopped = self.strike(client)
        try:
            _, err = client.communicate(timeout=HANGS)
        except subprocess.TimeoutExpired:
            client.kill()
            client.communicate()
            err = None
        if stopped is not None:
            try:
                os.kill(stopped, signal.SIGCONT)
            except ProcessLookupError:
                pass
        why = "the client hangs" if err is None else \
            self.judge(client.returncode, err.decode(errors="replace"))
        return why or self.left()

    def judge(self, status, err):
        if self.kind != "kill-client":
            if status not in (0, 1):
                return "status %d, %s" % (status, err[-300:])
            if status == 1 and "error: " not in err:
                return "no reason given"
            if status == 1 and self.kind in HARMLESS:
                return "an error without a fault: " + err[-300:]
        if VAGUE.search(err):
            return "a reason that says nothing: " + err[-300:]
        if any(ord(c) < 32 and c not in "\n\t" for c in err):
            return "control characters in %r" % err[-200:]
        shot = self.path("shot")
        if os.path.exists(shot) and self.kind != "garble":
            with open(shot, "rb") as f:
                data = f.read()
            if not data.endswith(b"IEND\xaeB\x60\x82"):
                return "half a picture, of %d bytes" % len(data)
        return None

    def left(self):
        """What outlives the client, or None; the daemon ends by our wish."""
        for child in self.children:
            child.terminate()
        if hasattr(self, "listener"):
            self.listener.close()
        for child in self.children:
            try:
                child.wait(ENDED)
            except subprocess.TimeoutExpired:
                child.kill()
                return "%s does not end" % child.args[0]
        if not wait_until(lambda: not processes(self.directory)):
            left = processes(self.directory)
            for pid in left:
                os.kill(pid, signal.SIGKILL)
            return "%d processes are left" % len(left)
        files = glob.glob(self.path("tmp/*")) + glob.glob(
            self.path("tmp/.*")) + glob.glob(self.path("*shot?*"))
        if self.kind != "kill-helper":
            files += glob.glob(self.path("run/*"))
        return "left: %s" % files if files else None


def one(number):
    directory = tempfile.mkdtemp(prefix="fault-")
    a_round = Round(number, directory)
    try:
        said = a_round.run()
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    return a_round, said


def sessions(sshd):
    """The sshd's children."""
    with open("/proc/%d/task/%d/children" % (sshd, sshd),
              encoding="ascii") as f:
        return f.read().split()


def main():
    numbers = [int(sys.argv[4])] if len(sys.argv) > 4 else range(ROUNDS)
    with open(os.path.join(SSHD, "sshd.pid"), encoding="ascii") as f:
        sshd = int(f.read())
    count, wrong = collections.Counter(), 0
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        for a_round, said in pool.map(one, numbers):
            count[a_round.transport] += 1
            if said:
                wrong += 1
                print("# %s: %s" % (a_round.what, " / ".join(
                    said.splitlines())), flush=True)
    print("%sok 1 - %d faults, seed %d: %s" % (
        "not " if wrong else "", len(numbers), SEED, ", ".join(
            "%d %s" % (n, name) for name, n in sorted(count.items()))))
    ended = wait_until(lambda: not sessions(sshd))
    print("%sok 2 - no session of sshd is left" % ("" if ended else "not "))
    print("1..2")
    return 1 if wrong or not ended else 0


sys.exit(main())
