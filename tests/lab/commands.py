#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""commands.py [--long] [--write] XVSH URI SSH...: run every command on the
domains of a real Xen, as commands.list beside this says, and compare what
comes out with the table in README.md (--write: write that table, after a long
run). SSH... runs a shell command on the host. Prints TAP."""
import json
import os
import pty
import re
import select
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
README = os.path.join(TOP, "README.md")
MARKS = ("<!-- commands on Xen: `make lab-table' writes this -->\n",
         "<!-- until here -->\n")
WAIT = 180 * int(os.environ.get("LAB_SLOW", "1"))
# Not run here: the shell's end.
ELSEWHERE = {"quit", "exit"}

DISK = """<disk type='file' device='disk'><driver name='qemu' type='raw'/>
<source file='/data/images/lab.img'/><target dev='xvdb' bus='xen'/>
<alias name='ua-disk'/></disk>"""
NET = """<interface type='bridge'><mac address='00:16:3e:01:01:01'/>
<source bridge='xenbr0'/><mtu size='1400'/></interface>"""
CD = """<disk type='file' device='cdrom'><driver name='qemu' type='raw'/>
<source file='/data/images/lab.img'/><target dev='hdc' bus='ide'/>
<readonly/></disk>"""
SCREEN = "<graphics type='vnc' autoport='yes' listen='127.0.0.1'/>"


def read(*path):
    with open(os.path.join(*path), encoding="utf-8") as f:
        return f.read()


def write_files(directory):
    guests = os.path.join(HERE, "guests")
    files = {name: read(guests, name) for name in ("idle.xml", "pv.xml")}
    files["hvm.xml"] = read(guests, "hvm.xml").replace(
        "<interface ", CD + SCREEN + "<interface ", 1)
    files.update({
        "disk.xml": DISK, "net.xml": NET, "cd.xml": CD,
        "cpu.xml": "<cpu><arch>x86_64</arch><model>kvm64</model></cpu>",
        "guest.cfg": read(guests, "pv.cfg")})
    # Without one, each file would bring a UUID of its own.
    for i, name in enumerate(("idle.xml", "pv.xml", "hvm.xml")):
        files[name] = files[name].replace(
            "</name>", "</name><uuid>5f1dd3b0-91a5-4d0e-8c5e-00000000000"
            "%d</uuid>" % i, 1)
    for name, text in files.items():
        with open(os.path.join(directory, name), "w", encoding="utf-8") as f:
            f.write(text)


class Lines:
    """commands.list: reasons, and (expected, line) in their order."""

    def __init__(self, with_long):
        self.reasons, self.lines = {}, []
        for line in read(HERE, "commands.list").split("\n"):
            if line == "long" and not with_long:
                break
            word, _, rest = line.partition(" ")
            if word == "reason":
                key, _, text = rest.partition(" ")
                self.reasons[key] = text
            elif rest and not word.startswith("#"):
                self.lines.append((word, rest))


def run_batch(program, uri, directory, lines):
    """The output of each line, run by one shell."""
    script = "".join("echo @@%d\n%s\n" % (i, line)
                     for i, line in enumerate(lines))
    done = subprocess.run([program, "-c", uri], input=script,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          cwd=directory, timeout=600, check=False,
                          env=dict(os.environ, EDITOR="sed -i s/x/x/"),
                          encoding="utf-8", errors="replace")
    parts = re.split(r"^@@([0-9]+)\n", done.stdout, flags=re.M)
    out = dict(zip(map(int, parts[1::2]), parts[2::2]))
    return [out.get(i, "error: no answer") for i in range(len(lines))]


def host(ssh, command):
    return subprocess.run(ssh + [command], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          timeout=WAIT, check=False)


def wait(ssh, command):
    end = time.monotonic() + WAIT
    while host(ssh, command).returncode != 0:
        if time.monotonic() > end:
            return "error: it did not come about"
        time.sleep(2)
    return ""


def patiently(program, uri, directory, line):
    """A command that a slow host may fail at first."""
    for _ in range(3):
        text, = run_batch(program, uri, directory, [line])
        if error_of(text) is None:
            break
    return text


def run_console(program, uri, line):
    """A console needs a terminal: press return there, and leave by ^]."""
    pid, fd = pty.fork()
    if pid == 0:
        os.execv(program, [program, "-c", uri] + line.split())
    text, asked, end = b"", False, time.monotonic() + WAIT
    while time.monotonic() < end:
        if not select.select([fd], [], [], 2)[0]:
            continue
        try:
            got = os.read(fd, 4096)
        except OSError:
            got = b""
        if not got:
            break
        text += got
        if not asked and b"Escape character" in text:
            asked = True
            os.write(fd, b"\r")
        elif asked and b"# " in got:
            os.write(fd, b"\x1d")
    os.close(fd)
    status = os.waitpid(pid, 0)[1]
    text = text.decode("utf-8", "replace").replace("\r", "")
    return text if status == 0 else text + "\nerror: status %d\n" % status


def run(program, uri, ssh, lines):
    """(expected, line, output) of each."""
    batch = []
    with tempfile.TemporaryDirectory() as directory:
        write_files(directory)

        def flush():
            texts = run_batch(program, uri, directory,
                              [line for _, line in batch])
            for (expected, line), text in zip(batch, texts):
                yield expected, line, text
            batch.clear()
        for expected, line in lines:
            if expected == "wait" and line.startswith("shell "):
                yield from flush()
                yield "do", line, wait(ssh, line.partition(" ")[2])
            elif expected == "wait":
                yield from flush()
                yield "do", line, patiently(program, uri, directory, line)
            elif line.startswith("console "):
                yield from flush()
                yield expected, line, run_console(program, uri, line)
            else:
                batch.append((expected, line))
        yield from flush()


def error_of(text):
    errors = re.findall(r"^error: (.*)", text, flags=re.M)
    return errors[-1] if errors else None


# A refusal says who cannot do it, or names the call that is not there.
REFUSAL = re.compile(r"not supported by the connection driver|on Xen|libxl|"
                     r"libxenlight|not supported|unsupported|cannot be updated|"
                     r"no memory device found")


def judge(expected, text):
    """None: as expected; else what is wrong."""
    error = error_of(text)
    if expected in ("works", "do"):
        return error
    if error is None:
        return "it works"
    if not REFUSAL.search(text):
        return "an unclear refusal: " + error
    return None


def table(lines):
    """What README says, from what was run."""
    works = sorted({line.split()[0] for expected, line in lines.lines
                    if expected == "works"})
    rows = ["| on Xen | commands |", "| --- | --- |",
            "| work (%d) | %s |" % (len(works), " ".join(
                "`%s`" % name for name in works))]
    for key, text in lines.reasons.items():
        names = sorted({line.split()[0] for expected, line in lines.lines
                        if expected == key} - set(works))
        rows.append("| no: %s | %s |" % (text, " ".join(
            "`%s`" % name for name in names)))
    return "\n".join(rows) + "\n"


def all_commands(program):
    groups = json.loads(subprocess.run(
        [program, "-c", "test:///default", "help", "--json"],
        stdout=subprocess.PIPE, check=True).stdout)
    return {c["name"] for g in groups for c in g["commands"]}


class Tap:
    number = failed = 0

    def tell(self, name, wrong, text=""):
        self.number += 1
        print("%sok %d - %s" % ("not " if wrong else "", self.number, name))
        if wrong:
            self.failed += 1
            print("# %s" % wrong)
            for said in text.strip().split("\n")[:10]:
                print("# | " + said)
        sys.stdout.flush()


def check_readme(tap, write):
    wanted = table(Lines(True))
    old = read(README)
    before, _, rest = old.partition(MARKS[0])
    got, _, after = rest.partition(MARKS[1])
    if write and got != wanted and tap.failed == 0:
        with open(README, "w", encoding="utf-8") as f:
            f.write(before + MARKS[0] + wanted + MARKS[1] + after)
        got = wanted
    tap.tell("README.md has the table", got != wanted and
             "it is another one: `make lab-table' writes it")


def main():
    flags = {a for a in sys.argv[1:] if a.startswith("--")}
    program, uri, *ssh = [a for a in sys.argv[1:] if a not in flags]
    tap = Tap()
    lines = Lines("--long" in flags)
    host(ssh, "truncate -s 8M /data/images/lab.img; mkdir -p /data/dump")
    for expected, line, text in run(program, uri, ssh, lines.lines):
        wrong = judge(expected, text)
        name = line if expected in ("works", "do") else \
            "%s (%s)" % (line, expected)
        tap.tell(name, wrong, text)
    known = {line.split()[0] for _, line in Lines(True).lines} | ELSEWHERE
    missing = all_commands(program) - known
    tap.tell("every command is tried", missing and
             "not " + ", ".join(sorted(missing)))
    check_readme(tap, "--write" in flags)
    print("1..%d" % tap.number)
    sys.exit(1 if tap.failed else 0)


main()
