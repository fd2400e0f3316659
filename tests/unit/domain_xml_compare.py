#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""domain_xml_compare.py TOOL [FILE...]: define each document of
tests/data/domains with stock libvirt's test driver and format it again;
domain_xml_tool must print the same, or the same error. Generated UUIDs and
MAC addresses are masked where the document gives none. Prints TAP."""

import difflib
import glob
import json
import os
import re
import subprocess
import sys

import libvirt

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
OWN = os.path.join(TOP, "tests", "data", "domains", "own")


def stock(text):
    """What stock makes of a document: (text or error line, live text)."""
    conn = libvirt.open("test:///default")
    try:
        domain = conn.defineXML(text)
    except libvirt.libvirtError as e:
        return "error: %s\n" % e, ""
    out = domain.XMLDesc(libvirt.VIR_DOMAIN_XML_INACTIVE)
    live = ""
    if "'static'" not in text and "dynamic" not in text:
        try:
            domain.create()
            live = re.sub(r" id='\d+'>", " id='7'>", domain.XMLDesc(0),
                          count=1)
        except libvirt.libvirtError:
            pass  # not every document makes a guest that runs
    return out, live


def stock_apart(text):
    """stock() in a process of its own: stock's driver now and then corrupts
    its heap, and dies of it at another document; it gets three tries."""
    for _ in range(3):
        read_end, write_end = os.pipe()
        child = os.fork()
        if child == 0:
            status = 1
            try:
                with os.fdopen(write_end, "w") as f:
                    json.dump(stock(text), f)
                status = 0
            finally:
                os._exit(status)
        os.close(write_end)
        with os.fdopen(read_end) as f:
            answer = f.read()
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if status == 0:
            return json.loads(answer)
        if status > 0:
            break
    raise RuntimeError("stock ended with status %d" % status)


def ours(tool, path, *options):
    run = subprocess.run([tool, *options, path], stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE, check=False)
    if run.returncode not in (0, 1):
        return "exit status %d\n%s" % (run.returncode, run.stderr.decode())
    return (run.stdout + run.stderr).decode(errors="surrogateescape")


def mask(document, text):
    """Hide what differs from run to run when the document leaves it open."""
    for name in "uuid", "genid":
        if "<%s>" % name not in document:
            text = re.sub("<%s>.*</%s>" % (name, name),
                          "<%s>...</%s>" % (name, name), text)
    if "<mac " not in document:
        text = re.sub("52:54:00:[0-9a-f:]{8}", "52:54:00:...", text)
    return text


def report(n, name, want, got):
    print("%sok %d - %s" % ("" if want == got else "not ", n, name))
    if want != got:
        for line in difflib.unified_diff(want.split("\n"), got.split("\n"),
                                         "stock", "ours", lineterm=""):
            print("# " + line)
    return want == got


def main():
    tool, files = sys.argv[1], sys.argv[2:]
    if not files:
        files = sorted(glob.glob(os.path.join(TOP, "tests", "data",
                                              "domains", "*.xml")))
    libvirt.registerErrorHandler(lambda ctx, error: None, None)
    n, good = 0, True
    for path in files:
        name = os.path.basename(path)[:-4]
        with open(path, encoding="utf-8", errors="surrogateescape") as f:
            text = f.read()
        want, live = stock_apart(text)
        n += 1
        good &= report(n, name, mask(text, want),
                       mask(text, ours(tool, path, "--inactive")))
        if live:
            n += 1
            good &= report(n, name + " running", mask(text, live),
                           mask(text, ours(tool, path, "--live", "7")))
    # Where ours differs for a reason (own/README) the answer is beside it.
    for path in sorted(glob.glob(os.path.join(OWN, "*.xml"))):
        with open(path[:-4] + ".out", encoding="utf-8",
                  errors="surrogateescape") as f:
            want = f.read()
        n += 1
        good &= report(n, "own " + os.path.basename(path)[:-4], want,
                       ours(tool, path, "--inactive"))
    print("1..%d" % n)
    return 0 if good and n > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
