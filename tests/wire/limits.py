#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Compares calls.x with the coder inside of libvirt's own client library: it
must read every recording to the last byte and write the same again, take each
array at the limit that calls.x gives, and refuse one element more."""

import ctypes
import sys

import recording
import rpc
import xdr

ENCODE, DECODE = 0, 1
# More than any struct of the protocol has, arrays and texts aside.
ROOM = 65536
TEXTS = {"xvm_domain_lookup_by_name_args", "xvm_connect_open_args"}

TIRPC = ctypes.CDLL("libtirpc.so.3")
LIBVIRT = ctypes.CDLL("libvirt.so.0")


class Stream(ctypes.Structure):
    """libtirpc's XDR; a stream in memory keeps what is left in handy."""

    _fields_ = [("op", ctypes.c_int), ("ops", ctypes.c_void_p),
                ("public", ctypes.c_void_p), ("private", ctypes.c_void_p),
                ("base", ctypes.c_void_p), ("handy", ctypes.c_uint)]


def coder(struct_name):
    """libvirt's function for one of our structs."""
    return getattr(LIBVIRT, "xdr_remote_" + struct_name[len("xvm_"):])


def recode(struct_name, data):
    """What libvirt makes of data: None when it refuses it or leaves some."""
    function = coder(struct_name)
    value = ctypes.create_string_buffer(ROOM)
    stream = Stream()
    TIRPC.xdrmem_create(ctypes.byref(stream), data, len(data), DECODE)
    good = function(ctypes.byref(stream), value) and stream.handy == 0
    out = ctypes.create_string_buffer(len(data) + 4)
    if good:
        TIRPC.xdrmem_create(ctypes.byref(stream), out, len(out), ENCODE)
        good = function(ctypes.byref(stream), value)
    TIRPC.xdr_free(function, value)
    return out.raw[:len(out) - stream.handy] if good else None


def arrays(protocol, struct_name, path=()):
    """The paths of a struct's counted fields with their limits. Texts are all
    of one type: they are tried in two structs that have little else."""
    for field in protocol.structs[struct_name]:
        here = path + (field.name,)
        if field.limit is not None:
            yield here, field.limit
        elif struct_name in TEXTS and field.base in ("xvm_str", "xvm_opt_str"):
            yield here, protocol.types["xvm_str"].limit
        if field.base in protocol.structs:
            yield from arrays(protocol, field.base, here)


def place(value, path, count):
    """Blow up the array at the path of a sample."""
    for name in path[:-1]:
        value = value[name]
        if isinstance(value, list):
            value = value[0]
    old = value[path[-1]]
    if isinstance(old, (str, bytes)):
        value[path[-1]] = xdr.Repeat(b"x", count)
    else:
        value[path[-1]] = xdr.Repeat(old[0], count)


def check_limit(protocol, struct_name, path, limit):
    for count, allowed in ((limit, True), (limit + 1, False)):
        value = protocol.sample(struct_name)
        place(value, path, count)
        data = protocol.encode(struct_name, value)
        again = recode(struct_name, data)
        if (again is not None) != allowed:
            return "%d elements are %s" % (count, "refused" if allowed
                                           else "taken")
        if allowed and again != data:
            return "%d elements are written otherwise" % count
    return None


def main():
    tap = recording.Tap()
    protocol = xdr.Protocol()
    rows = {row.name: row for row in rpc.table()}
    for row in rows.values():
        for part, struct_name in row.struct.items():
            if struct_name is None:
                continue
            wrong = []
            data = protocol.encode(struct_name, protocol.sample(struct_name))
            if recode(struct_name, data) != data:
                wrong.append("a sample is written otherwise")
            for path, limit in arrays(protocol, struct_name):
                why = check_limit(protocol, struct_name, path, limit)
                if why is not None:
                    wrong.append("%s: %s" % (".".join(path), why))
            tap.report(not wrong, "limits %s %s" % (row.name, part),
                       "\n".join(wrong))
    wrong = []
    for number, name, part, _, data in recording.kept_lines():
        data = bytes.fromhex(data)
        if recode(rows[name].struct[part], data) != data:
            wrong.append("%s %s %s" % (number, name, part))
    tap.report(not wrong, "limits: libvirt reads the recordings",
               "\n".join(wrong))
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
