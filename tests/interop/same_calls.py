# SPDX-License-Identifier: LGPL-2.1-or-later
"""same_calls.py VIRTD: make the same calls, by python3-libvirt, on libvirt's
own test driver and on ours behind VIRTD, and compare what they give.

same_calls.txt holds the calls. A line "== NAME" or "== NAME: NODE FILE" begins
a part, with a new connection on either side; each other line is a Python
expression. It can use c (the connection), d(NAME) (a domain; the one known by
that name before when there is none any more), p(NAME) (a file that either
side has for itself), xml(NAME, ...), and events() (what happened
since). "~ REASON" says that the next line differs, and why; then it must.
Prints TAP, a line for each part."""

import os
import re
import sys
import tempfile
import time

import libvirt

WAIT = 10.0
HERE = os.path.dirname(os.path.abspath(__file__))
NODES = os.path.join(HERE, "..", "diff", "nodes")
GENERATED = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def xml(name, uuid=1, memory=10240, more=""):
    """A small domain; uuid 0: without."""
    given = "<uuid>%032x</uuid>" % uuid if uuid else ""
    return ("<domain type='test'><name>%s</name>%s<memory>%d</memory>"
            "<os><type>hvm</type></os>%s</domain>"
            % (name, given, memory, more))


class Side:
    """One of the two: its connection and what the lines can name."""

    def __init__(self, uri, directory):
        self.conn = libvirt.open(uri)
        self.directory = directory
        self.known = {}
        self.seen = []
        self.events_id = self.conn.domainEventRegisterAny(
            None, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, self.on_event, None)
        self.names = {"c": self.conn, "d": self.domain, "p": self.path,
                      "xml": xml, "libvirt": libvirt,
                      "events": self.events}

    def on_event(self, _conn, domain, event, detail, _opaque):
        self.seen.append("%s %d %d" % (domain.name(), event, detail))

    def domain(self, name):
        try:
            self.known[name] = self.conn.lookupByName(name)
        except libvirt.libvirtError:
            if name not in self.known:
                raise
        return self.known[name]

    def path(self, name):
        return os.path.join(self.directory, name)

    def events(self):
        seen, self.seen = self.seen, []
        return seen

    def run(self, expression):
        """What it gives, as text."""
        try:
            value = eval(expression, self.names)
        except libvirt.libvirtError as error:
            text = "error %d, domain %d, level %d: %s" % (
                error.err[0], error.err[1], error.err[3], error.err[2])
        except (LookupError, OSError, TypeError) as error:
            text = "%s: %s" % (type(error).__name__, error)
        else:
            text = show(value)
        return text.replace(self.directory, "DIRECTORY")

    def close(self):
        self.known.clear()
        self.names.clear()
        # A host in memory lives until nothing refers to it any more.
        self.conn.domainEventDeregisterAny(self.events_id)
        libvirt.virEventRunDefaultImpl()
        self.conn.close()


def show(value):
    """A text without addresses of objects; what is unordered, sorted."""
    if isinstance(value, libvirt.virDomain):
        return "domain %s %s %d" % (value.name(), value.UUIDString(),
                                    value.ID())
    if isinstance(value, dict):
        return "{%s}" % ", ".join("%s: %s" % (show(k), show(v))
                                  for k, v in sorted(value.items()))
    if isinstance(value, list) and value and \
            isinstance(value[0], libvirt.virDomain):
        return "[%s]" % ", ".join(sorted(show(v) for v in value))
    if isinstance(value, (list, tuple)):
        return "[%s]" % ", ".join(show(v) for v in value)
    return repr(value)


def wait_for_events(sides):
    """Let both tell as much; what is on its way has WAIT seconds."""
    end = time.monotonic() + WAIT
    quiet = 0
    while time.monotonic() < end and quiet < 3:
        before = [len(side.seen) for side in sides]
        libvirt.virEventRunDefaultImpl()
        after = [len(side.seen) for side in sides]
        quiet = quiet + 1 if before == after and after[0] == after[1] else 0


def parts(name):
    """(name, node file or None, [(reason or None, expression)]) each."""
    found = []
    reason = None
    with open(name, encoding="utf-8") as stream:
        for line in stream:
            line = line.rstrip("\n")
            if line.startswith("== "):
                title, _, node = line[3:].partition(": ")
                found.append((title, node or None, []))
            elif line.startswith("~ "):
                reason = line[2:]
            elif line and not line.startswith("#"):
                found[-1][2].append((reason, line))
                reason = None
    return found


def compare(sides, lines, given):
    """The texts of what is wrong."""
    wrong = []
    for reason, expression in lines:
        if "events()" in expression:
            wait_for_events(sides)
        stock, ours = (side.run(expression) for side in sides)
        if GENERATED.sub("UUID", stock) != GENERATED.sub("UUID", ours):
            if reason is None:
                wrong.append("%s\nlibvirt: %s\nours:    %s"
                             % (expression, stock, ours))
        elif reason is not None:
            wrong.append("%s\nis the same, but should not: %s"
                         % (expression, reason))
    return wrong


def main():
    virtd = sys.argv[1]
    found = parts(os.path.join(HERE, "same_calls.txt"))
    libvirt.registerErrorHandler(lambda *_: None, None)
    libvirt.virEventRegisterDefaultImpl()
    # The event loop looks at the remote side's socket at least so often.
    libvirt.virEventAddTimeout(50, lambda *_: None, None)
    failed = count = 0
    print("1..%d" % len(found))
    for number, (name, node, lines) in enumerate(found, 1):
        path = os.path.abspath(os.path.join(NODES, node)) if node \
            else "/default"
        with tempfile.TemporaryDirectory() as a, \
                tempfile.TemporaryDirectory() as b:
            sides = [Side("test://" + path, a),
                     Side("test+ext://%s?command=%s" % (path, virtd), b)]
            wrong = compare(sides, lines, node)
            for side in sides:
                side.close()
        count += len(lines)
        failed += bool(wrong)
        print("%sok %d - python3-libvirt: %s, %d calls" % (
            "not " if wrong else "", number, name, len(lines)))
        for text in wrong:
            print("# " + text.replace("\n", "\n#   "))
    print("# %d calls on both drivers" % count)
    return 1 if failed else 0


sys.exit(main())
