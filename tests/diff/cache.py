# SPDX-License-Identifier: LGPL-2.1-or-later
"""Keeps what stock virsh did, for further runs of the suite within a check.

An outcome is found again by the whole content of its case, of the files that
cases share, and by the program and its version; a hanging run is not kept.
"""

import hashlib
import json
import os
import subprocess

import masks
import program


class Cache:
    """The outcomes of one program in a folder; without a folder, none."""

    def __init__(self, folder, virsh):
        self.folder = folder
        if folder is not None:
            os.makedirs(folder, exist_ok=True)
            self.base = self.digest_surroundings(virsh)

    @staticmethod
    def digest_surroundings(virsh):
        digest = hashlib.sha256(repr(virsh.words).encode())
        digest.update(subprocess.run(virsh.words + ['-V'], check=True,
                                     capture_output=True).stdout)
        for where, folders, names in os.walk(program.NODES):
            folders.sort()
            for name in sorted(names):
                path = os.path.join(where, name)
                digest.update(path.encode())
                if os.path.isfile(path):
                    with open(path, 'rb') as stream:
                        digest.update(stream.read())
        return digest

    def path(self, case):
        digest = self.base.copy()
        content = sorted((key, value) for key, value in vars(case).items()
                         if key not in ('name', 'where', 'masks'))
        digest.update(repr(content).encode('utf-8', 'surrogateescape'))
        return os.path.join(self.folder, digest.hexdigest())

    def get(self, case):
        """The kept outcome of CASE, or None."""
        if self.folder is None:
            return None
        try:
            with open(self.path(case), encoding='ascii') as stream:
                kept = json.load(stream)
        except FileNotFoundError:
            return None
        return program.Outcome(kept['texts'], masks.Span(*kept['span']), 0.0)

    def put(self, case, outcome):
        if self.folder is None or outcome.hung:
            return
        path = self.path(case)
        part = '%s.%d' % (path, os.getpid())
        with open(part, 'w', encoding='ascii') as stream:
            json.dump({'texts': outcome.texts,
                       'span': [outcome.span.begin, outcome.span.end]}, stream)
        os.rename(part, path)
