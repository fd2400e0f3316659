# SPDX-License-Identifier: LGPL-2.1-or-later
"""manager.py URI: what a graphical manager asks when it connects and shows a
guest. Prints a line a call: what came of it, or the error that it gave."""

import sys
import time

import libvirt

WAIT = 5.0
DOMAIN_EVENTS = 27      # kinds that the client knows
OTHER_EVENTS = (("networkEventRegisterAny", 1),
                ("storagePoolEventRegisterAny", 2),
                ("nodeDeviceEventRegisterAny", 2),
                ("secretEventRegisterAny", 2))

# Values that the host or the moment decides: that there is one is shown.
VARIES = {"getHostname", "getURI", "getLibVersion", "getFreeMemory",
          "getCPUStats", "getMemoryStats", "getTime", "info", "getCPUMap",
          "getAllDomainStats", "vcpus", "getSysinfo", "blockStats",
          "interfaceStats"}

CONNECTION = (
    ("getType",), ("getVersion",), ("getLibVersion",), ("getURI",),
    ("getHostname",), ("isAlive",), ("isEncrypted",), ("isSecure",),
    ("setKeepAlive", 20, 1), ("getCapabilities",), ("getInfo",),
    ("getMaxVcpus", None), ("getMaxVcpus", "test"), ("getSecurityModel",),
    ("getFreeMemory",), ("getCellsFreeMemory", 0, 2), ("getCPUStats", -1, 0),
    ("getMemoryStats", -1, 0), ("getMemoryParameters", 0), ("getCPUMap", 0),
    ("getSysinfo", 0), ("getCPUModelNames", "x86_64", 0),
    ("getDomainCapabilities", None, None, None, None, 0),
    ("getDomainCapabilities", "/usr/bin/test-hv", "i686", None, "test", 0),
    ("listAllDomains", 0), ("listDomainsID",), ("listDefinedDomains",),
    ("numOfDomains",), ("numOfDefinedDomains",),
    ("listAllNetworks", 0), ("listNetworks",), ("listDefinedNetworks",),
    ("numOfNetworks",), ("listAllStoragePools", 0), ("listStoragePools",),
    ("listDefinedStoragePools",), ("numOfStoragePools",),
    ("listAllInterfaces", 0), ("listInterfaces",), ("numOfInterfaces",),
    ("listAllDevices", 0), ("listDevices", None, 0), ("numOfDevices", None, 0),
    ("listAllNWFilters", 0), ("listAllNWFilterBindings", 0),
    ("listAllSecrets", 0), ("numOfSecrets",), ("numOfNWFilters",),
    ("findStoragePoolSources", "logical", None, 0),
    ("networkLookupByName", "default"), ("interfaceLookupByName", "eth1"),
    ("storagePoolLookupByName", "default-pool"),
    ("nodeDeviceLookupByName", "computer"),
    ("secretLookupByUUIDString", "6695eb01-f6a4-8304-79aa-97f2502e193f"),
    ("lookupByName", "absent"), ("lookupByID", 77),
    ("getAllDomainStats", 0, 0),
)

