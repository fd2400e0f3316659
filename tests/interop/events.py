# SPDX-License-Identifier: LGPL-2.1-or-later
"""events.py URI [COMMAND...]: what python3-libvirt sees of a suspend and a
resume, by itself or by the command."""

import subprocess
import sys
import time

import libvirt

WAIT = 10.0

libvirt.virEventRegisterDefaultImpl()
conn = libvirt.open(sys.argv[1])
seen = []


def on_lifecycle(_conn, domain, event, detail, _opaque):
    seen.append("lifecycle %s %d %d" % (domain.name(), event, detail))


for domain in conn.listAllDomains():
    running = domain.state()[0] == libvirt.VIR_DOMAIN_RUNNING
    print(domain.name(), "running" if running else "not running")
conn.domainEventRegisterAny(
    None, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, on_lifecycle, None)
if sys.argv[2:]:
    subprocess.run(sys.argv[2:], check=True, stdout=subprocess.DEVNULL)
else:
    test = conn.lookupByName("test")
    test.suspend()
    test.resume()
end = time.monotonic() + WAIT
while len(seen) < 2 and time.monotonic() < end:
    libvirt.virEventRunDefaultImpl()
print("\n".join(seen))
conn.close()
