"""Standby: a zygote that stays for the next grading of the same user, and for nobody else."""

from __future__ import annotations

import contextlib
import json
import os
import pwd
import resource
import signal
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.sandbox import standby as module
from autograder.sandbox.budget import Budget
from autograder.sandbox.frames import RefusalError
from autograder.sandbox.isolation import field_of_status
from autograder.sandbox.machine import memory_is_short
from autograder.sandbox.process import MachineError
from autograder.sandbox.standby import Listener, Standby, ask, environment, name, peer, standby, standing, stop, why_none
from autograder.sandbox.workers import Forked, source
from autograder.selftest.bait import Bait
from autograder.selftest.trial import read, trials

HANDLER = "autograder.sandbox.probe:serve"
GRADING = "autograder.observing:serve"
WEIGH = b'{"what": "weigh"}'
PATIENCE = 20.0  # seconds on a busy machine, for what takes a moment

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only on Linux does a zygote stay")


@pytest.fixture(autouse=True)
def runtime(tmp_path, monkeypatch):
    """A runtime folder of our own, and an environment in which a zygote may stay; nothing stays after the test."""
    for variable in ("DLKIT_WARM", "CI"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    yield tmp_path
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    stop()


@pytest.fixture
def place(runtime):
    """Where a zygote may stay."""
    found = standby()
    assert found is not None
    return found


def leave(place, handler=HANDLER):
    """Use a zygote that stays afterwards; its process."""
    with Forked(handler, place=place) as workers:
        workers.warm(["fractions"])
        with workers.start(Budget()) as worker:
            assert worker.layers.in_force
        return workers.pid


def used(place, handler=HANDLER):
    """The zygote that the next grading uses."""
    with Forked(handler, place=place) as workers, workers.start(Budget()) as worker:
        assert worker.layers.in_force
        return workers.pid


def answers(place):
    """Whether somebody is found there."""
    found = place.connect()
    if found is not None:
        found[0].close()
    return found is not None


def runs(pid):
    """Whether a process is there, and is not just waiting to be buried."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    return False


def comes(condition):
    """Whether something comes true soon."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


# Before a test begins: one that stopped half-way would leave its sockets to whichever test is next.
BECOMES_ANOTHER = pytest.mark.skipif(os.getuid() != 0, reason="only root can become another user")


def as_nobody(act):
    """What a function returns in a process of another user."""
    nobody = pwd.getpwnam("nobody").pw_uid
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.setresuid(nobody, nobody, nobody)
            os.write(theirs, repr(act()).encode())
        except BaseException as error:
            os.write(theirs, repr(error).encode())
        os._exit(0)
    os.close(theirs)
    os.waitpid(pid, 0)
    with os.fdopen(ours, "rb") as said:
        return said.read().decode()


def test_the_next_grading_finds_it(place):
    """A zygote that has imported something is the next grading's, with what it has imported."""
    first = leave(place)
    with Forked(HANDLER, place=place) as workers:
        assert workers.pid == first
        assert not workers.starts_at_once(["fractions"])  # there is nothing to wait for
        with workers.start(Budget()) as worker:
            assert worker.ask(WEIGH, 10)


def test_a_zygote_that_has_imported_nothing_ends(place):
    """What saves no time does not stay."""
    with Forked(HANDLER, place=place) as workers, workers.start(Budget()) as worker:
        assert worker.layers.in_force
    assert comes(lambda: not runs(workers.pid))


def test_two_gradings_share_it(place):
    """Two graders use one zygote at a time; the end of one takes its own workers along, and no others."""
    first = leave(place)
    with Forked(HANDLER, place=place) as one, Forked(HANDLER, place=place) as other:
        assert one.pid == other.pid == first
        with one.start(Budget()) as worker:
            gone = other.start(Budget())
            assert gone.layers.in_force
            other.close()
            assert comes(lambda: not runs(gone._process.pid))
            gone.close()
            assert worker.ask(WEIGH, 10)


def test_only_one_stays(place):
    """Of two that start at the same time, the second ends with its grading."""
    with Forked(HANDLER, place=place) as one, Forked(HANDLER, place=place) as other:
        for workers in (one, other):
            workers.warm(["fractions"])
            with workers.start(Budget()) as worker:
                assert worker.layers.in_force
        assert one.pid != other.pid
    assert comes(lambda: not (runs(one.pid) and runs(other.pid)))
    assert [found.pid for found in standing()] == [one.pid]


def test_a_worker_isolates_itself_as_ever(place):
    """The layers around a worker are the same whether its zygote has stayed or was started for it."""
    leave(place)
    layers = []
    for workers in (Forked(HANDLER, place=place), source(HANDLER, "fork")):
        with workers, workers.start(Budget()) as worker:
            layers.append(worker.layers)
    assert layers[0] == layers[1]


def test_a_worker_is_as_if_this_terminal_had_started_it(place):
    """Umask, soft limits, cores and PATH are those of the grading that asks, not of the one that began."""
    leave(place)
    code = (
        "import os, resource, sys; from autograder.sandbox.workers import Forked\n"
        "from autograder.sandbox.standby import Standby; from autograder.sandbox.budget import Budget\n"
        "os.umask(0o027); resource.setrlimit(resource.RLIMIT_STACK, (4194304, resource.getrlimit(resource.RLIMIT_STACK)[1]))\n"
        "os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})\n"
        f"with Forked({HANDLER!r}, place=Standby.from_json(sys.argv[1])) as workers, workers.start(Budget()) as worker:\n"
        "    assert worker.layers.in_force and workers._process is None\n"
        "    pid = worker._process.pid\n"
        "    print([line.split()[3] for line in open(f'/proc/{pid}/limits') if line.startswith('Max stack')])\n"
        "    print([line.split()[1] for line in open(f'/proc/{pid}/status') if line.startswith('Umask')])\n"
        "    print(len(os.sched_getaffinity(pid)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code, place.to_json()], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines() == ["['4194304']", "['0027']", "1"], done.stderr


def test_it_holds_nothing_of_the_terminal(place, tmp_path, monkeypatch):
    """It has a session of its own, / as its folder, no file of the terminal open, and a temporary folder of its own."""
    monkeypatch.chdir(tmp_path)
    pid = leave(place)
    files = [str(path.readlink()) for path in Path(f"/proc/{pid}/fd").iterdir()]  # an epoll is called as any other
    ours = [str(path.readlink()) for path in Path("/proc/self/fd").iterdir() if path.exists()]
    assert os.getsid(pid) == pid
    assert str(Path(f"/proc/{pid}/cwd").readlink()) == "/"
    assert files.count(os.devnull) == 3
    shared = {name for name in {*files} & {*ours} if ".so" not in Path(name).suffixes}  # libffi has its own library open
    assert shared <= {os.devnull, "anon_inode:[eventpoll]"}


def test_a_signal_to_the_terminals_group_does_not_end_it(place):
    """Ctrl-C reaches the group of the grading, and the zygote is in none of it."""
    code = (
        "import os, signal, sys; from autograder.sandbox.workers import Forked\n"
        "from autograder.sandbox.standby import Standby; from autograder.sandbox.budget import Budget\n"
        f"workers = Forked({HANDLER!r}, place=Standby.from_json(sys.argv[1])); workers.warm(['fractions'])\n"
        "worker = workers.start(Budget()); worker.layers; print(workers.pid, flush=True); os.killpg(0, signal.SIGINT)\n"
        "import time; time.sleep(60)\n"
    )
    command = [sys.executable, "-c", code, place.to_json()]
    grading = subprocess.run(command, capture_output=True, text=True, start_new_session=True, check=False)
    assert "KeyboardInterrupt" in grading.stderr
    assert used(place) == int(grading.stdout)


def test_it_ends_when_nobody_needs_it(place):
    """After its idle time, nothing of it is left: no process, no socket and no folder."""
    short = replace(place, idle=1.0)
    pid = leave(short)
    home = Path(str(next(path for path in Path(f"/proc/{pid}/fd").iterdir() if path.readlink().name == "lock").readlink())).parent
    assert comes(lambda: not runs(pid))
    assert not list(Path(place.folder).glob("*.socket"))
    assert not home.exists()


def test_it_stays_while_it_is_used(place):
    """Its idle time begins when the last grading has ended."""
    short = replace(place, idle=0.3)
    pid = leave(short)
    with Forked(HANDLER, place=short) as workers:
        if workers.pid != pid:
            pytest.skip("this machine took longer than the idle time")
        time.sleep(0.6)
        with workers.start(Budget()) as worker:
            assert worker.layers.in_force
        assert runs(pid)
    assert comes(lambda: not runs(pid))


def test_it_ends_when_memory_is_short(place):
    """Where less memory is left than there should be, it does not stay."""
    pid = leave(replace(place, short=2.0))  # more than there is
    assert comes(lambda: not runs(pid))


def test_memory_is_short_as_the_kernel_says():
    """A machine always has some of its memory left, and never more than all of it."""
    assert (memory_is_short(0.0), memory_is_short(1.1)) == (False, True)


def test_a_control_groups_memory_counts(tmp_path, monkeypatch):
    """A container is short of memory before its machine is; what only caches files is left."""
    for file, text in {"memory.max": "1000", "memory.current": "980", "memory.stat": "anon 5\ninactive_file 500\n"}.items():
        (tmp_path / file).write_text(text)
    monkeypatch.setattr("autograder.sandbox.machine.CGROUPS", tmp_path)
    group = next(line for line in Path("/proc/self/cgroup").read_text().splitlines()).rpartition(":")[2]
    if group != "/":
        pytest.skip("this process is in a control group of its own, and here only the topmost is made up")
    assert not memory_is_short(0.0) and not memory_is_short(0.01)
    (tmp_path / "memory.stat").write_text("inactive_file 0\n")
    assert memory_is_short(0.03)


def test_it_ends_when_its_folder_is_gone(place, runtime):
    """At the end of a session its folder is removed, and nobody could find it any more."""
    pid = leave(replace(place, look=0.1))
    Path(place.folder).rename(runtime / "gone")
    assert comes(lambda: not runs(pid))


def test_stop_ends_it_at_once(place):
    """It is gone when it was asked to go; nothing is left to stop."""
    pid = leave(place)
    assert stop() == 1
    assert comes(lambda: not runs(pid))
    assert stop() == 0


def test_stop_ends_one_that_hangs(place):
    """One that does not answer is killed."""
    pid = leave(place)
    os.kill(pid, signal.SIGSTOP)
    assert stop() == 1
    assert comes(lambda: not runs(pid))


def test_a_grading_goes_on_without_it(place):
    """Whoever uses it while it is stopped gets another zygote, and what runs meanwhile was lost, which is nobody's fault."""
    pid = leave(place)
    with Forked(HANDLER, place=place) as workers:
        with workers.start(Budget()) as worker:
            assert worker.layers.in_force
            stop()
            assert comes(lambda: not runs(pid))
            with pytest.raises(MachineError, match="was lost"):
                worker.ask(WEIGH, 10)
        with workers.start(Budget()) as worker:
            assert worker.ask(WEIGH, 10)
        assert workers.pid != pid


def test_status_tells_what_runs(place):
    """Its process, since when, its memory, who uses it, and how long it has been idle."""
    before = time.time()
    pid = leave(place)
    (found,) = standing()
    assert (found.pid, found.current, found.graders) == (pid, True, 0)
    assert before - 1 <= found.since <= time.time()
    assert found.memory > 10 * 2**20
    assert 0 <= found.idle < PATIENCE
    with Forked(HANDLER, place=place):
        assert [one.graders for one in standing()] == [1]


def test_status_tells_of_one_that_does_not_answer(place):
    """One that hangs is named, too: it can be stopped."""
    pid = leave(place)
    os.kill(pid, signal.SIGSTOP)
    assert [(one.pid, one.answers) for one in standing()] == [(pid, False)]


@pytest.mark.parametrize("change", ["version", "own file", "limit", "niceness", "variable"])
def test_what_has_changed_is_not_met(change, monkeypatch, tmp_path):
    """Another version, file of ours, limit or environment of the interpreter has a zygote of another name."""
    before = name()
    assert name() == before
    if change == "version":
        (tmp_path / "site-packages" / "keras-99.0.dist-info").mkdir(parents=True)
        monkeypatch.syspath_prepend(tmp_path / "site-packages")
    elif change == "own file":
        files = sorted(module._own_files())
        monkeypatch.setattr(module, "_own_files", lambda: [*files[:-1], (*files[-1][:2], files[-1][2] + 1)])
    elif change == "limit":
        hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
        real = resource.getrlimit
        monkeypatch.setattr(module.resource, "getrlimit", lambda kind: (0, 7) if real(kind)[1] == hard else real(kind))
    elif change == "niceness":
        nice = os.nice(0)
        monkeypatch.setattr(module.os, "nice", lambda _: nice + 1)
    else:
        monkeypatch.setenv("LD_LIBRARY_PATH", "/somewhere")
    assert name() != before
    assert environment(name()) == environment(before)


def test_another_version_takes_its_place(place):
    """After an upgrade, the new zygote stays, and the old one does not."""
    old = leave(place)
    new = leave(replace(place, name=f"{environment(place.name)}-0123456789abcdef"))
    assert new != old
    assert comes(lambda: not runs(old))
    assert comes(lambda: [(one.pid, one.current) for one in standing()] == [(new, False)])


@pytest.mark.parametrize("variable, value", [("DLKIT_WARM", "0"), ("DLKIT_WARM", "off"), ("CI", "true")])
def test_it_can_be_switched_off(variable, value, monkeypatch):
    """With DLKIT_WARM=0, or in CI, none is looked for and none stays; the reason is told."""
    monkeypatch.setenv(variable, value)
    assert variable in why_none()
    assert standby() is None
    with source(HANDLER, stays=True) as workers:
        assert workers._place is None


def test_it_is_not_for_gradescope(monkeypatch, tmp_path):
    """In a container of Gradescope nothing stays."""
    monkeypatch.setattr(module, "SERVICES", (str(tmp_path),))
    assert "Gradescope" in why_none()


@pytest.mark.parametrize("pids", [(1, 0), (7, 0)])
def test_it_is_not_for_a_container_that_runs_one_command(pids, monkeypatch):
    """The first process of a container, and what an engine starts in one, leave nothing behind."""
    monkeypatch.setattr(module.os, "getpid", lambda: pids[0])
    monkeypatch.setattr(module.os, "getppid", lambda: pids[1])
    assert "container" in why_none()


def test_only_who_asks_for_it_gets_it():
    """A source for a class, or of another kind, neither uses one nor leaves one."""
    for workers in (source(HANDLER), source(HANDLER, "fork", stays=True)):
        with workers:
            assert workers._place is None


def test_a_stale_socket_is_replaced(place):
    """Of one that was killed, the socket is left: nobody answers, and the next one listens there."""
    first = leave(place)
    os.kill(first, signal.SIGKILL)
    assert comes(lambda: not runs(first))
    assert list(Path(place.folder).glob("*.socket"))
    second = leave(place)
    assert used(place) == second != first


def test_one_that_hangs_costs_only_the_old_start(place):
    """One that accepts, and never answers, is not waited for."""
    first = leave(place)
    os.kill(first, signal.SIGSTOP)
    assert used(place) != first


@pytest.mark.parametrize("reply", [b"nonsense", b"[]", b'{"error": "no"}', b"{}", b"\xff"])
def test_one_that_talks_nonsense_costs_only_the_old_start(place, reply):
    """What answers something else than a zygote is not used."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as planted:
        folder = os.open(place.folder, os.O_RDONLY)
        planted.bind(f"/proc/self/fd/{folder}/{place.name}.socket")  # however long the path is
        planted.listen()
        os.close(folder)
        pid = os.fork()
        if pid == 0:
            control = planted.accept()[0]
            control.recv(65536)
            control.send(reply)
            control.recv(1)
            os._exit(0)
        try:
            with Forked(HANDLER, place=place) as workers, workers.start(Budget()) as worker:
                assert worker.ask(WEIGH, 10)
                assert workers._process is not None
        finally:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def test_it_survives_nonsense(place):
    """Whoever says something to it that no grader says hears so; the others do not notice."""
    pid = leave(place)
    for message in (b"nonsense", b"[]", b"{}", b'{"fork": true}', b'{"hello": 1}', b"\xff\x00"):
        found = place.connect()
        assert found is not None
        with found[0] as control:
            control.send(message)
            assert "error" in json.loads(control.recv(65536))
    assert used(place) == pid


def test_a_worker_for_nobody_is_refused(place):
    """Who has not said where a worker's folder is to be gets none."""
    leave(place)
    found = place.connect()
    assert found is not None
    with found[0] as control:
        assert ask(control, {"fork": True, "budget": {}, "without": []}) is None


def test_another_users_folder_is_refused(place):
    """A folder of another user is not entered, even by root, and none is made in another user's runtime folder."""
    if os.getuid() != 0:
        pytest.skip("only root can give a folder away")
    nobody = pwd.getpwnam("nobody").pw_uid
    pid = leave(place)
    os.chown(place.folder, nobody, -1)
    assert not answers(place)
    os.chown(place.folder, 0, -1)
    assert answers(place)
    assert runs(pid)


def test_another_users_runtime_folder_is_left_alone(runtime, monkeypatch, tmp_path):
    """With sudo, the variable may name the runtime folder of somebody else: nothing is made there."""
    if os.getuid() != 0:
        pytest.skip("only root can give a folder away")
    theirs = tmp_path / "theirs"
    theirs.mkdir(mode=0o700)
    os.chown(theirs, pwd.getpwnam("nobody").pw_uid, -1)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(theirs))
    assert standby().folder != str(theirs / "dlkit")
    assert list(theirs.iterdir()) == []


def open_the_way(path):
    """Let everybody enter the folders above."""
    for folder in list(path.parents)[:-2]:
        folder.chmod(folder.stat().st_mode | 0o011)


@BECOMES_ANOTHER
def test_another_user_cannot_enter(place, runtime):
    """Another user can neither look into its folder nor find it there."""
    leave(place)
    open_the_way(runtime / "dlkit")
    assert "PermissionError" in as_nobody(lambda: [*Path(place.folder).iterdir()])
    assert as_nobody(lambda: answers(place)) == "False"


@BECOMES_ANOTHER
def test_another_user_is_not_listened_to(place, runtime):
    """Even where the folder and the socket are open to them, another user's connection is closed without a word."""
    listener = Listener(place)
    assert listener.listen()
    open_the_way(runtime / "dlkit")
    assert answers(place)
    accepted = listener.accept()
    assert accepted is not None
    accepted.close()
    Path(place.folder).chmod(0o777)
    Path(place.folder, f"{place.name}.socket").chmod(0o777)
    folder = os.open(place.folder, os.O_RDONLY)

    def connect():
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as control:
            control.connect(f"/proc/self/fd/{folder}/{place.name}.socket")
            return "connected"

    assert as_nobody(connect) == "'connected'"
    os.close(folder)
    assert listener.accept() is None
    listener.close()


def test_it_ends_when_its_folder_is_opened_to_others(place):
    """A zygote whose folder is not safe any more does not stay in it."""
    pid = leave(replace(place, look=0.1))
    Path(place.folder).chmod(0o777)
    assert comes(lambda: not runs(pid))
    Path(place.folder).chmod(0o700)


@BECOMES_ANOTHER
def test_a_planted_socket_is_refused(place):
    """Where another user listens under its name, nobody asks them for anything."""
    folder = os.open(place.folder, os.O_RDONLY)
    Path(place.folder).chmod(0o777)
    heard, hear = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.setresuid(65534, 65534, 65534)
        planted = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        planted.bind(f"/proc/self/fd/{folder}/{place.name}.socket")
        planted.listen()
        os.write(hear, b"ready")
        while True:
            os.write(hear, planted.accept()[0].recv(65536) or b"-")
    try:
        assert os.read(heard, 5) == b"ready"
        assert not answers(place)  # the folder is open to others
        Path(place.folder).chmod(0o700)
        assert not answers(place)  # the kernel says who listens
        assert used(place) != pid
        os.set_blocking(heard, False)
        with contextlib.suppress(BlockingIOError):
            assert set(os.read(heard, 100)) <= set(b"-")
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(folder)


def test_a_link_to_a_folder_is_refused(place, runtime):
    """A folder that is a symbolic link is not followed; another one is used, or none."""
    leave(place)
    Path(place.folder).rename(runtime / "real")
    Path(place.folder).symlink_to(runtime / "real")
    assert not answers(place)
    assert standby().folder != place.folder


@pytest.mark.parametrize("mode", [0o755, 0o770, 0o707])
def test_a_folder_that_others_can_enter_is_refused(place, mode):
    """Where others could put something beside it, none is looked for."""
    leave(place)
    Path(place.folder).chmod(mode)
    assert not answers(place)
    Path(place.folder).chmod(0o700)
    assert answers(place)


def test_the_path_may_be_long(runtime, monkeypatch):
    """A folder whose path is longer than that of a socket may be is no hindrance."""
    long = runtime / ("d" * 60) / ("e" * 60)
    long.mkdir(parents=True)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(long))
    place = standby()
    assert place is not None and len(place.folder) > 108
    assert leave(place) == used(place)
    stop()


