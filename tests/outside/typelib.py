#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Asyncify authors
# SPDX-License-Identifier: LGPL-2.1-or-later

# The library as another language sees it, through its typelib.

import os
import sys
import time

if 'GI_TYPELIB_PATH' not in os.environ:
    print('1..0 # SKIP the typelib was not built')
    sys.exit()
try:
    import gi
except ImportError:
    print('1..0 # SKIP PyGObject is not there')
    sys.exit()

gi.require_version('Asyncify', '0')
from gi.repository import Asyncify, Gio, GLib, GObject  # noqa: E402


def test_limiter():
    limiter = Asyncify.Limiter.new(3)
    assert limiter.get_max_running() == 3
    assert limiter.props.max_running == 3
    assert Asyncify.Limiter(max_running=5).get_max_running() == 5
    assert Asyncify.Limiter.get_default() is Asyncify.Limiter.get_default()
    assert Asyncify.Limiter.get_default().get_max_running() == 40
    assert Asyncify.Limiter.get_cpu().get_max_running() >= 1


def test_limiter_watched():
    limiter = Asyncify.Limiter.new(3)
    notified = []
    limiter.connect('notify', lambda _, property: notified.append(property.name))
    limiter.set_max_running(4)
    limiter.props.max_running = 5
    assert notified == ['max-running', 'max-running']
    assert limiter.get_max_running() == 5
    assert limiter.props.running == limiter.get_running() == 0
    assert limiter.props.queued == limiter.get_queued() == 0
    assert limiter.props.abandoned == limiter.get_abandoned() == 0


def test_job():
    job = Asyncify.Job.new('A title')
    assert job.get_title() == job.props.title == 'A title'
    assert Asyncify.Job.new(None).get_title() is None
    assert job.get_state() == job.props.state == Asyncify.JobState.IDLE
    assert job.get_progress() == -1
    assert job.get_message() is None
    assert job.get_error() is None
    assert job.get_elapsed() == 0
    assert isinstance(job.get_items(), Gio.ListModel)
    assert job.get_items().get_n_items() == 0
    job.cancel()
    assert job.props.state == Asyncify.JobState.IDLE


# The callback of each call has to fill the slot itself.
def begin(group, file):
    soon = group.soon()
    file.query_info_async(
        'standard::type', Gio.FileQueryInfoFlags.NONE, GLib.PRIORITY_DEFAULT,
        group.get_cancellable(), lambda file, result: Asyncify.Soon.ready(file, result, soon))
    assert not soon.is_ready()
    assert soon.get_result() is None
    return soon


def wait(group):
    ended = []
    group.wait_async(None, lambda _, result: ended.append(result))
    while not ended:
        GLib.MainContext.default().iteration(True)
    return group.wait_finish(ended[0])


def test_group():
    group = Asyncify.Group.new(Gio.Cancellable())
    file = Gio.File.new_for_path(__file__)
    soon = begin(group, file)
    assert wait(group) is True
    assert soon.is_ready()
    info = file.query_info_finish(soon.get_result())
    assert info.get_file_type() == Gio.FileType.REGULAR


def test_group_failure():
    group = Asyncify.Group.new(None)
    begin(group, Gio.File.new_for_path(__file__ + '/missing'))
    try:
        wait(group)
        assert False
    except GLib.Error as error:
        assert error.matches(Gio.io_error_quark(), Gio.IOErrorEnum.FAILED)
    assert group.get_cancellable().is_cancelled()


# Outside of a worker they do nothing, and that they say.
def test_worker():
    Asyncify.set_progress(0.5)
    Asyncify.set_message('Nobody hears it')
    Asyncify.set_message(None)
    Asyncify.emit(GObject.Object())
    assert Asyncify.is_cancelled() is False
    assert Asyncify.set_error_if_cancelled() is False


def test_group():
    parent = Gio.Cancellable()
    group = Asyncify.Group.new(parent)
    missing = Gio.File.new_for_path('/there/is/no/such/file')
    ended = []
    soon = group.soon()
    assert not soon.is_ready()
    missing.load_contents_async(group.get_cancellable(), Asyncify.Soon.ready, soon)
    group.wait_async(None, lambda group, result: ended.append(result))
    while not ended:
        GLib.MainContext.default().iteration(True)
    assert soon.is_ready()
    assert group.get_cancellable().is_cancelled()
    try:
        group.wait_finish(ended[0])
    except GLib.Error as error:
        assert error.matches(Gio.io_error_quark(), Gio.IOErrorEnum.FAILED)
    else:
        assert False
    try:
        missing.load_contents_finish(soon.get_result())
    except GLib.Error as error:
        assert error.matches(Gio.io_error_quark(), Gio.IOErrorEnum.NOT_FOUND)
    else:
        assert False


def test_watchdog():
    watchdog = Asyncify.Watchdog.new(None, 50)
    stalls = []
    watchdog.connect('stalled', lambda _, stall: stalls.append(stall.copy()))
    watchdog.start()
    GLib.timeout_add(1, lambda: time.sleep(0.2))
    while not stalls:
        GLib.MainContext.default().iteration(True)
    watchdog.stop()
    assert stalls[0].get_duration() >= 200000
    assert isinstance(stalls[0].get_functions(), list)


# What is C's alone
def test_hidden():
    for name in ('Function', 'FRAME_ALIGNMENT', 'call_prepare', 'call_submit', 'call_finish',
                 'SyncFunction', 'sync_prepare', 'sync_run', 'sync_has_result', 'sync_end',
                 'run_in_main'):
        assert not hasattr(Asyncify, name), name


tests = {
    'limiter': test_limiter,
    'limiter-is-watched': test_limiter_watched,
    'job': test_job,
    'group': test_group,
    'group-failure': test_group_failure,
    'worker': test_worker,
    'group': test_group,
    'watchdog': test_watchdog,
    'what-is-for-c-is-hidden': test_hidden,
}

for number, (name, test) in enumerate(tests.items(), 1):
    test()
    print(f'ok {number} - /typelib/{name}')
print(f'1..{len(tests)}')
