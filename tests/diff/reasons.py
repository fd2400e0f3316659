# SPDX-License-Identifier: LGPL-2.1-or-later
"""The reasoned differences: each with its reason and its use.

reasons.tsv holds those of the program, reasons-ext.tsv what a connection
through the tunnel adds; the latter are looked at first.
"""

import fnmatch
import os

import masks


class ReasonError(Exception):
    """A file of reasons cannot be read; the message names the line."""


class Entry:
    """One line: which cases (a shell pattern), what differs, and why.

    what    'mask:NAME': equal once this mask is applied as well;
            'diff:FILE': exactly the diff that reasons/FILE holds
    """

    def __init__(self, cases, what, why, where):
        self.cases = cases
        self.kind, _, self.value = what.partition(':')
        self.what = what
        self.why = why
        self.used = False
        if self.kind == 'mask' and self.value not in masks.MASKS:
            raise ReasonError('%s: no mask "%s"' % (where, self.value))
        if self.kind not in ('mask', 'diff') or not why:
            raise ReasonError('%s: not "cases, mask:NAME or diff:FILE, why"'
                              % where)


class Reasons:
    """All entries, in the order of the file."""

    def __init__(self, folder, tunnel=None):
        self.folder = os.path.join(folder, 'reasons')
        common = self.read(os.path.join(folder, 'reasons.tsv'))
        if tunnel:
            # what the run must need: the others are needed without a tunnel
            self.own = self.read(os.path.join(folder,
                                              'reasons-%s.tsv' % tunnel))
            self.entries = self.own + common
        else:
            self.own = self.entries = common

    @staticmethod
    def read(path):
        """The entries of one file."""
        entries = []
        with open(path, encoding='utf-8') as stream:
            for number, line in enumerate(stream, 1):
                if line.strip() and not line.startswith('#'):
                    where = '%s:%d' % (os.path.basename(path), number)
                    fields = line.rstrip('\n').split('\t')
                    if len(fields) != 3:
                        raise ReasonError('%s: not three fields' % where)
                    entries.append(Entry(*fields, where))
        return entries

    def excuse(self, name, diff, compare):
        """(entry or None, the diff that is left) for the case NAME.

        COMPARE gives the diff with more masks applied. Masks of all entries
        of the case work together; each that changes the diff is in use.
        """
        mine = [entry for entry in self.entries
                if fnmatch.fnmatchcase(name, entry.cases)]
        for entry in mine:
            if entry.kind == 'diff' and diff == self.recorded(entry):
                entry.used = True
                return entry, ''
        names = [entry.value for entry in mine if entry.kind == 'mask']
        if not names:
            return None, diff
        left = compare(names)
        for entry in mine:
            if entry.kind == 'mask':
                others = [other for other in names if other != entry.value]
                if compare(others) != left:
                    entry.used = True
        return (mine[0] if left == '' else None), left

    def recorded(self, entry):
        with open(os.path.join(self.folder, entry.value),
                  encoding='utf-8', errors='surrogateescape') as stream:
            return stream.read()
