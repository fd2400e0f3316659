# SPDX-License-Identifier: LGPL-2.1-or-later
"""silent_stream.py data|end: a helper whose screenshot never comes, or whose
answer to the end of it."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "helpers"))

import scripted  # noqa: E402
from scripted import rpc  # noqa: E402


def answer(call):
    if call.kind == rpc.STREAM:
        return True
    if call.procedure != scripted.SCREENSHOT or sys.argv[1] != "end":
        return False
    scripted.send(call, rpc.REPLY, rpc.OK,
                  scripted.ANSWERS[scripted.SCREENSHOT])
    for data in (b"picture", b""):
        scripted.send(call, rpc.STREAM, rpc.CONTINUE, data)
    return True


scripted.serve(answer)
