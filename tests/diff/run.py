#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs every case with two programs and compares what they did.

Stock virsh is program A and always runs live; nothing is compared with a
recording. See README.md.
"""

import argparse
import concurrent.futures
import os
import shutil
import sys
import tempfile
import time

import cache
import casefile
import masks
import program
import reasons

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))


class Verdict:
    """How one case ended: matches, is reasoned, or differs."""

    def __init__(self, case, diff, reason, seconds):
        self.case = case
        self.diff = diff
        self.reason = reason
        self.seconds = seconds
        self.matches = diff == ''


class Suite:
    """Runs cases, a pool of directories among the workers."""

    def __init__(self, program_a, program_b, known, workers, kept):
        self.program_a = program_a
        self.program_b = program_b
        self.kept = kept
        self.known = known
        self.workers = workers
        self.base = tempfile.mkdtemp(prefix='xvsh-diff-')
        self.free = [os.path.join(self.base, 'w%d' % number)
                     for number in range(workers)]

    def judge(self, case):
        root = self.free.pop()
        try:
            left = self.kept.get(case)
            if left is None:
                left = program.run_patiently(self.program_a, case, root)
                self.kept.put(case, left)
            right = program.run_patiently(self.program_b, case, root)
        finally:
            self.free.append(root)
        names = case.masks
        diff = program.difference(left, right, names)
        reason = None
        if diff:
            reason, diff = self.known.excuse(
                case.name, diff,
                lambda more: program.difference(left, right, names + more))
        return Verdict(case, diff, reason, (left.seconds, right.seconds))

    def run(self, cases):
        """Verdicts in the order of CASES, as they become known."""
        try:
            with concurrent.futures.ThreadPoolExecutor(self.workers) as pool:
                yield from pool.map(self.judge, cases)
        finally:
            shutil.rmtree(self.base, ignore_errors=True)


def colon_pair(text):
    """FROM=TO or NAME=VALUE, parted at the first '='."""
    left, found, right = text.partition('=')
    if not found:
        raise argparse.ArgumentTypeError('"%s" has no "="' % text)
    return left, right


def tunnel_of(uri_map, program_b):
    """Whose reasons hold: ssh has a host in each URI, ext has none; virsh has
    its own."""
    if not uri_map:
        return None
    if os.path.basename(program_b) == 'virsh':
        return 'virsh'
    return 'ssh' if any('ssh' in to.partition(':')[0]
                        for _, to in uri_map) else 'ext'


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--a', default='virsh', help='the program to match')
    parser.add_argument('--b', default=os.path.join(TOP, 'build', 'xvsh'),
                        help='the program under test')
    parser.add_argument('--b-uri-map', action='append', default=[],
                        type=colon_pair, metavar='FROM=TO',
                        help='give B the URI TO for FROM; a * that ends FROM '
                        'stands for the rest, put where TO has a *')
    parser.add_argument('--b-env', action='append', default=[],
                        type=colon_pair, metavar='NAME=VALUE',
                        help='more for the environment of B')
    parser.add_argument('--b-env-not', type=int, default=0, metavar='N',
                        help='but not in every Nth case')
    parser.add_argument('--patience', type=float, default=1.0, metavar='N',
                        help='multiply the time limits of B (sanitizers)')
    parser.add_argument('-k', metavar='SUBSTR', default='',
                        help='only cases whose name or file contains it')
    parser.add_argument('-j', type=int, default=3, metavar='N',
                        help='workers (default 3: some cases only wait)')
    parser.add_argument('--cache', metavar='DIR',
                        help='keep what A did in DIR, and take it from there')
    parser.add_argument('--list', action='store_true',
                        help='print the names of the cases and leave')
    parser.add_argument('--show', action='store_true',
                        help='print what A does, compare nothing')
    parser.add_argument('--tap', action='store_true',
                        help='one TAP line a case')
    parser.add_argument('--slow', action='store_true',
                        help='name the ten slowest cases at the end')
    return parser.parse_args()


def report_tap(number, verdict):
    name = verdict.case.name.replace('#', '\\#')
    print('%sok %d - diff: %s' % ('' if verdict.matches else 'not ', number,
                                  name))
    for line in verdict.diff.splitlines():
        print('# ' + line)


def report_text(verdict):
    if not verdict.matches:
        print('FAILED %s (%s)' % (verdict.case.name, verdict.case.where))
        for line in verdict.diff.splitlines():
            print('    ' + line)


def count_commands(cases):
    """Command lines: those of a list, and those of a given script."""
    total = 0
    for case in cases:
        total += len(case.commands)
        if not case.commands:
            total += 1 if case.stdin is None else case.stdin.count('\n')
    return total


def main():
    options = parse_arguments()
    sys.stdout.reconfigure(errors='backslashreplace')
    try:
        cases = casefile.read_all(HERE)
        known = reasons.Reasons(HERE, tunnel_of(options.b_uri_map,
                                                  options.b))
    except (casefile.CaseError, reasons.ReasonError) as error:
        sys.exit('run.py: %s' % error)
    every = len(cases)
    cases = [case for case in cases
             if options.k in case.name or options.k in case.where]
    for case in cases:
        for name in case.masks:
            if name not in masks.MASKS:
                sys.exit('run.py: %s: no mask "%s"' % (case.where, name))
    if options.list:
        for case in cases:
            print(case.name)
        return 0
    program_a = program.Program(options.a)
    if options.show:
        show(program_a, cases)
        return 0
    program_b = program.Program(options.b, options.b_uri_map, options.patience,
                                dict(options.b_env), options.b_env_not)
    whole = len(cases) == every and (program_a.words != program_b.words or
                                     bool(options.b_uri_map))
    stale_count = len(known.own) if whole else 0
    if options.tap:
        print('1..%d' % (len(cases) + stale_count))
    started = time.time()
    verdicts = []
    kept = cache.Cache(options.cache, program_a)
    for verdict in Suite(program_a, program_b, known, options.j,
                         kept).run(cases):
        verdicts.append(verdict)
        if options.tap:
            report_tap(len(verdicts), verdict)
        else:
            report_text(verdict)
        sys.stdout.flush()
    failed = sum(not verdict.matches for verdict in verdicts)
    if whole:
        failed += report_reasons(known, len(verdicts), options.tap)
    report_summary(options, verdicts, cases, failed, time.time() - started)
    return 1 if failed else 0


def show(virsh, cases):
    """Print the outcome of each case, for those who write cases."""
    base = tempfile.mkdtemp(prefix='xvsh-diff-')
    try:
        for case in cases:
            outcome = program.run_patiently(virsh, case,
                                            os.path.join(base, 'w'))
            print('== %s (%s)' % (case.name, case.where))
            for key, text in outcome.texts.items():
                if text:
                    print('%s:' % key)
                    sys.stdout.writelines('    ' + line
                                          for line in program.lines_of(text))
    finally:
        shutil.rmtree(base, ignore_errors=True)


def report_reasons(known, number, tap):
    """Say which reasons are still needed; count the rest."""
    stale = 0
    for entry in known.own:
        number += 1
        if tap:
            print('%sok %d - diff: reason still needed: %s %s'
                  % ('' if entry.used else 'not ', number, entry.cases,
                     entry.what))
        elif not entry.used:
            print('FAILED reason no longer needed: %s %s'
                  % (entry.cases, entry.what))
        stale += not entry.used
    return stale


def report_summary(options, verdicts, cases, failed, seconds):
    excused = sum(verdict.reason is not None for verdict in verdicts)
    same = sum(verdict.matches for verdict in verdicts)
    out = sys.stderr if options.tap else sys.stdout
    print('%d of %d cases match (%d command lines, %d reasoned), %d failed, '
          '%.0f s' % (same, len(verdicts), count_commands(cases), excused,
                      failed, seconds), file=out)
    if options.slow:
        order = sorted(verdicts, key=lambda verdict: -sum(verdict.seconds))
        for verdict in order[:10]:
            print('%6.2f s A %6.2f s B  %s' % (verdict.seconds + (
                verdict.case.name,)), file=out)


if __name__ == '__main__':
    sys.exit(main())
