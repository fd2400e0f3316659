# SPDX-License-Identifier: LGPL-2.1-or-later
"""fault_relay.py KIND WAY AT COMMAND...: passes bytes between its standard
streams and the command's, until byte AT of that way (in or out): there they
are cut, one is garbled, or they wait and go on in small pieces."""

import os
import subprocess
import sys
import threading
import time

WAIT = 0.4
PIECE = 7

kind, way, at = sys.argv[1], sys.argv[2], int(sys.argv[3])
command = subprocess.Popen(sys.argv[4:], stdin=subprocess.PIPE,
                           stdout=subprocess.PIPE)


def end():
    command.kill()
    os._exit(0)


def write(target, data):
    while data:
        data = data[os.write(target, data):]


def pump(source, target, faulty):
    seen = 0
    while True:
        try:
            data = os.read(source, 65536)
        except OSError:
            break       # a socket that was reset
        if not data:
            break
        here = at - seen
        seen += len(data)
        try:
            if faulty and 0 <= here < len(data):
                if kind == "cut":
                    write(target, data[:here])
                    end()
                elif kind == "garble":
                    data = data[:here] + bytes([data[here] ^ 0x41]) + \
                        data[here + 1:]
                else:
                    write(target, data[:here])
                    time.sleep(WAIT)
                    for i in range(here, len(data), PIECE):
                        write(target, data[i:i + PIECE])
                    continue
            write(target, data)
        except OSError:
            break
    os.close(target)


threading.Thread(target=pump, daemon=True, args=(
    0, command.stdin.fileno(), way == "out")).start()
pump(command.stdout.fileno(), 1, way == "in")
end()
