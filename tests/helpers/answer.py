#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""answer.py PROGRAM WORD... -- TEXT ANSWER [TEXT ANSWER...]: run the program on
a terminal of its own, type each answer when its text has come, print what the
terminal got, and end with the program's status."""
import sys

from ask import talk


def main():
    at = sys.argv.index("--")
    rest = sys.argv[at + 1:]
    text, status, _ = talk(sys.argv[1:at], [
        (wanted, answer + "\r") for wanted, answer in zip(rest[::2],
                                                          rest[1::2])])
    sys.stdout.write(text)
    return status


sys.exit(main())
