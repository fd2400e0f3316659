# SPDX-License-Identifier: LGPL-2.1-or-later
"""idle_prompt.py XVSH: a prompt at which nobody types for longer than a real
libvirtd waits for its clients keeps its connection, at no cost; and says at
the next command that the libvirtd has gone."""

import os
import pty
import select
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "wire"))

import libvirtd  # noqa: E402

CONF = "keepalive_interval = 1\nkeepalive_count = 1\n"
IDLE = 4            # the libvirtd gives up after 2


def ticks(pid):
    """The processor time that it has used, in hundredths of a second."""
    with open("/proc/%d/stat" % pid, encoding="utf-8") as stream:
        words = stream.read().rsplit(")", 1)[1].split()
    return int(words[11]) + int(words[12])


class Prompt:
    def __init__(self, argv):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ["TERM"] = "dumb"
            os.execv(argv[0], argv)
        self.seen = ""

    def until(self, text):
        """What comes up to a text; all of it is forgotten then."""
        end = time.monotonic() + 20
        while text not in self.seen:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.fd], [], [], left)[0]:
                raise SystemExit("no %r in %r" % (text, self.seen))
            self.seen += os.read(self.fd, 4096).decode()
        seen, self.seen = self.seen, ""
        return seen

    def say(self, text):
        os.write(self.fd, text.encode() + b"\n")
        return self.until("\nxvsh # ")


def at_a_terminal(xvsh, server, uri):
    prompt = Prompt([xvsh, "-c", uri])
    prompt.until("xvsh # ")
    assert "running" in prompt.say("domstate test")
    before = ticks(prompt.pid)
    time.sleep(IDLE)
    assert ticks(prompt.pid) - before <= 3, "it works while it waits"
    text = prompt.say("domstate test")
    assert "running" in text and "onnected" not in text, text
    server.process.terminate()
    server.process.wait(10)
    text = prompt.say("domstate test")
    assert "error: Disconnected from %s due to " % uri in text, text
    # Ctrl-C at such a prompt still clears the line.
    os.write(prompt.fd, b"garbage\x03")
    assert "garbage" not in prompt.say("echo fine").replace("garbage\r", "")
    os.write(prompt.fd, b"quit\n")
    os.waitpid(prompt.pid, 0)


def from_a_pipe(xvsh, uri):
    shell = subprocess.Popen([xvsh, "-c", uri], stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, text=True)
    shell.stdin.write("domstate test\n")
    shell.stdin.flush()
    time.sleep(IDLE)
    text = shell.communicate("domstate test\n", timeout=20)[0]
    assert text.count("running") == 2 and "onnected" not in text, text


def main(xvsh):
    with libvirtd.Libvirtd(CONF) as server:
        uri = "test+unix:///default?socket=" + server.socket
        from_a_pipe(xvsh, uri)
        at_a_terminal(xvsh, server, uri)


main(sys.argv[1])
