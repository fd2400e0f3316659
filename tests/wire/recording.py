# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the recording programs share: running cases against the server,
comparing arguments field by field, TAP lines, the files of recordings."""

import os

import answers

HERE = os.path.dirname(os.path.abspath(__file__))
KEPT = os.path.join(HERE, "recordings")


class Tap:
    def __init__(self):
        self.count = 0
        self.failed = 0

    def report(self, good, name, why=""):
        self.count += 1
        self.failed += not good
        print("%sok %d - %s" % ("" if good else "not ", self.count, name))
        for line in str(why).splitlines() if not good else ():
            print("# " + ascii(line)[1:-1])
        return good

    def done(self):
        print("1..%d" % self.count, flush=True)
        return 1 if self.failed else 0


def difference(row, value, expected):
    """What is wrong with recorded arguments; the domain is always test's."""
    expected = dict(expected)
    if "dom" in value and "dom" not in expected:
        expected["dom"] = answers.DOM
    if value == expected:
        return None
    return "%s: recorded %r, expected %r" % (row.name, value, expected)


def judge(server, mark, name, args, text, got, tap, out, client, what=None):
    """Of a client that prints text: since mark, has it sent these arguments
    (None: not compared), and does what it printed show the text?"""
    row = server.by_name[name]
    seen = server.sent(row, mark)
    sent = [data for data, value in seen
            if args is None or difference(row, value, args) is None]
    why = []
    if row.struct["args"] is not None and not sent:
        why = ["recorded %r" % value for _, value in seen] or ["not sent"]
    if got.startswith("error:") or (text is not None and text not in got):
        why.append("printed " + got)
    what = "%s %s" % (client, what or name)
    if not tap.report(not why, what, "\n".join(why)):
        return
    for data in sent if args is not None else ():
        out.add(row, "args", "recorded:" + client, data)
    result = server.answered(row, mark)
    if text is not None and result is not None:
        out.add(row, "ret", "printed:" + client, result)


class Recordings:
    """The lines of one file: number, name, part, source, hex."""

    def __init__(self, name):
        self.name = name
        self.lines = set()

    def add(self, row, part, source, data):
        self.lines.add((row.number, row.name, part, source, data.hex()))

    def text(self):
        return "".join("\t".join(map(str, line)) + "\n"
                       for line in sorted(self.lines))

    def settle(self, tap, keep):
        """Write the file (keep), or compare it with the one that is kept."""
        path = os.path.join(KEPT, self.name)
        if keep:
            with open(path, "w", encoding="utf-8") as stream:
                stream.write(self.text())
            return
        with open(path, encoding="utf-8") as stream:
            kept = stream.read()
        lines = set(kept.splitlines()) ^ set(self.text().splitlines())
        tap.report(kept == self.text(), self.name + " is what is recorded now",
                   "\n".join(line[:200] for line in sorted(lines)[:20]))


def kept_lines():
    """All recordings that are kept, as [number, name, part, source, hex]."""
    for name in sorted(os.listdir(KEPT)):
        if name.endswith(".tsv"):
            with open(os.path.join(KEPT, name), encoding="utf-8") as stream:
                for line in stream:
                    yield line.rstrip("\n").split("\t")
