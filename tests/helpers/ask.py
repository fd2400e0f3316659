#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""ask.py XVSH URI: answer a shell's questions on a terminal of its own.

Runs the program several times; the last line says what was wrong."""
import os
import pty
import select
import sys
import termios
import time

LIMIT = 60


def talk(argv, script):
    """Run argv on a new terminal; script: (text to wait for, what to type).
    Returns what it printed, its status and whether echo was on at the end."""
    pid, fd = pty.fork()
    if pid == 0:
        os.execv(argv[0], argv)
    seen, at, end = b"", 0, time.monotonic() + LIMIT
    script = list(script)
    echo = True
    while time.monotonic() < end:
        if not select.select([fd], [], [], 0.1)[0]:
            continue
        try:
            data = os.read(fd, 4096)
        except OSError:
            break
        if not data:
            break
        seen += data
        if script and seen.find(script[0][0].encode(), at) >= 0:
            at = len(seen)
            os.write(fd, script.pop(0)[1].encode())
        try:
            echo = bool(termios.tcgetattr(fd)[3] & termios.ECHO)
        except termios.error:
            pass
    else:
        os.kill(pid, 9)
        os.waitpid(pid, 0)
        raise SystemExit(f"hung, printed {seen!r}, expected {script[:1]!r}")
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    os.close(fd)
    if script:
        raise SystemExit(f"never asked {script[0][0]!r}: {seen.decode()!r}")
    return seen.decode(), status, echo


def check(what, text, status, wanted, has, lacks="secret"):
    if status != wanted or has not in text or lacks in text:
        raise SystemExit(f"{what}: status {status}, {text!r}")


def main():
    xvsh, uri = sys.argv[1:]
    # Behind `;` the terminal is looked at before it goes.
    shell = ["/bin/sh", "-c",
             'timeout --foreground 15 "$0" -c "$1" list; s=$?; stty -a | '
             "grep -q ' echo ' && stty -a | grep -q ' icanon' && "
             "echo restored; exit $s", xvsh, uri]
    host, phrase = "(yes/no) ", "Passphrase of key"

    for name, script, reason in (
            ("no", [(host, "no\r")], "was not accepted"),
            ("^C", [(host, "\x03")], "ended at a question"),
            ("^D", [(host, "\x04")], "ended at a question"),
            ("what?", [(host, "hm\r"), ("type yes or no", "\x03")],
             "ended at a question")):
        text, status, _ = talk(shell, script)
        check(name, text, status, 1, reason)
        check(name, text, status, 1, "restored")
    text, status, _ = talk(shell, [(host, "yes\r"), (phrase, "wrong\r"),
                                   (phrase, "secreX\x7ft\r")])
    check("yes", text, status, 0, "running")
    check("yes", text, status, 0, "restored")
    text, status, _ = talk(shell, [(phrase, "sec\x03")])
    check("^C at a passphrase", text, status, 1, "ended at a question", "sec\r")
    check("^C at a passphrase", text, status, 1, "restored")
    text, status, _ = talk(shell, [(phrase, "a\r"), (phrase, "b\r"),
                                   (phrase, "c\r")])
    check("wrong", text, status, 1, "wrong passphrase")


if __name__ == "__main__":
    main()
