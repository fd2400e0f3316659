# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs a program in a case's surroundings and compares two outcomes."""

import difflib
import os
import re
import shlex
import shutil
import signal
import stat
import subprocess
import sys
import time
import zlib

import masks

HERE = os.path.dirname(os.path.abspath(__file__))
NODES = os.path.join(HERE, 'nodes')
DEFAULT_LIMIT = 20.0
# Enough for every list of the suite, little enough for a program gone wild.
MAX_OUTPUT = 8 << 20
# Stock virsh 9.0 may wait for ever in save, dump and managedsave: the thread
# that does the work can end the main loop before it has begun. Only virsh is
# run again for that, the program under test never.
VIRSH_TRIES = 12


class Program:
    """A program under comparison and how its surroundings are spelled."""

    def __init__(self, command, uri_map=(), patience=1.0, env=(), env_not=0):
        self.patience = patience
        self.env = env
        self.env_not = env_not
        self.words = shlex.split(command)
        found = shutil.which(self.words[0])
        if found is None:
            sys.exit('run.py: no program "%s"' % self.words[0])
        self.words[0] = os.path.abspath(found)
        self.own_name = os.path.basename(self.words[-1])
        self.uri_map = uri_map

    def uri(self, text):
        """TEXT as this program is to be given it, see --b-uri-map."""
        for pattern, replacement in self.uri_map:
            if pattern.endswith('*'):
                if text.startswith(pattern[:-1]):
                    return self.fill(replacement, text[len(pattern) - 1:])
            elif text == pattern:
                return replacement
        return text

    @staticmethod
    def fill(replacement, rest):
        """REPLACEMENT with REST for its *; REST's own query comes last."""
        _, path, query, fragment = re.fullmatch(
            r'(([^?#]*)(\?[^#]*)?(#.*)?)', rest, re.DOTALL).groups()
        text = replacement.replace('*', path)
        if query:
            text += '&' + query[1:] if '?' in replacement else query
        return text + (fragment or '')

    def unmap(self, text):
        """TEXT of this program with the URIs that the case was given."""
        for pattern, replacement in self.uri_map:
            if not pattern.endswith('*'):
                text = text.replace(replacement, pattern)
                continue
            before, _, after = replacement.partition('*')
            if after:
                text = text.replace(after + '&', '?').replace(after, '')
            text = text.replace(before, pattern[:-1])
        return text

    def more_environment(self, case):
        """What is added to the environment of CASE, none in every Nth."""
        if self.env_not and zlib.crc32(case.name.encode()) % self.env_not == 0:
            return {}
        return self.env

    def variable(self, name):
        """An environment variable of virsh under this program's prefix."""
        if self.own_name == 'xvsh' and name.startswith('VIRSH_') \
                and name != 'VIRSH_DEFAULT_CONNECT_URI':
            return 'XVSH_' + name[len('VIRSH_'):]
        return name


class Outcome:
    """What a program did in a case: named texts, and when it ran."""

    def __init__(self, texts, span, seconds):
        self.hung = 'no end within' in texts['status']
        self.texts = texts
        self.span = span
        self.seconds = seconds

    def masked(self, names):
        """The texts under the masks NAMES; a file's name is masked too."""
        return {masks.mask_all(key, names, self.span):
                masks.mask_all(text, names, self.span)
                for key, text in self.texts.items()}


def fixed_environment(root):
    """The whole environment of a run; nothing of the caller's leaks in."""
    return {
        'PATH': '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin',
        'HOME': root + '/home',
        'TMPDIR': root + '/tmp',
        'XDG_CACHE_HOME': root + '/home/.cache',
        'XDG_CONFIG_HOME': root + '/home/.config',
        'XDG_DATA_HOME': root + '/home/.local/share',
        'XDG_STATE_HOME': root + '/home/.local/state',
        'XDG_RUNTIME_DIR': root + '/run',
        'LC_ALL': 'C.UTF-8',
        'TZ': 'UTC',
        'TERM': 'dumb',
    }


def make_root(root):
    """A fresh tree at ROOT: both programs of a case see the same paths."""
    shutil.rmtree(root, ignore_errors=True)
    for name in ('work', 'home', 'tmp', 'run'):
        os.makedirs(os.path.join(root, name), mode=0o700)


def place(text, program, case):
    """TEXT with {uri} and {nodes} filled in."""
    text = text.replace('{nodes}', NODES)
    if case.uri is not None:
        uri = program.uri(case.uri.replace('{nodes}', NODES))
        text = text.replace('{uri}', uri)
    return text


