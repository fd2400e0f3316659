# SPDX-License-Identifier: LGPL-2.1-or-later
"""listen.py URI: print the lifecycle events of all domains until killed."""

import sys

import libvirt

EVENTS = ("defined", "undefined", "started", "suspended", "resumed",
          "stopped", "shutdown", "pmsuspended", "crashed")


def on_lifecycle(_conn, domain, event, detail, _opaque):
    print(domain.name(), EVENTS[event], detail, flush=True)


libvirt.virEventRegisterDefaultImpl()
conn = libvirt.openReadOnly(sys.argv[1])
conn.domainEventRegisterAny(
    None, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, on_lifecycle, None)
# A call after it: once this is answered, events are sent.
conn.getHostname()
print("listening", flush=True)
while conn.isAlive():
    libvirt.virEventRunDefaultImpl()
