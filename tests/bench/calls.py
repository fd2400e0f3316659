# SPDX-License-Identifier: LGPL-2.1-or-later
"""calls.py URI N: what calls.c does one by one, with python3-libvirt."""

import sys
import time

import libvirt

domain = libvirt.open(sys.argv[1]).lookupByName("test")
ask = domain.info
n = int(sys.argv[2])
start = time.monotonic()
for _ in range(n):
    ask()
print("%.0f" % (n / (time.monotonic() - start)))