DOMAIN = (
    ("ID",), ("UUIDString",), ("OSType",), ("isActive",), ("isPersistent",),
    ("isUpdated",), ("autostart",), ("info",), ("state", 0), ("maxMemory",),
    ("maxVcpus",), ("vcpusFlags", 0), ("vcpus",), ("vcpuPinInfo", 0),
    ("emulatorPinInfo", 0), ("XMLDesc", 0), ("XMLDesc", 1), ("XMLDesc", 2),
    ("XMLDesc", 3), ("XMLDesc", 8), ("schedulerType",),
    ("schedulerParameters",), ("memoryParameters", 0), ("blkioParameters", 0),
    ("numaParameters", 0), ("memoryStats",), ("jobInfo",), ("jobStats", 0),
    ("controlInfo", 0), ("getCPUStats", True, 0), ("blockStats", "vda"),
    ("blockInfo", "vda", 0), ("blockJobInfo", "vda", 0),
    ("diskErrors", 0), ("interfaceStats", "testnet0"),
    ("interfaceParameters", "testnet0", 0), ("interfaceAddresses", 0, 0),
    ("hasManagedSaveImage", 0), ("hasCurrentSnapshot", 0),
    ("listAllSnapshots", 0), ("snapshotNum", 0), ("snapshotCurrent", 0),
    ("listAllCheckpoints", 0), ("metadata", 0, None, 0),
    ("metadata", 1, None, 0), ("hostname", 0), ("getTime",), ("fsInfo", 0),
    ("guestInfo", 0, 0), ("guestVcpus", 0),
    ("launchSecurityInfo", 0), ("securityLabel",), ("securityLabelList",),
    ("ioThreadInfo", 0), ("perfEvents", 0), ("backupGetXMLDesc", 0),
    ("messages", 0),
)


def show(value):
    """A value in a line: objects by name, long texts by their length."""
    if isinstance(value, str):
        lines = value.count("\n")
        return "%d lines" % lines if lines else value
    if isinstance(value, dict):
        return "{%s}" % ", ".join("%s: %s" % (k, show(value[k]))
                                  for k in sorted(value))
    if isinstance(value, (list, tuple)):
        return "[%s]" % ", ".join(map(show, value))
    return value.name() if hasattr(value, "name") else str(value)


def ask(obj, method, *args, shown=None):
    """The call's value, None after an error; prints what came of it."""
    what = method + show(shown if shown is not None else args)
    try:
        value = getattr(obj, method)(*args)
    except libvirt.libvirtError as error:
        print("%s: error %d, %s" % (what, error.get_error_code(),
                                    error.get_error_message()))
        return None
    print("%s: %s" % (what, "a value" if method in VARIES or shown else
                      show(value)))
    return value


def register(conn, seen):
    """For events of every kind; those that were given."""
    given = []
    for kind in range(DOMAIN_EVENTS):
        def note(_conn, domain, *rest):
            seen.append("event %d of %s: %s" % (rest[-1], domain.name(),
                                                show(rest[:-1])))
        given.append(ask(conn, "domainEventRegisterAny", None, kind, note,
                         kind, shown=[kind]))
    for method, kinds in OTHER_EVENTS:
        for kind in range(kinds):
            ask(conn, method, None, kind, lambda *args: None, None,
                shown=[kind])
    return [number for number in given if number is not None]


def receive(stream):
    """All of a stream's bytes."""
    data = b""
    while True:
        part = stream.recv(65536)
        if not part:
            stream.finish()
            return data
        data += part


def main():
    libvirt.registerErrorHandler(lambda context, error: None, None)
    libvirt.virEventRegisterDefaultImpl()
    conn = libvirt.open(sys.argv[1])
    seen = []
    for method, *args in CONNECTION:
        ask(conn, method, *args)
    given = register(conn, seen)
    domain = conn.lookupByName("test")
    for method, *args in DOMAIN:
        ask(domain, method, *args)
    stream = conn.newStream()
    if ask(domain, "screenshot", stream, 0, 0, shown=[]) is not None:
        print("picture:", receive(stream).startswith(b"\x89PNG\r\n"))
    ask(domain, "openConsole", None, conn.newStream(), 0, shown=["console"])
    ask(domain, "openChannel", None, conn.newStream(), 0, shown=["channel"])
    ask(domain, "openGraphicsFD", 0, 0, shown=["graphics"])
    for method in ("suspend", "resume", "reset", "reboot", "shutdown",
                   "create"):
        ask(domain, method)
    end = time.monotonic() + WAIT
    while not (seen and seen[-1].startswith("event 0 of test: [2, ")) and \
            time.monotonic() < end:
        libvirt.virEventRunDefaultImpl()
    print("\n".join(seen))
    for number in given:
        conn.domainEventDeregisterAny(number)
    conn.close()


main()
