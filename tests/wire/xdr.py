# SPDX-License-Identifier: LGPL-2.1-or-later
"""XDR (RFC 4506) by the declarations of lib/calls.x, independent of rpcgen.

Values: numbers and str as they are, opaque and arrays of char as bytes,
structs as dict, other arrays as list, an absent optional as None, a typed
value as (tag, value).
"""

import os
import re
import struct

CALLS_X = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                       "..", "..", "lib", "calls.x")

INT, UINT, LLONG, ULLONG, DOUBLE, BOOLEAN, STRING = range(1, 8)

# XDR's own number types: struct format, bytes.
NUMBERS = {
    "int": (">i", 4), "unsigned int": (">I", 4),
    "hyper": (">q", 8), "unsigned hyper": (">Q", 8),
    "double": (">d", 8), "char": (">i", 4), "unsigned char": (">I", 4),
    "unsigned short": (">I", 4),
}
TAGGED = {INT: "int", UINT: "unsigned int", LLONG: "hyper",
          ULLONG: "unsigned hyper", DOUBLE: "double", BOOLEAN: "int",
          STRING: "xvm_str"}


class Bad(Exception):
    """Bytes that are no value of the type, or a value that does not fit."""


class Repeat:
    """An array of so many times one element, whatever its limit."""

    def __init__(self, element, count):
        self.element = element
        self.count = count


class Field:
    """A declaration: base type, name, and how it is repeated."""

    PATTERN = re.compile(r"^((?:unsigned )?\w+) (\*?)(\w+)"
                         r"(?:([<\[])(\d+)[>\]])?$")

    def __init__(self, text):
        match = self.PATTERN.match(" ".join(text.split()))
        if match is None:
            raise ValueError("calls.x: cannot read " + repr(text))
        self.base, star, self.name, bracket, count = match.groups()
        self.optional = star == "*"
        self.limit = int(count) if bracket == "<" else None
        self.fixed = int(count) if bracket == "[" else None


