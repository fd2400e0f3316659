# SPDX-License-Identifier: LGPL-2.1-or-later
"""automation.py URI: the calls, in their order, by which an Ansible module and
a Terraform provider bring guests to a state. Prints what came of each step."""

import sys

import libvirt

PLAYBOOK_GUEST = """<domain type='test'>
  <name>%s</name>
  <uuid>0ec22955-9e15-495e-88f9-8ab941924a9e</uuid>
  <memory unit='MiB'>64</memory>
  <vcpu>2</vcpu>
  <os><type>hvm</type></os>
  <devices>
    <interface type='network'>
      <mac address='52:54:00:00:00:01'/>
      <source network='default'/>
    </interface>
  </devices>
</domain>"""


def step(what, function, *args):
    try:
        value = function(*args)
    except libvirt.libvirtError as error:
        print("%s: error %d, %s" % (what, error.get_error_code(),
                                    error.get_error_message()))
        return None
    if what == "info":
        value.pop()     # the time that it has run for
    print("%s: %s" % (what, getattr(value, "name", lambda: value)()))
    return value


def find(conn, name):
    """As the Ansible module does: by asking for each guest."""
    found = [conn.lookupByID(n) for n in conn.listDomainsID()]
    found += [conn.lookupByName(n) for n in conn.listDefinedDomains()]
    return next((d for d in found if d.name() == name), None)


def playbook(conn):
    """define, start, pause, unpause, autostart, destroy, undefine."""
    step("define", conn.defineXML, PLAYBOOK_GUEST % "play")
    step("define again", conn.defineXML, PLAYBOOK_GUEST % "play")
    for name, *args in (("create",), ("info",), ("suspend",), ("resume",),
                        ("setAutostart", 1), ("autostart",), ("maxMemory",),
                        ("create",), ("shutdown",), ("create",), ("destroy",),
                        ("setAutostart", 0), ("undefine",)):
        step(name, getattr(find(conn, "play"), name), *args)
    print("gone:", find(conn, "play"))
    step("transient", conn.createXML, PLAYBOOK_GUEST % "play", 0)
    step("destroy", find(conn, "play").destroy)
    print("gone:", find(conn, "play"))
    for name, *args in (("getMaxVcpus", None), ("getType",), ("getInfo",)):
        step(name, getattr(conn, name), *args)


def provider(conn):
    """create, read, update, delete, with flags as the provider gives them."""
    uuid = step("define", conn.defineXMLFlags, PLAYBOOK_GUEST % "form",
                libvirt.VIR_DOMAIN_DEFINE_VALIDATE).UUIDString()
    domain = conn.lookupByUUIDString(uuid)
    step("autostart", domain.setAutostart, 1)
    step("start", domain.createWithFlags, 0)
    step("state", domain.state, 0)
    step("active", domain.isActive)
    for source in (libvirt.VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_LEASE,
                   libvirt.VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_AGENT,
                   libvirt.VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_ARP):
        step("addresses %d" % source, domain.interfaceAddresses, source, 0)
    print("names its network:", "<source network='default'/>" in
          domain.XMLDesc(libvirt.VIR_DOMAIN_XML_SECURE))
    step("attach", domain.attachDeviceFlags,
         "<interface type='user'/>", libvirt.VIR_DOMAIN_AFFECT_CONFIG)
    step("memory", domain.setMemoryFlags, 32768,
         libvirt.VIR_DOMAIN_AFFECT_CONFIG)
    step("processors", domain.setVcpusFlags, 1,
         libvirt.VIR_DOMAIN_AFFECT_CONFIG)
    step("title", domain.setMetadata, libvirt.VIR_DOMAIN_METADATA_TITLE,
         "formed", None, None, libvirt.VIR_DOMAIN_AFFECT_CONFIG)
    step("element", domain.setMetadata, libvirt.VIR_DOMAIN_METADATA_ELEMENT,
         "<owner>me</owner>", "o", "http://example.org/o", 0)
    step("element", domain.metadata, libvirt.VIR_DOMAIN_METADATA_ELEMENT,
         "http://example.org/o", 0)
    step("gracefully", domain.destroyFlags,
         libvirt.VIR_DOMAIN_DESTROY_GRACEFUL)
    step("undefine", domain.undefineFlags,
         libvirt.VIR_DOMAIN_UNDEFINE_NVRAM |
         libvirt.VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA |
         libvirt.VIR_DOMAIN_UNDEFINE_MANAGED_SAVE |
         libvirt.VIR_DOMAIN_UNDEFINE_CHECKPOINTS_METADATA)
    step("plain undefine", domain.undefineFlags,
         libvirt.VIR_DOMAIN_UNDEFINE_MANAGED_SAVE |
         libvirt.VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA)
    step("again", domain.undefine)
    step("absent", conn.lookupByUUIDString, uuid)


def main():
    libvirt.registerErrorHandler(lambda context, error: None, None)
    conn = libvirt.open(sys.argv[1])
    playbook(conn)
    provider(conn)
    conn.close()


main()
