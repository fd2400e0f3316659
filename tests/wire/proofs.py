#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Checks proofs.tsv, the list of which proof each call's arguments and results
have, against calls.def and the recordings: a call without a row, a row without
its recording and a recording without its row are failures.

A line is: number, name, proofs of the arguments, of the results. Proofs are
sources of recordings, comma-separated; "-" where the call has no such struct;
"none: why" where none is possible.

usage: proofs.py [--write]    --write brings the list up to the recordings
"""

import os
import sys

import recording
import rpc
import xdr

LIST = os.path.join(recording.HERE, "proofs.tsv")
PARTS = ("args", "ret")


def recorded():
    """(name, part) to the sources of its recordings."""
    found = {}
    for _, name, part, source, _ in recording.kept_lines():
        found.setdefault((name, part), set()).add(source)
    return found


def read_list():
    proofs = {}
    if os.path.exists(LIST):
        with open(LIST, encoding="utf-8") as stream:
            for line in stream:
                number, name, args, ret = line.rstrip("\n").split("\t")
                proofs[name] = (int(number), {"args": args, "ret": ret})
    return proofs


def entry(row, part, found, old):
    if row.struct[part] is None:
        return "-"
    sources = found.get((row.name, part))
    if sources is not None:
        return ",".join(sorted(sources))
    return old if old.startswith("none: ") else "missing"


def write_list(rows, found):
    proofs = read_list()
    with open(LIST, "w", encoding="utf-8") as stream:
        for row in rows:
            old = proofs.get(row.name, (0, {"args": "", "ret": ""}))[1]
            stream.write("\t".join(
                [str(row.number), row.name] +
                [entry(row, part, found, old[part]) for part in PARTS]) + "\n")


def check_row(row, proofs, found):
    if row.name not in proofs:
        return "has no row"
    number, parts = proofs[row.name]
    if number != row.number:
        return "has number %d in the list" % number
    for part in PARTS:
        want = entry(row, part, found, parts[part])
        if want == "missing":
            return "%s: no recording and no reason" % part
        if parts[part] != want:
            return "%s: listed %s, recorded %s" % (part, parts[part], want)
    return None


def check_recordings(tap, rows):
    """Each decodes by calls.x, with all its bytes, to a value that encodes to
    the same bytes."""
    protocol = xdr.Protocol()
    by_name = {row.name: row for row in rows}
    wrong = []
    for number, name, part, _, data in recording.kept_lines():
        row = by_name.get(name)
        if row is None or row.number != int(number):
            wrong.append("%s %s: not in calls.def" % (number, name))
            continue
        data = bytes.fromhex(data)
        try:
            value = protocol.decode(row.struct[part], data)
            if protocol.encode(row.struct[part], value) != data:
                wrong.append("%s %s: encodes differently" % (name, part))
        except xdr.Bad as error:
            wrong.append("%s %s: %s" % (name, part, error))
    tap.report(not wrong, "proofs: recordings are values", "\n".join(wrong))


def main():
    rows = rpc.table()
    found = recorded()
    if "--write" in sys.argv:
        write_list(rows, found)
    tap = recording.Tap()
    proofs = read_list()
    for row in rows:
        why = check_row(row, proofs, found)
        tap.report(why is None, "proofs %d %s" % (row.number, row.name), why)
    strangers = set(proofs) - {row.name for row in rows}
    tap.report(not strangers, "proofs: every row is of a call", strangers)
    numbers = {row.name: row.number for row in rows}
    tap.report(numbers == xdr.Protocol().calls,
               "proofs: calls.x and calls.def have the same calls",
               set(numbers.items()) ^ set(xdr.Protocol().calls.items()))
    check_recordings(tap, rows)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