def test_without_a_runtime_folder_it_is_in_the_temporary_one(monkeypatch):
    """Where XDG_RUNTIME_DIR is missing, or is no folder, there is a folder of this user's own."""
    monkeypatch.setattr(module, "FOLDER", f"dlkit-test-{os.getpid()}")
    for value in (None, "", "relative", "/no/such/folder"):
        if value is None:
            monkeypatch.delenv("XDG_RUNTIME_DIR")
        else:
            monkeypatch.setenv("XDG_RUNTIME_DIR", value)
        place = standby()
        assert place is not None
        made = Path(place.folder).stat()
        assert (made.st_uid, made.st_mode & 0o777) == (os.geteuid(), 0o700)
    Path(place.folder).rmdir()


def test_where_it_cannot_listen_it_ends_with_its_grading(place):
    """A full disk, or a folder that is read-only, costs nobody more than the old start."""
    with Forked(HANDLER, place=replace(place, folder="/proc/no-such-folder")) as workers:
        workers.warm(["fractions"])
        with workers.start(Budget()) as worker:
            assert worker.ask(WEIGH, 10)
    assert comes(lambda: not runs(workers.pid))


def test_what_is_missing_is_said_again(place):
    """A module that cannot be imported is named to each who asks for it, and the zygote goes on."""
    pid = leave(place)
    for _ in range(2):
        with Forked(HANDLER, place=place) as workers:
            assert workers.pid == pid
            workers.warm(["no_such_module"])
            with pytest.raises(RefusalError, match="no_such_module"):
                workers.start(Budget())
    assert used(place) == pid


