#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""xen_config.py TOOL: the conversions for Xen, without a hypervisor, over
tests/data/xen. Prints TAP.

NAME.xml is a canonical document, NAME.cfg what domxml-to-native makes of it,
NAME.json what libxl is given (and what it is given by NAME.cfg): from each of
the three the others follow, and the document comes back from NAME.cfg as it
was. native/NAME.cfg are files as people write them, with the document beside
each. bad/NAME.xml are refused with what their first line says.
--write: write NAME.cfg, NAME.json and native/NAME.xml anew, to be reviewed."""

import glob
import os
import re
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
DATA = os.path.join(TOP, "tests", "data", "xen")
# Open vSwitch's name for a port is generated when there is none.
GENERATED = re.compile(r"(?<=interfaceid=')[0-9a-f-]{36}")
number = 0


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def run(tool, mode, paths):
    """The tool's output for each path."""
    out = subprocess.run([tool, mode] + paths + [os.devnull],
                         stdout=subprocess.PIPE, timeout=120, check=False)
    parts = re.split(r"^@@(.*)@@\n", out.stdout.decode(), flags=re.M)
    return dict(zip(parts[1::2], parts[2::2]))


def check(name, got, wanted):
    global number
    number += 1
    if got == wanted:
        print("ok %d - %s" % (number, name))
        return
    print("not ok %d - %s" % (number, name))
    for line, other in zip((got or "").split("\n") + [""],
                           wanted.split("\n") + [""]):
        if line != other:
            print("# got:    %s\n# wanted: %s" % (line, other))
            break


def beside(path, suffix):
    return os.path.splitext(path)[0] + suffix


def write(tool, docs, natives):
    for mode, sources, suffix in (("native", docs, ".cfg"),
                                  ("json", docs, ".json"),
                                  ("xml", natives, ".xml")):
        for path, text in run(tool, mode, sources).items():
            if path == os.devnull:
                continue
            with open(beside(path, suffix), "w", encoding="utf-8") as f:
                f.write(text)


def main():
    tool = sys.argv[1]
    docs = sorted(glob.glob(DATA + "/*.xml"))
    cfgs = [beside(d, ".cfg") for d in docs]
    natives = sorted(glob.glob(DATA + "/native/*.cfg"))
    bad = sorted(glob.glob(DATA + "/bad/*.xml"))
    if "--write" in sys.argv[2:]:
        write(tool, docs, natives)
        return
    out = {(mode, path): text
           for mode, paths in (("canonical", docs), ("native", docs + bad),
                               ("json", docs), ("xml", cfgs + natives),
                               ("native-json", cfgs))
           for path, text in run(tool, mode, paths).items()}
    for doc, cfg in zip(docs, cfgs):
        name = os.path.basename(doc)[:-4]
        xml, json = read(doc), read(beside(doc, ".json"))
        check(name + ": the document is canonical", out["canonical", doc], xml)
        check(name + ": to xl.cfg", out["native", doc], read(cfg))
        check(name + ": back from it",
              GENERATED.sub("", out["xml", cfg]), GENERATED.sub("", xml))
        check(name + ": to libxl", out["json", doc], json)
        check(name + ": xl.cfg to libxl", out["native-json", cfg], json)
    for cfg in natives:
        check("from native " + os.path.basename(cfg), out["xml", cfg],
              read(beside(cfg, ".xml")))
    for path in bad:
        reason = re.match(r"<!-- (.*?) *-->", read(path)).group(1)
        check("refused: " + os.path.basename(path),
              out["native", path].rstrip(), "error: " + reason)
    print("1..%d" % number)


main()
