#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The results and events of a real libvirtd's test driver, recorded between
it and python3-libvirt. Figures and times differ from run to run, so that what
is compared with the kept recordings is which calls they are of.

usage: record_libvirtd.py [--keep | OUTDIR]
"""

import os
import shutil
import sys

import libvirt

import libvirtd
import proxy
import recording
import rpc
import xdr

ENOUGH = 3      # recordings of one struct
NEW = "<domain type='test'><name>%s</name><memory>4096</memory>" \
      "<os><type>hvm</type></os></domain>"
RUNNING = libvirt.VIR_DOMAIN_AFFECT_LIVE


def with_new(c, function):
    """Of a domain that is defined for the purpose."""
    domain = c.defineXML(NEW % "new")
    try:
        return function(domain)
    finally:
        if domain.isActive():
            domain.destroy()
        domain.undefine()


def of_default(function):
    """Of the host of test:///default, whose cells have memory."""
    conn = libvirt.open(PATHS["default"])
    try:
        return function(conn)
    finally:
        conn.close()


def saved(c, d, function):
    """With the domain saved to a file that the server can write."""
    path = os.path.join(os.path.dirname(PATHS["socket"]), "image")
    d.save(path)
    try:
        return function(path)
    finally:
        c.restore(path)


def with_metadata(d):
    d.setMetadata(libvirt.VIR_DOMAIN_METADATA_TITLE, "a title", None, None)
    return d.metadata(libvirt.VIR_DOMAIN_METADATA_TITLE, None)


def screenshot(c, d):
    stream = c.newStream()
    mime = d.screenshot(stream, 0)
    data = b""
    while True:
        more = stream.recv(65536)
        if not more:
            break
        data += more
    stream.finish()
    return mime, len(data)


def ignore(conn, domain, event, detail, opaque):
    """A callback."""


PATHS = {}

