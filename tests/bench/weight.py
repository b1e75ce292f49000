#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Asyncify authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""What the app weighs beside gtk4-demo: weight.py ASYNCIFY-DEMO [--only=PART,...] [--pairs=N]

Measures processor time, time to the first picture, and memory. Both programs run in turn, each on
an X server of its own (Xvfb), with the same renderer and empty settings, and both are looked at
from outside by the same means: the kernel's clock of a process, /proc, and the X server's reports
of what has changed on the screen: what changes within 5 ms is one frame, and the first picture is
there when the screen has more than a few colours. What the server does for a program is told too.

The times depend on what else the machine does, most of all the one to start, of which the time is
told as well in which the program only waited for a processor. So measure on a machine that is idle.
"""

import argparse
import ctypes
import os
import select
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

SKIPPED = 77

# What is needed, and where Debian has it.
NEEDED_PROGRAMS = {'gtk4-demo': 'gtk-4-examples', 'Xvfb': 'xvfb'}
NEEDED_LIBRARIES = {'libX11.so.6': 'libx11-6', 'libXdamage.so.1': 'libxdamage1'}

# In seconds: how long a program gets to come to rest, and for how long it is measured then.
SETTLE = 4
MEASURE = 10

# The limits that the app is to keep.
IDLE_PERCENT = 1.0
MOVING_RATIO = 2.0
START_RATIO = 1.0
MEMORY_RATIO = 1.3

# Two changes of the screen within this many seconds are one frame.
ONE_FRAME = 0.005

# A picture has at least so many colours; an empty window has one or two.
COLORS = 16


class DamageEvent(ctypes.Structure):
    _fields_ = [('type', ctypes.c_int), ('serial', ctypes.c_ulong), ('send_event', ctypes.c_int),
                ('display', ctypes.c_void_p), ('drawable', ctypes.c_ulong),
                ('damage', ctypes.c_ulong), ('level', ctypes.c_int), ('more', ctypes.c_int),
                ('timestamp', ctypes.c_ulong),
                ('x', ctypes.c_short), ('y', ctypes.c_short),
                ('width', ctypes.c_ushort), ('height', ctypes.c_ushort),
                ('rest', ctypes.c_long * 24)]


class XImage(ctypes.Structure):
    _fields_ = [('width', ctypes.c_int), ('height', ctypes.c_int), ('xoffset', ctypes.c_int),
                ('format', ctypes.c_int), ('data', ctypes.c_void_p),
                ('byte_order', ctypes.c_int), ('bitmap_unit', ctypes.c_int),
                ('bitmap_bit_order', ctypes.c_int), ('bitmap_pad', ctypes.c_int),
                ('depth', ctypes.c_int), ('bytes_per_line', ctypes.c_int)]


class Screen:
    """An X server, and an eye on what is drawn there."""

    def __init__(self):
        read, write = os.pipe()
        self.server = subprocess.Popen(
            ['Xvfb', '-displayfd', str(write), '-screen', '0', '1280x900x24', '-noreset',
             '-nolisten', 'tcp'],
            pass_fds=[write], stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as pipe:
            number = pipe.readline().strip()
        if not number:
            sys.exit('Xvfb does not start')
        self.name = f':{number}'
        self.watch()

    def watch(self):
        self.x = ctypes.CDLL('libX11.so.6')
        damage = ctypes.CDLL('libXdamage.so.1')
        for function in (self.x.XOpenDisplay, self.x.XGetImage):
            function.restype = ctypes.c_void_p
        self.x.XDefaultRootWindow.restype = ctypes.c_ulong
        damage.XDamageCreate.restype = ctypes.c_ulong
        damage.XDamageCreate.argtypes = [ctypes.c_void_p, ctypes.c_ulong, ctypes.c_int]

        self.display = ctypes.c_void_p(self.x.XOpenDisplay(self.name.encode()))
        self.root = ctypes.c_ulong(self.x.XDefaultRootWindow(self.display))
        base, error = ctypes.c_int(), ctypes.c_int()
        if not damage.XDamageQueryExtension(self.display, ctypes.byref(base), ctypes.byref(error)):
            sys.exit('Xvfb has no damage extension')
        damage.XDamageCreate(self.display, self.root, 0)  # every rectangle
        self.x.XSync(self.display, 0)

    def next_change(self, until):
        """When something is drawn, or None if nothing is before that time."""
        event = DamageEvent()
        while not self.x.XPending(self.display):
            left = until - time.monotonic()
            if left <= 0:
                return None
            select.select([self.x.XConnectionNumber(self.display)], [], [], left)
        now = time.monotonic()
        while self.x.XPending(self.display):
            self.x.XNextEvent(self.display, ctypes.byref(event))
        return now

    def count_frames(self, seconds):
        until = time.monotonic() + seconds
        frames, last = 0, 0
        while (now := self.next_change(until)) is not None:
            if now - last > ONE_FRAME:
                frames += 1
            last = now
        return frames

    def shows_picture(self):
        address = self.x.XGetImage(self.display, self.root, 0, 0, 1280, 900, ctypes.c_ulong(~0), 2)
        image = XImage.from_address(address)
        data = ctypes.string_at(image.data, image.bytes_per_line * image.height)
        self.x.XFree(ctypes.c_void_p(image.data))
        self.x.XFree(ctypes.c_void_p(address))
        pixels = memoryview(data).cast('I')
        return len(set(pixels[::97])) >= COLORS

    def wait_for_picture(self, seconds=30):
        until = time.monotonic() + seconds
        while (now := self.next_change(until)) is not None:
            if self.shows_picture():
                return now
        sys.exit('There is nothing to be seen')

    def hide_windows(self):
        """As a window manager does it when a window is minimized."""
        root, parent = ctypes.c_ulong(), ctypes.c_ulong()
        children, n = ctypes.POINTER(ctypes.c_ulong)(), ctypes.c_uint()
        self.x.XQueryTree(self.display, self.root, ctypes.byref(root), ctypes.byref(parent),
                          ctypes.byref(children), ctypes.byref(n))
        for i in range(n.value):
            self.x.XUnmapWindow(self.display, ctypes.c_ulong(children[i]))
        self.x.XSync(self.display, 0)

    def close(self):
        self.x.XCloseDisplay(self.display)
        end(self.server)


def end(process):
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def cpu_time(process):
    """What the kernel says that a process took so far, in seconds."""
    return time.clock_gettime((~process.pid << 3) | 2)


def waiting_time(process):
    """For how long a process's first thread could have run and got no processor, in seconds."""
    with open(f'/proc/{process.pid}/schedstat') as file:
        return int(file.read().split()[1]) / 1e9


