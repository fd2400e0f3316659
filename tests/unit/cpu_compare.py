#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""cpu_compare.py TOOL: hosts as Xen describes them, given to cpu_tool and to
libvirt's own functions (those that its Xen driver calls): the description of
each, how it compares with documents of CPUs, and their baselines must be the
same. Prints TAP."""

import ctypes
import os
import random
import re
import subprocess
import sys
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
# The words of Xen's hw_cap: leaf, sub-leaf, register.
PLACES = [(0x1, 0, 4), (0x1, 0, 3), (0x80000001, 0, 4), (0x80000001, 0, 3),
          (0xd, 1, 1), (0x7, 0, 2), (0x7, 0, 3), (0x80000007, 0, 4)]
# Those of real machines: EPYC 7502, Xeon E5-2650 v3, Core2 E6850, in a guest.
REAL = ["178bfbff 7ed8320b 2fd3fbff 75c237ff f 219c91a9 400004 6799",
        "bfebfbff 7ffefbff 2c100800 21 1 37ab 0 100",
        "bfebfbff e3fd 20100800 1 0 0 0 0",
        "178bfbff f6f83203 2fd3fbff 4003f7 7 219c07a9 40061c 0"]
number = 0


class Item(ctypes.Structure):
    """An item of libvirt's CPU data: what CPUID tells of a leaf."""
    _fields_ = [(name, ctypes.c_uint) for name in
                ("type", "leaf", "sub", "eax", "ebx", "ecx", "edx")]


class Def(ctypes.Structure):
    """The beginning of libvirt's description of a CPU."""
    _fields_ = [(name, ctypes.c_int) for name in
                ("refs", "type", "mode", "match", "check", "arch")]


class Libvirt:
    def __init__(self):
        self.lib = ctypes.CDLL("libvirt.so.0")
        for name in ("virCPUDataNew", "virCPUDefNew", "virCPUDefFormat",
                     "virCPUBaseline", "virGetLastErrorMessage"):
            getattr(self.lib, name).restype = ctypes.c_void_p
        self.parse = self.lib.virCPUDefListParse
        self.parse.restype = ctypes.c_void_p
        self.lib.virInitialize()
        self.arch = self.lib.virArchFromString(b"x86_64")
        # Its own errors go to standard error else.
        self.quiet = ctypes.CFUNCTYPE(None, ctypes.c_void_p,
                                      ctypes.c_void_p)(lambda *_: None)
        self.lib.virSetErrorFunc(None, self.quiet)

    def error(self):
        text = ctypes.string_at(self.lib.virGetLastErrorMessage()).decode()
        self.lib.virResetLastError()
        return "error: %s\n" % text

    def text(self, cpu):
        return ctypes.string_at(self.lib.virCPUDefFormat(
            ctypes.c_void_p(cpu), None)).decode()

    def host(self, words):
        """A description, or None and the error."""
        data = ctypes.c_void_p(self.lib.virCPUDataNew(self.arch))
        for (leaf, sub, reg), value in zip(PLACES, words):
            item = Item(1, leaf, sub)
            setattr(item, ("eax", "ebx", "ecx", "edx")[reg - 1], value)
            self.lib.virCPUx86DataAdd(data, ctypes.byref(item))
        cpu = self.lib.virCPUDefNew()
        Def.from_address(cpu).arch = self.arch
        if self.lib.cpuDecode(ctypes.c_void_p(cpu), data, None) < 0:
            return None, self.error()
        return cpu, self.text(cpu)

    def compare(self, host, document):
        out = ""
        for fail in (False, True):
            rc = self.lib.virCPUCompareXML(
                self.arch, ctypes.c_void_p(host), document.encode(), fail,
                False)
            out += "%d\n" % rc if rc >= 0 else self.error()
        return out

    def baseline(self, documents):
        out = ""
        for flags in range(4):
            texts = (ctypes.c_char_p * len(documents))(
                *[d.encode() for d in documents])
            cpus = self.parse(texts, len(documents), 0)
            cpu = cpus and self.lib.virCPUBaseline(
                0, ctypes.c_void_p(cpus), len(documents), None, None,
                bool(flags & 2))
            if cpu and flags & 1:
                first = ctypes.c_void_p.from_address(cpus).value
                if self.lib.virCPUExpandFeatures(
                        Def.from_address(first).arch,
                        ctypes.c_void_p(cpu)) < 0:
                    cpu = None
            out += self.text(cpu) if cpu else self.error()
        return out