# Calls that have a result: name, what makes it of connection and domain.
CASES = [
    ("CONNECT_GET_TYPE", lambda c, d: c.getType()),
    ("CONNECT_GET_VERSION", lambda c, d: c.getVersion()),
    ("CONNECT_GET_MAX_VCPUS", lambda c, d: c.getMaxVcpus("test")),
    ("NODE_GET_INFO", lambda c, d: c.getInfo()),
    ("CONNECT_GET_CAPABILITIES", lambda c, d: c.getCapabilities()),
    ("DOMAIN_CREATE_XML",
     lambda c, d: c.createXML(NEW % "transient").destroy()),
    ("DOMAIN_DEFINE_XML", lambda c, d: with_new(c, lambda n: n.name())),
    ("DOMAIN_GET_XML_DESC", lambda c, d: d.XMLDesc()),
    ("DOMAIN_GET_AUTOSTART", lambda c, d: d.autostart()),
    ("DOMAIN_GET_INFO", lambda c, d: d.info()),
    ("DOMAIN_GET_MAX_MEMORY", lambda c, d: d.maxMemory()),
    ("DOMAIN_GET_MAX_VCPUS", lambda c, d: d.maxVcpus()),
    ("DOMAIN_GET_OS_TYPE", lambda c, d: d.OSType()),
    ("DOMAIN_GET_VCPUS", lambda c, d: d.vcpus()),
    ("CONNECT_LIST_DEFINED_DOMAINS",
     lambda c, d: with_new(c, lambda n: c.listDefinedDomains())),
    ("DOMAIN_LOOKUP_BY_ID", lambda c, d: c.lookupByID(d.ID())),
    ("DOMAIN_LOOKUP_BY_NAME", lambda c, d: c.lookupByName("test")),
    ("DOMAIN_LOOKUP_BY_UUID", lambda c, d: c.lookupByUUID(d.UUID())),
    ("CONNECT_NUM_OF_DEFINED_DOMAINS", lambda c, d: c.numOfDefinedDomains()),
    ("CONNECT_LIST_DOMAINS", lambda c, d: c.listDomainsID()),
    ("CONNECT_NUM_OF_DOMAINS", lambda c, d: c.numOfDomains()),
    ("DOMAIN_GET_SCHEDULER_TYPE", lambda c, d: d.schedulerType()),
    ("DOMAIN_GET_SCHEDULER_PARAMETERS", lambda c, d: d.schedulerParameters()),
    ("CONNECT_GET_HOSTNAME", lambda c, d: c.getHostname()),
    ("DOMAIN_BLOCK_STATS", lambda c, d: d.blockStats("vda")),
    ("DOMAIN_INTERFACE_STATS", lambda c, d: d.interfaceStats("testnet0")),
    ("NODE_GET_CELLS_FREE_MEMORY", lambda c, d:
     of_default(lambda e: e.getCellsFreeMemory(0, 2))),
    ("NODE_GET_FREE_MEMORY",
     lambda c, d: of_default(lambda e: e.getFreeMemory())),
    ("DOMAIN_MEMORY_PEEK", lambda c, d: d.memoryPeek(0, 16, 1)),
    ("DOMAIN_GET_SECURITY_LABEL", lambda c, d: d.securityLabel()),
    ("NODE_GET_SECURITY_MODEL", lambda c, d: c.getSecurityModel()),
    ("CONNECT_IS_SECURE", lambda c, d: c.isSecure()),
    ("DOMAIN_IS_ACTIVE", lambda c, d: d.isActive()),
    ("DOMAIN_IS_PERSISTENT", lambda c, d: d.isPersistent()),
    ("DOMAIN_IS_UPDATED", lambda c, d: d.isUpdated()),
    ("CONNECT_GET_LIB_VERSION", lambda c, d: c.getLibVersion()),
    ("DOMAIN_MEMORY_STATS", lambda c, d: d.memoryStats()),
    ("CONNECT_BASELINE_CPU",
     lambda c, d: c.baselineCPU(["<cpu><arch>x86_64</arch>"
                                 "<model>core2duo</model></cpu>"])),
    ("DOMAIN_HAS_MANAGED_SAVE_IMAGE", lambda c, d: d.hasManagedSaveImage()),
    ("DOMAIN_GET_BLOCK_INFO", lambda c, d: d.blockInfo("vda")),
    ("DOMAIN_CREATE_WITH_FLAGS",
     lambda c, d: with_new(c, lambda n: n.createWithFlags(0))),
    ("DOMAIN_CREATE_WITH_FILES",
     lambda c, d: with_new(c, lambda n: n.createWithFiles([]))),
    ("DOMAIN_CREATE_XML_WITH_FILES",
     lambda c, d: c.createXMLWithFiles(NEW % "transient", []).destroy()),
    ("DOMAIN_GET_MEMORY_PARAMETERS", lambda c, d: d.memoryParameters()),
    ("DOMAIN_GET_VCPUS_FLAGS", lambda c, d: d.vcpusFlags(1)),
    ("CONNECT_GET_SYSINFO", lambda c, d: c.getSysinfo()),
    ("DOMAIN_GET_BLKIO_PARAMETERS", lambda c, d: d.blkioParameters()),
    ("DOMAIN_SCREENSHOT", screenshot),
    ("DOMAIN_GET_STATE", lambda c, d: d.state()),
    ("NODE_GET_CPU_STATS", lambda c, d: c.getCPUStats(-1)),
    ("DOMAIN_GET_CONTROL_INFO", lambda c, d: d.controlInfo()),
    ("DOMAIN_GET_VCPU_PIN_INFO", lambda c, d: d.vcpuPinInfo()),
    ("DOMAIN_SAVE_IMAGE_GET_XML_DESC",
     lambda c, d: saved(c, d, c.saveImageGetXMLDesc)),
    ("DOMAIN_GET_BLOCK_IO_TUNE", lambda c, d: d.blockIoTune("vda")),
    ("DOMAIN_GET_NUMA_PARAMETERS", lambda c, d: d.numaParameters()),
    ("DOMAIN_GET_INTERFACE_PARAMETERS",
     lambda c, d: d.interfaceParameters("testnet0")),
    ("DOMAIN_GET_CPU_STATS", lambda c, d: d.getCPUStats(True)),
    ("DOMAIN_GET_DISK_ERRORS", lambda c, d: d.diskErrors()),
    ("DOMAIN_GET_METADATA", lambda c, d: with_metadata(d)),
    ("CONNECT_LIST_ALL_DOMAINS", lambda c, d: c.listAllDomains()),
    ("DOMAIN_GET_HOSTNAME", lambda c, d: d.hostname()),
    ("DOMAIN_GET_EMULATOR_PIN_INFO", lambda c, d: d.emulatorPinInfo()),
    ("NODE_GET_CPU_MAP", lambda c, d: c.getCPUMap()),
    ("CONNECT_GET_CPU_MODEL_NAMES",
     lambda c, d: c.getCPUModelNames("x86_64")),
    ("DOMAIN_FSFREEZE", lambda c, d: d.fsFreeze()),
    ("DOMAIN_FSTHAW", lambda c, d: d.fsThaw()),
    ("DOMAIN_GET_TIME", lambda c, d: d.getTime()),
    ("CONNECT_GET_ALL_DOMAIN_STATS", lambda c, d: c.getAllDomainStats()),
    ("DOMAIN_GET_FSINFO", lambda c, d: d.fsInfo()),
    ("DOMAIN_DEFINE_XML_FLAGS",
     lambda c, d: c.defineXMLFlags(NEW % "strict", 1).undefine()),
    ("DOMAIN_GET_IOTHREAD_INFO", lambda c, d: d.ioThreadInfo()),
    ("DOMAIN_INTERFACE_ADDRESSES", lambda c, d: d.interfaceAddresses(0)),
    ("DOMAIN_RENAME",
     lambda c, d: with_new(c, lambda n: n.rename("renamed"))),
    ("DOMAIN_GET_PERF_EVENTS", lambda c, d: d.perfEvents()),
    ("DOMAIN_GET_MESSAGES", lambda c, d: d.messages()),
]