def memory(process):
    """Returns: (None if it has ended) what a process has in memory, and what of that is no file's,
    in MB"""
    sizes = {}
    try:
        with open(f'/proc/{process.pid}/smaps_rollup') as file:
            for line in file.readlines()[1:]:
                name, size = line.split()[:2]
                sizes[name] = int(size) / 1024
    except OSError:
        pass
    return (sizes['Rss:'], sizes['Anonymous:']) if sizes.get('Rss:') else None


class Running:
    """A program on a screen of its own, with a home of its own."""

    def __init__(self, command, animations=True):
        self.screen = Screen()
        self.home = tempfile.mkdtemp()
        settings = os.path.join(self.home, 'gtk-4.0')
        os.mkdir(settings)
        with open(os.path.join(settings, 'settings.ini'), 'w') as file:
            file.write(f'[Settings]\ngtk-enable-animations={int(animations)}\n')
        environment = dict(
            os.environ, DISPLAY=self.screen.name, GDK_BACKEND='x11', GSK_RENDERER='cairo',
            GSETTINGS_BACKEND='memory', DBUS_SESSION_BUS_ADDRESS='disabled:', LC_ALL='C.UTF-8',
            HOME=self.home, XDG_CONFIG_HOME=self.home, XDG_DATA_HOME=self.home,
            XDG_CACHE_HOME=self.home)
        self.started = time.monotonic()
        self.process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        end(self.process)
        self.screen.close()
        shutil.rmtree(self.home, ignore_errors=True)

    def work(self, seconds=MEASURE):
        """Returns: the seconds it took, those that the server took for it, and its frames"""
        own, server = cpu_time(self.process), cpu_time(self.screen.server)
        frames = self.screen.count_frames(seconds)
        return cpu_time(self.process) - own, cpu_time(self.screen.server) - server, frames


def settle(running):
    running.screen.wait_for_picture()
    running.screen.count_frames(SETTLE)