def test_another_budget_than_the_last_is_kept_to(place):
    """A worker that was started ahead, with the last grading's budget, is not given to one with another budget."""
    leave(place)
    with Forked(HANDLER, place=place) as workers, workers.start(Budget(memory=300 * 2**20)) as worker:
        assert worker.layers.in_force
        limits = Path(f"/proc/{worker._process.pid}/limits").read_text()
        data = int(next(line for line in limits.splitlines() if line.startswith("Max data")).split()[3])
        assert data < field_of_status("VmData", workers.pid) + 400 * 2**20


def test_who_listens_is_this_user(place):
    """The kernel tells both ends who is at the other one."""
    leave(place)
    found = place.connect()
    assert found is not None
    with found[0] as control:
        assert peer(control) == (found[1], os.geteuid())


HOSTILE = '''"""Looks for a zygote that stays, and talks to it.

attacked: crashed
"""

import os
import socket


def attacked(x):
    failed = []
    for way in (
        lambda: os.listdir("@FOLDER@"),
        lambda: open("@FOLDER@/@NAME@.lock").read(),
        lambda: [1 for line in open("/proc/self/net/unix") if "@NAME@" in line][0],
        lambda: socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET).connect("@FOLDER@/@NAME@.socket"),
        lambda: os.kill(@ZYGOTE@, 0),
        lambda: os.kill(os.getppid(), 9),
        lambda: open("/proc/@ZYGOTE@/environ").read(),
        lambda: [1 for fd in range(3, 4096) if "socket" in os.readlink(f"/proc/self/fd/{fd}")][0],
    ):
        try:
            way()
            return x + 1
        except (OSError, IndexError) as error:
            failed.append(error)
    raise failed[0]
'''


