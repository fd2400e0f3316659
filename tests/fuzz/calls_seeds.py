#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes the longest recording of each struct as a seed of calls_fuzz.

usage: calls_seeds.py DIR    run again when recordings have changed
"""

import os
import struct
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "wire"))

import recording    # noqa: E402 (found by the line above)


def main():
    longest = {}
    for number, name, part, _, data in recording.kept_lines():
        key = (int(number), name, part)
        longest[key] = max(longest.get(key, ""), data, key=len)
    for (number, name, part), data in longest.items():
        path = os.path.join(sys.argv[1], "%s-%s" % (name.lower(), part))
        with open(path, "wb") as stream:
            stream.write(struct.pack(">BBH", part == "ret", 0, number) +
                         bytes.fromhex(data))


if __name__ == "__main__":
    main()