class Report:
    def __init__(self, app, pairs):
        self.app = app
        self.pairs = pairs

    def row(self, what, ours, theirs, unit, verdict):
        print(f'  {what:<34} {ours:>9} {theirs:>9} {unit:<11} {verdict}', flush=True)

    def judge(self, value, limit, unit=''):
        verdict = '' if value <= limit else '  EXCEEDED'
        return f'{value:.2f}{unit} of at most {limit:g}{unit}{verdict}'

    def idle(self):
        def percent(command, animations, hidden):
            with Running(command, animations) as running:
                settle(running)
                if hidden:
                    running.screen.hide_windows()
                    running.screen.count_frames(1)
                own, server, _ = running.work()
                return 100 * own / MEASURE, 100 * server / MEASURE

        for what, animations, hidden in (('idle, reduced motion', False, False),
                                         ('idle, window minimized', True, True)):
            ours = percent([self.app], animations, hidden)
            theirs = percent(['gtk4-demo'], animations, hidden)
            self.row(what, f'{ours[0]:.2f}', f'{theirs[0]:.2f}', '% of a core',
                     self.judge(ours[0], IDLE_PERCENT, ' %'))
            self.row('  and the X server for it', f'{ours[1]:.2f}', f'{theirs[1]:.2f}',
                     '% of a core', '')

    def moving(self):
        def per_frame(command):
            with Running(command) as running:
                settle(running)
                own, server, frames = running.work()
                return 1e6 * own / frames, 1e6 * server / frames, frames / MEASURE

        commands = [self.app], ['gtk4-demo', '--run=fishbowl']
        rounds = [[per_frame(command) for command in commands] for _ in range(self.pairs)]
        ours, theirs = ([statistics.median(column) for column in zip(*side)]
                        for side in zip(*rounds))
        self.row('moving, per frame', f'{ours[0]:.0f}', f'{theirs[0]:.0f}', 'us',
                 self.judge(ours[0] / theirs[0], MOVING_RATIO, ' x'))
        self.row('  and the X server for it', f'{ours[1]:.0f}', f'{theirs[1]:.0f}', 'us',
                 f'{sum(ours[:2]) / sum(theirs[:2]):.2f} x both together')
        self.row('  frames', f'{ours[2]:.1f}', f'{theirs[2]:.1f}', 'per second', '')

    def start(self):
        def first_picture(command):
            with Running(command) as running:
                took = running.screen.wait_for_picture() - running.started
                return 1000 * took, 1000 * waiting_time(running.process)

        commands = [self.app], ['gtk4-demo']
        for command in commands:
            first_picture(command)  # from the disk
        pairs = [[first_picture(command) for command in commands]
                 for _ in range(4 * self.pairs)]
        ours, theirs = ([statistics.median(column) for column in zip(*side)]
                        for side in zip(*pairs))
        ratio = statistics.median(a[0] / b[0] for a, b in pairs)
        self.row('start to first picture', f'{ours[0]:.0f}', f'{theirs[0]:.0f}', 'ms',
                 self.judge(ratio, START_RATIO, ' x'))
        self.row('  of it, waited for a processor', f'{ours[1]:.0f}', f'{theirs[1]:.0f}', 'ms', '')

    def memory(self):
        def at_rest(command):
            with Running(command) as running:
                settle(running)
                return memory(running.process)

        def after_tour(n_rounds):
            ids = [line.split()[0] for line in
                   subprocess.run([self.app, '--list'], capture_output=True, text=True,
                                  check=True).stdout.splitlines()]
            with Running([self.app] + [f'--run={name}' for name in ids] * n_rounds) as running:
                last = None
                while running.process.poll() is None:
                    last = memory(running.process) or last
                    time.sleep(0.1)
                return last

        def row(what, ours, theirs, verdict):
            self.row(f'memory {what}', f'{ours[0]:.1f}', f'{theirs[0]:.1f}', 'MB', verdict)
            self.row('  without what files hold', f'{ours[1]:.1f}', f'{theirs[1]:.1f}', 'MB', '')

        ours, theirs = at_rest([self.app]), at_rest(['gtk4-demo'])
        row('at the start', ours, theirs, f'{ours[0] / theirs[0]:.2f} x')
        one = after_tour(1)
        row('after a tour', one, theirs, self.judge(one[0] / theirs[0], MEMORY_RATIO, ' x'))
        three = after_tour(3)
        row('after three tours', three, theirs,
            f'{self.judge(three[0] / theirs[0], MEMORY_RATIO, " x")}, {three[0] - one[0]:+.1f} MB')


def find_missing():
    missing = {name: package for name, package in NEEDED_PROGRAMS.items()
               if shutil.which(name) is None}
    for name, package in NEEDED_LIBRARIES.items():
        try:
            ctypes.CDLL(name)
        except OSError:
            missing[name] = package
    return [f'{name} (on Debian in {package})' for name, package in missing.items()]


def main():
    parts = ['idle', 'moving', 'start', 'memory']
    parser = argparse.ArgumentParser()
    parser.add_argument('app')
    parser.add_argument('--only', default=','.join(parts), help='of ' + ', '.join(parts))
    parser.add_argument('--pairs', type=int, default=3, help='how often what moves is measured')
    arguments = parser.parse_args()
    wanted = arguments.only.split(',')
    if not set(wanted) <= set(parts):
        parser.error('there is only ' + ', '.join(parts))

    missing = find_missing()
    if missing:
        print('What this takes and is not there:', ', '.join(missing))
        sys.exit(SKIPPED)

    print(f'  {"":<34} {"Asyncify":>9} {"gtk4-demo":>9}')
    report = Report(os.path.abspath(arguments.app), arguments.pairs)
    for part in wanted:
        getattr(report, part)()


main()