@pytest.mark.slow
def test_a_hostile_program_neither_reaches_nor_sees_it(place, tmp_path, workers):
    """A program that runs beside it gets through in no way, and the zygote serves the next grading."""
    with Bait() as bait:
        with Forked(GRADING, place=place) as first:
            first.warm(["tensorflow"])
            with first.start(Budget()) as worker:
                assert worker.layers.in_force
        text = HOSTILE.replace("@FOLDER@", place.folder).replace("@NAME@", place.name).replace("@ZYGOTE@", str(first.pid))
        (tmp_path / "looks_for_standby.py").write_text(text)
        attacks = [read(tmp_path / "looks_for_standby.py")]
        attacks += [read(path) for path in sorted(module.Path(read.__code__.co_filename).parent.glob("attacks/r*.py"))]
        with Forked(GRADING, place=place) as again:
            assert again.pid == first.pid
            found = {
                trial.program.name: (trial.wrong, trial.scores.get("attacked")) for trial in trials(attacks, again, workers, bait)
            }
        assert used(place, GRADING) == first.pid
        children = Path(f"/proc/{first.pid}/task/{first.pid}/children")
        assert comes(lambda: not children.read_text())  # nothing of theirs still runs
    assert len(found) > 3
    assert {name: wrong for name, (wrong, _) in found.items() if wrong} == {}
    assert not any(score for _, score in found.values())


def test_a_standby_is_told_on_the_command_line(place):
    """What a zygote is given is what it is to know."""
    assert Standby.from_json(place.to_json()) == place