# Calls that a client makes only of a server without callback ids.
OLD_CASES = [
    ("CONNECT_DOMAIN_EVENT_REGISTER",
     lambda c, d: c.domainEventRegister(ignore, None)),
    ("CONNECT_DOMAIN_EVENT_DEREGISTER",
     lambda c, d: c.domainEventDeregister(ignore)),
]

# What makes events.
STIRRING = [
    lambda c, d: d.suspend(),
    lambda c, d: d.resume(),
    lambda c, d: d.setMemoryFlags(1 << 20, RUNNING),
    lambda c, d: d.setBlockIoTune("vda", {"total_iops_sec": 100,
                                          "total_iops_sec_max": 200}),
    lambda c, d: d.setMetadata(libvirt.VIR_DOMAIN_METADATA_ELEMENT, "<m/>",
                               "k", "urn:x"),
]


def run_cases(conn, recorder, cases, tap):
    for name, make in cases:
        domain = conn.lookupByName("test")
        before = len(recorder.recorded)
        try:
            make(conn, domain)
            why = "no result recorded"
        except libvirt.libvirtError as error:
            why = error
        good = name in [row.name for row, _, _ in recorder.recorded[before:]]
        tap.report(good, "libvirtd " + name, why)


def run_events(client, domain, events):
    ids = [client.domainEventRegisterAny(None, event, lambda *words: None,
                                         None) for event in events]
    for stir in STIRRING:
        stir(client, domain)
    for callback in ids:
        client.domainEventDeregisterAny(callback)


def main():
    tap = recording.Tap()
    out = recording.Recordings("libvirtd.tsv")
    protocol = xdr.Protocol()
    rows = rpc.table()
    libvirt.registerErrorHandler(lambda context, error: None, None)
    libvirt.virEventRegisterDefaultImpl()
    with libvirtd.Libvirtd() as daemon:
        PATHS["socket"] = daemon.socket
        node = os.path.join(daemon.where, "node.xml")
        shutil.copy(os.path.join(recording.HERE, "node.xml"), node)
        new = proxy.Proxy(os.path.join(daemon.where, "new"), daemon.socket,
                          rows)
        old = proxy.Proxy(os.path.join(daemon.where, "old"), daemon.socket,
                          rows, {proxy.FEATURE_CALLBACK_IDS})
        PATHS["default"] = "test+unix:///default?socket=%s/new" % daemon.where
        uri = "test+unix://%s?socket=%s/" % (node, daemon.where)
        conn = libvirt.open(uri + "new")
        run_cases(conn, new, CASES, tap)
        run_events(conn, conn.lookupByName("test"), range(27))
        conn.close()
        conn = libvirt.open(uri + "old")
        run_cases(conn, old, OLD_CASES, tap)
        run_events(conn, conn.lookupByName("test"), range(16))
        conn.close()
        count = {}
        for row, part, data in new.recorded + old.recorded:
            try:
                protocol.decode(row.struct[part], data)
                count[row, part] = count.get((row, part), 0) + 1
                if count[row, part] <= ENOUGH:
                    out.add(row, part, "recorded:libvirtd", data)
            except xdr.Bad as error:
                tap.report(False, "libvirtd: %s decodes" % row.name, error)
        troubles = new.troubles + old.troubles
        tap.report(not troubles, "libvirtd: the proxy understood everything",
                   "\n".join(troubles))
    if "--keep" in sys.argv:
        out.settle(tap, True)
    else:
        recorded = {line[1:3] for line in out.lines}
        kept = {tuple(line[1:3]) for line in recording.kept_lines()
                if line[3] == "recorded:libvirtd"}
        tap.report(recorded == kept, "libvirtd.tsv is of the same calls",
                   recorded ^ kept)
    if len(sys.argv) > 1 and sys.argv[1] != "--keep":
        with open(os.path.join(sys.argv[1], out.name), "w",
                  encoding="utf-8") as stream:
            stream.write(out.text())
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