def tables():
    """Features in their order with their places, models with their sets."""
    with open(TOP + "/lib/cpu/cpu_x86.def", encoding="utf-8") as f:
        text = f.read()
    registers = {"NONE": 0, "EAX": 1, "EBX": 2, "ECX": 3, "EDX": 4}
    features = [(name, (int(leaf, 0), int(sub), registers[reg]), int(bit))
                for name, leaf, sub, reg, bit in re.findall(
                    r'^FEATURE\("(.*)", (\w+), (\d), (\w+), (\d+)\)', text,
                    re.M)]
    models = []
    for name, vendor, words in re.findall(
            r'^MODEL\("(.*?)", "(.*?)",[^x]*?((?:\s*0x\w+,?)+)\)', text, re.M):
        bits = [int(w, 16) for w in re.findall(r"0x(\w+)", words)]
        models.append((name, vendor, [
            f for i, f in enumerate(features) if bits[i // 64] >> i % 64 & 1]))
    return features, models


def words_of(features):
    words = [0] * len(PLACES)
    for _, place, bit in features:
        if place in PLACES:
            words[PLACES.index(place)] |= 1 << bit
    return words


def make_hosts(features, models):
    rng = random.Random(1)
    hosts = [[int(w, 16) for w in line.split()] for line in REAL]
    for _, _, has in models:
        hosts.append(words_of(has))
        hosts.append(words_of(has + rng.sample(features, 12)))
    for _ in range(60):
        hosts.append([rng.getrandbits(32) | rng.getrandbits(32) |
                      rng.getrandbits(32) for _ in PLACES])
    for _ in range(20):
        hosts.append([rng.getrandbits(32) for _ in PLACES])
    return hosts


def make_documents(features, models):
    """Descriptions of hosts and of guests, and some that are none."""
    rng = random.Random(2)
    documents = []
    for name, vendor, _ in rng.sample(models, 24):
        more = "".join("<feature name='%s'/>" % f[0]
                       for f in rng.sample(features, 4))
        documents.append(
            "<cpu><arch>x86_64</arch><model>%s</model>%s%s</cpu>" % (
                name, "<vendor>%s</vendor>" % vendor
                if vendor and rng.random() < .3 else "", more))
    for name, _, has in rng.sample(models, 24):
        more = "".join(
            "<feature policy='%s' name='%s'/>" % (rng.choice(
                ["force", "require", "optional", "disable", "forbid"]), f[0])
            for f in rng.sample(features, 2) + rng.sample(has, 2)
            if f not in has or rng.random() < .5)
        if len(set(re.findall("name='(.*?)'", more))) < more.count("name="):
            more = ""
        documents.append("<cpu match='%s'><model>%s</model>%s</cpu>" % (
            rng.choice(["exact", "minimum", "strict"]), name, more))
    return documents + [
        "<cpu><arch>x86_64</arch><model>486</model></cpu>",
        "<cpu><arch>i686</arch><model>486</model>"
        "<feature name='xsaves'/><feature name='invtsc'/></cpu>",
        "<cpu><arch>x86_64</arch><model>EPYC</model>"
        "<feature name='xsaves'/><feature name='invtsc'/></cpu>",
        "<cpu><model>486</model></cpu>",
        "<cpu match='strict'><model>486</model></cpu>",
        "<cpu><model>486</model><feature policy='forbid' name='fpu'/>"
        "<feature policy='forbid' name='pse'/></cpu>",
        "<cpu mode='host-passthrough'/>",
        "<cpu mode='host-passthrough'><feature name='sse2'/></cpu>",
        "<cpu mode='nosuch'/>",
        "<cpu match='nosuch'><model>486</model></cpu>",
        "<cpu><model fallback='nosuch'>486</model></cpu>",
        "<cpu><model vendor_id='short'>486</model></cpu>",
        "<cpu><vendor>AMD</vendor></cpu>",
        "<cpu><feature name='fpu'/></cpu>",
        "<cpu><model>nosuch</model></cpu>",
        "<cpu><model>486</model><feature name='nosuch'/></cpu>",
        "<cpu><model>486</model><feature policy='x' name='fpu'/></cpu>",
        "<cpu><model>486</model><feature/></cpu>",
        "<cpu><model>486</model><feature name='fpu'/>"
        "<feature name='fpu'/></cpu>",
        "<cpu><model>486</model><topology sockets='0' cores='1' "
        "threads='1'/></cpu>",
        "<cpu><topology sockets='1' cores='1' threads='1'/></cpu>",
        "<cpu match='exact'><arch>x86_64</arch><model>486</model></cpu>",
        "<cpu mode='custom'><arch>x86_64</arch><model>486</model></cpu>",
        "<cpu><arch>nosuch</arch><model>486</model></cpu>",
        "<cpu><arch/><model>486</model></cpu>",
        "<cpu><arch>x86_64</arch></cpu>",
        "<cpu><arch>ppc64</arch><model>POWER8</model></cpu>",
        "<cpu><arch>aarch64</arch><model>cortex-a53</model></cpu>",
        "<cpu><arch>x86_64</arch><model>nosuch</model></cpu>",
        "<cpu><arch>x86_64</arch><model>486</model>"
        "<vendor>nosuch</vendor></cpu>",
        "<domain/>",
    ]


def check(name, got, wanted):
    global number
    number += 1
    if got == wanted:
        print("ok %d - %s" % (number, name))
        return
    print("not ok %d - %s" % (number, name))
    for line, other in zip(got + [""], wanted + [""]):
        if line != other:
            print("# got:    %s\n# wanted: %s" % (line, other))
            break


def main():
    libvirt = Libvirt()
    features, models = tables()
    hosts = make_hosts(features, models)
    documents = make_documents(features, models)
    with tempfile.TemporaryDirectory() as place:
        paths = []
        for i, document in enumerate(documents):
            paths.append("%s/%d.xml" % (place, i))
            with open(paths[-1], "w", encoding="utf-8") as f:
                f.write(document)
        out = subprocess.run(
            [sys.argv[1]] + paths, stdout=subprocess.PIPE, timeout=120,
            check=True, text=True, input="".join(
                " ".join("%x:%x:%x:%x" % (*place, value)
                         for place, value in zip(PLACES, words)) + "\n"
                for words in hosts)).stdout.splitlines()

    def take(wanted):
        lines = wanted.splitlines()
        got, out[:len(lines)] = out[:len(lines)], []
        return got, lines

    for i, words in enumerate(hosts):
        host, text = libvirt.host(words)
        check("host %d is described" % i, *take(text))
        if host:
            check("host %d is compared" % i, *take("".join(
                libvirt.compare(host, d) for d in documents)))
    for i, pair in enumerate(zip(documents, documents[1:])):
        check("baseline %d" % i, *take(libvirt.baseline(pair)))
    check("nothing more is said", out, [])
    print("1..%d" % number)


main()
