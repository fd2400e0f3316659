# SPDX-License-Identifier: LGPL-2.1-or-later
"""same_as_virsh.py XVSH URI...: xvsh on a real libvirtd, by each
URI, prints what virsh prints over its socket. The socket is ./libvirt-sock."""

import difflib
import os
import re
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
COMMANDS = """
list --all; list --uuid; list --name; list --all --title
dominfo test; dominfo 1; dominfo 6695eb01-f6a4-8304-79aa-97f2502e193f
dominfo none; dominfo
domstate test --reason; domid test; domname 1; domuuid test; domstats
dumpxml test; dumpxml test --xpath //memory; dumpxml test --inactive
vcpuinfo test; vcpucount test; vcpupin test; emulatorpin test; schedinfo test
dommemstat test; domblklist test; domiflist test; domblkstat test vda
domcontrol test; domjobinfo test; autostart test; dominfo test
nodeinfo; nodecpustats; nodememstats; capabilities; hostname
freecell --all; nodecpumap; maxvcpus; sysinfo; domcapabilities; cpu-models i686
suspend test; domstate test --reason; resume test; domstate test --reason
setmem test 4194304; dominfo test; setvcpus test 1; vcpucount test
desc test some words; desc test; metadata test --uri urn:a --key a --set <a/>
metadata test --uri urn:a; reboot test; shutdown test; list --all; start test
define new.xml; dominfo new; start new; list; destroy new; dumpxml new
save test state; list --all; restore state; list --all; dump test core
undefine new; undefine test; destroy test; screenshot test shot; list --all
event --all --timeout 1
"""
# What goes with the clock, and with who asks.
MASKS = (
    (re.compile(r"(CPU time: +|cpu\.time=|(?:user|system|idle|iowait): +)"
                r"[0-9.]+"), r"\1T"),
    (re.compile(r"(vda (?:rd|wr)_\w+|vda errs) [0-9]+"), r"\1 T"),
    (re.compile(r"(block\.\d\.\w+\.\w+=|block\.0\.errors=)[0-9]+"), r"\1T"),
)


def run(program, uri):
    said = []
    for line in COMMANDS.strip().splitlines():
        end = subprocess.run([program, "-c", uri, line], timeout=60,
                             stdout=subprocess.PIPE, check=False,
                             stderr=subprocess.STDOUT, text=True)
        text = end.stdout
        for pattern, mask in MASKS:
            text = pattern.sub(mask, text)
        said += ["--- " + line] + text.splitlines() + [
            "status %d" % end.returncode]
    return said


def main():
    xvsh, *uris = sys.argv[1:]
    here = os.path.abspath("libvirt-sock")
    wrong = 0
    with open("new.xml", "w", encoding="utf-8") as stream:
        stream.write(NEW)
    with libvirtd.Libvirtd() as server:
        os.symlink(server.socket, here)
        wanted = run("virsh", "test+unix:///default?socket=" + here)
        for uri in uris:
            got = run(xvsh, uri)
            differ = list(difflib.unified_diff(wanted, got, "virsh", uri,
                                               lineterm="", n=4))
            print("\n".join(differ + [""]), end="")
            wrong += len(differ) > 0
        os.unlink(here)
    print("%d lines by %d ways, %d differ" % (len(wanted), len(uris), wrong))
    return 1 if wrong else 0


sys.exit(main())