class Protocol:
    def __init__(self, path=CALLS_X):
        with open(path, encoding="utf-8") as stream:
            text = re.sub(r"/\*.*?\*/", " ", stream.read(), flags=re.S)
        self.types = {}
        self.structs = {}
        self.calls = {}
        for body in re.findall(r"\btypedef ([^;]+);", text):
            field = Field(body)
            self.types[field.name] = field
        for name, body in re.findall(r"\bstruct (\w+) \{(.*?)\};", text, re.S):
            self.structs[name] = [Field(part) for part in body.split(";")
                                  if part.strip()]
        for name, number in re.findall(r"\bXVM_CALL_(\w+) = (\d+)", text):
            self.calls[name] = int(number)

    # --- values to bytes ----------------------------------------------------
    def encode(self, struct_name, value):
        out = []
        self._put(out, struct_name, value)
        return b"".join(out)

    def _put(self, out, name, value):
        if name in NUMBERS:
            out.append(struct.pack(NUMBERS[name][0], value))
        elif name == "xvm_typed_value":
            tag, inner = value
            out.append(struct.pack(">i", tag))
            self._put(out, TAGGED[tag], inner)
        elif name in self.types:
            self._put_field(out, self.types[name], value)
        else:
            if set(value) != {f.name for f in self.structs[name]}:
                raise Bad("%s: fields %s" % (name, sorted(value)))
            for field in self.structs[name]:
                self._put_field(out, field, value[field.name])

    def _put_field(self, out, field, value):
        if field.optional:
            out.append(struct.pack(">I", value is not None))
            if value is not None:
                self._put(out, field.base, value)
        elif isinstance(value, Repeat) and field.limit is not None:
            out.append(struct.pack(">I", value.count))
            if field.base in ("string", "opaque"):
                data = value.element * value.count
                out.append(data + bytes(-len(data) % 4))
            else:
                one = []
                self._put(one, field.base, value.element[0]
                          if field.base == "char" else value.element)
                out.append(b"".join(one) * value.count)
        elif field.base in ("string", "opaque"):
            data = value.encode("utf-8", "surrogateescape") \
                if field.base == "string" else value
            if field.fixed is None:
                if len(data) > field.limit:
                    raise Bad("%s: over its limit" % field.name)
                out.append(struct.pack(">I", len(data)))
            elif len(data) != field.fixed:
                raise Bad("%s: %d bytes" % (field.name, len(data)))
            out.append(data + bytes(-len(data) % 4))
        elif field.limit is not None:
            if len(value) > field.limit:
                raise Bad("%s: over its limit" % field.name)
            out.append(struct.pack(">I", len(value)))
            for element in value:
                self._put(out, field.base, element)
        elif field.fixed is not None:
            padded = list(value) + [0] * (field.fixed - len(value))
            for element in padded[:field.fixed]:
                self._put(out, field.base, element)
        else:
            self._put(out, field.base, value)

    # --- bytes to values ----------------------------------------------------
    def decode(self, struct_name, data):
        """The value; all bytes must be used."""
        value, used = self._get(struct_name, data, 0)
        if used != len(data):
            raise Bad("%s: %d bytes left over" % (struct_name,
                                                  len(data) - used))
        return value

    def _get(self, name, data, at):
        if name in NUMBERS:
            fmt, size = NUMBERS[name]
            if at + size > len(data):
                raise Bad("short")
            return struct.unpack_from(fmt, data, at)[0], at + size
        if name == "xvm_typed_value":
            tag, at = self._get("int", data, at)
            if tag not in TAGGED:
                raise Bad("typed value: tag %d" % tag)
            inner, at = self._get(TAGGED[tag], data, at)
            return (tag, inner), at
        if name in self.types:
            return self._get_field(self.types[name], data, at)
        value = {}
        for field in self.structs[name]:
            value[field.name], at = self._get_field(field, data, at)
        return value, at

    def _get_field(self, field, data, at):
        if field.optional:
            present, at = self._get("unsigned int", data, at)
            if present > 1:
                raise Bad("%s: optional of %d" % (field.name, present))
            return self._get(field.base, data, at) if present else (None, at)
        count = field.fixed
        if field.limit is not None:
            count, at = self._get("unsigned int", data, at)
            if count > field.limit:
                raise Bad("%s: %d elements" % (field.name, count))
        if field.base in ("string", "opaque"):
            end = at + count
            if end + -count % 4 > len(data):
                raise Bad("%s: short" % field.name)
            raw = bytes(data[at:end])
            if any(data[end:end + -count % 4]):
                raise Bad("%s: padding is not zero" % field.name)
            at = end + -count % 4
            if field.base == "string":
                return raw.decode("utf-8", "surrogateescape"), at
            return raw, at
        if count is None:
            return self._get(field.base, data, at)
        values = []
        for _ in range(count):
            value, at = self._get(field.base, data, at)
            values.append(value)
        if field.base == "char":
            return bytes(v & 255 for v in values), at
        return values, at

    # --- a value of every type ----------------------------------------------
    def sample(self, struct_name, seed=1):
        """A valid value, each number and text in it different."""
        return self._sample(struct_name, [seed])

    def _sample(self, name, counter, label="x"):
        if name in NUMBERS:
            counter[0] += 1
            return float(counter[0]) if name == "double" else counter[0]
        if name == "xvm_typed_value":
            counter[0] += 1
            return (UINT, counter[0])
        if name in self.types:
            return self._sample_field(self.types[name], counter, label)
        return {f.name: self._sample_field(f, counter, f.name)
                for f in self.structs[name]}

    def _sample_field(self, field, counter, label=None):
        label = label or field.name
        if field.base == "string":
            counter[0] += 1
            return "%s%d" % (label, counter[0])
        if field.base == "opaque" or field.base == "char":
            counter[0] += 1
            return bytes([counter[0] % 256] * (field.fixed or 1))
        if field.limit is not None or field.fixed is not None:
            return [self._sample(field.base, counter, label)
                    for _ in range(field.fixed or 1)]
        return self._sample(field.base, counter, label)
