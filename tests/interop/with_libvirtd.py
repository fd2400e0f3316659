# SPDX-License-Identifier: LGPL-2.1-or-later
"""with_libvirtd.py XVSH COMMANDS: run them on a real libvirtd's test driver,
over its socket, beside a file new.xml."""

import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "wire"))

import libvirtd  # noqa: E402

NEW = """<domain type='test'>
  <name>new</name>
  <uuid>5eb9ff1a-6a44-4f3a-b6ad-2f9b9a6f5f0c</uuid>
  <memory>8192</memory>
  <os><type>hvm</type></os>
</domain>
"""

with libvirtd.Libvirtd() as server:
    with open("new.xml", "w", encoding="utf-8") as stream:
        stream.write(NEW)
    uri = "test+unix:///default?socket=" + server.socket
    status = subprocess.run([sys.argv[1], "-c", uri, sys.argv[2]],
                            check=False).returncode
sys.exit(status)