def command_lines(program, case):
    """The processes of a case: a list of (arguments, standard input)."""
    words = program.words + [place(word, program, case) for word in case.opts]
    if case.uri is not None:
        words += ['-c', place('{uri}', program, case)]
    commands = [place(line, program, case) for line in case.commands]
    given = None if case.stdin is None else place(case.stdin, program, case)
    if case.mode == 'argv':
        return [(words + shlex.split(line), given) for line in commands]
    if case.mode == 'script':
        if given is None:
            given = ''.join(line + '\n' for line in commands)
        return [(words, given)]
    if not commands:
        return [(words, given)]
    return [(words + [('; ' if case.mode == 'line' else '\n')
                      .join(commands)], given)]


def run_process(words, given, where, environment, limit):
    """(status, stdout, stderr) of one process group under a time limit."""
    process = subprocess.Popen(
        words, cwd=where, env=environment, start_new_session=True,
        stdin=subprocess.DEVNULL if given is None else subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    data = None if given is None else given.encode('utf-8', 'surrogateescape')
    try:
        out, err = process.communicate(data, limit)
        status = str(process.returncode)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        out, err = process.communicate()
        status = 'no end within %g s' % limit
    return status, text_of(out), text_of(err)


def text_of(data):
    return data[:MAX_OUTPUT].decode('utf-8', 'surrogateescape')


def tree(root, given):
    """What is left in the directories of a run, as named texts."""
    texts = {}
    names = []
    for top in ('work', 'tmp'):
        for folder, folders, files in os.walk(os.path.join(root, top)):
            folders.sort()
            for name in files:
                path = os.path.join(folder, name)
                short = os.path.relpath(path, root)
                if top == 'work':
                    short = os.path.relpath(path, os.path.join(root, top))
                info = os.lstat(path)
                names.append('%s %o' % (short, stat.S_IMODE(info.st_mode)))
                if stat.S_ISREG(info.st_mode):
                    with open(path, 'rb') as stream:
                        text = text_of(stream.read())
                    if given.get(short) != text:
                        texts['file ' + short] = text
    texts['files left'] = ''.join(name + '\n' for name in sorted(names))
    return texts


def run_case(program, case, root):
    """Run CASE with PROGRAM in a fresh tree at ROOT."""
    make_root(root)
    work = os.path.join(root, 'work')
    given = {}
    for name, content in case.files.items():
        path = os.path.join(work, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if isinstance(content, str):
            content = place(content, program, case).encode('utf-8')
        with open(path, 'wb') as stream:
            stream.write(content)
        if content.startswith(b'#!'):
            os.chmod(path, 0o755)
        given[name] = text_of(content)
    environment = fixed_environment(root)
    environment.update(program.more_environment(case))
    for name, value in case.env.items():
        environment[program.variable(name)] = place(value, program, case)
    texts = {'status': '', 'stdout': '', 'stderr': ''}
    begin = time.time()
    processes = command_lines(program, case)
    for words, stdin in processes:
        status, out, err = run_process(
            words, stdin, work, environment,
            (case.limit or DEFAULT_LIMIT) * program.patience)
        title = ''
        if len(processes) > 1:
            title = '--- %s\n' % case.commands[processes.index((words, stdin))]
        texts['status'] += title + status + '\n'
        texts['stdout'] += title + out
        texts['stderr'] += title + err
    end = time.time()
    texts.update(tree(root, given))
    # the same for both programs; hidden to make diffs the same everywhere
    texts = {key: program.unmap(text).replace(NODES, '{nodes}').replace(root, '{dir}')
             for key, text in texts.items()}
    return Outcome(texts, masks.Span(begin, end), end - begin)


def run_patiently(program, case, root):
    """Like run_case, but stock virsh has several tries to end at all."""
    outcome = run_case(program, case, root)
    for _ in range(VIRSH_TRIES - 1):
        if not outcome.hung or program.own_name != 'virsh':
            break
        outcome = run_case(program, case, root)
    return outcome


def lines_of(text):
    """TEXT as lines for a diff; a missing last newline is made visible."""
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith('\n'):
        lines[-1] += '\n'
        lines.append('\\ no newline at the end\n')
    return lines


def difference(left, right, names):
    """The unified diff of two outcomes under the masks NAMES, '' if none."""
    left = left.masked(names)
    right = right.masked(names)
    parts = []
    for key in sorted(set(left) | set(right)):
        a_text = left.get(key, '')
        b_text = right.get(key, '')
        if a_text != b_text or (key in left) != (key in right):
            parts += difflib.unified_diff(
                lines_of(a_text), lines_of(b_text), 'A ' + key, 'B ' + key)
            if a_text == b_text:
                parts.append('only %s has "%s"\n'
                             % ('A' if key in left else 'B', key))
    return ''.join(parts)
