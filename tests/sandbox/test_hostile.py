"""Hostile programs, graded by the real thing as three kinds of user: each is contained, and each layer is needed for it."""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import sys
import tempfile
from functools import cache

import pytest
from sampling import ALL, sample
from support import BUSY, ROOT, TRIES

from autograder.sandbox import landlock
from autograder.selftest.trial import ATTACKS, read

ARENA = ROOT / "tests" / "support" / "arena.py"
HOSTILE = {path.stem: path for path in sorted([*ATTACKS.glob("*.py"), *ROOT.glob("tests/sandbox/hostile/*.py")])}
LEGITIMATE = {path.stem: path for path in sorted(ROOT.glob("tests/sandbox/legitimate/*.py"))}
SETTINGS = {
    "own": "root" if sys.platform.startswith("linux") and os.getuid() == 0 else "who runs the tests",
    "ordinary": "an ordinary user who may make namespaces",
    "forbidden": "an ordinary user who may not",
}
LONG = {"floods_names", "huge_power"}  # each has a like: `floods_descriptors`, `loops_in_c`
PATIENT = 60.0  # seconds for a case: honest programs on a busy machine

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(landlock.version() == 0, reason="this kernel has no Landlock: nothing protects files"),
]


SECONDS = 900.0  # for all programs of a question


class Arena:
    """The process that tries programs in one setting, one question after the other."""

    def __init__(self, setting: str) -> None:
        self.errors = tempfile.TemporaryFile("w+")  # noqa: SIM115
        command = [sys.executable, str(ARENA), setting]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": self.errors}
        self.process = subprocess.Popen(command, text=True, bufsize=1, **pipes)

    def ask(self, **question):
        """What came of some programs, by name."""
        with contextlib.suppress(BrokenPipeError):
            print(json.dumps(question), file=self.process.stdin)
        ready, _, _ = select.select([self.process.stdout], [], [], SECONDS)
        said = self.process.stdout.readline() if ready else f"no answer for {SECONDS:g} s"
        if not said:
            self.errors.seek(0)
            said = self.errors.read()[-2000:]
        if "may not make namespaces" in said:
            pytest.skip(said.strip())
        assert said.startswith("{"), said
        return json.loads(said)

    def close(self) -> None:
        """End it, with its zygotes."""
        with self.process, self.errors, contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()


OPEN: dict[str, Arena] = {}


@pytest.fixture(scope="module", autouse=True)
def _none_stays_open():
    yield
    while OPEN:
        OPEN.popitem()[1].close()


@cache
def arena(setting: str, names: tuple[str, ...], *without: str, worker: str = "fork", timeout: float | None = None):
    """What came of some programs in a setting, by name; all questions of a setting go to one process, until each has a verdict."""
    if setting not in OPEN:
        OPEN[setting] = Arena(setting)
    places, found = {**HOSTILE, **LEGITIMATE}, {}
    for _ in range(TRIES):
        paths = [str(places[name]) for name in names if name not in found or BUSY in str(found[name]["wrong"])]
        if paths:
            found |= OPEN[setting].ask(programs=paths, without=without, worker=worker, timeout=timeout)
    return found


def hostile_in(setting):
    """The programs that are tried in a setting: every other one in one of the three, or all in all, with those that take long."""
    names = [name for name in HOSTILE if ALL or name not in LONG]
    return tuple(sample(names, 2 * len(SETTINGS), 2 * list(SETTINGS).index(setting)))


def legitimate_in(setting):
    """The same of honest programs, of which every other one is tried."""
    return tuple(sample(LEGITIMATE, 2 * len(SETTINGS), list(SETTINGS).index(setting)))


def _in(setting):
    """The mark of tests that one process of pytest runs, as they ask the same arena."""
    return pytest.mark.xdist_group(f"arena {setting}")


def each(programs):
    """The programs of each setting, so that one process runs all of a setting."""
    return [
        pytest.param(setting, name, id=f"{setting}-{name}", marks=_in(setting))
        for setting in SETTINGS
        for name in programs(setting)
    ]


@pytest.mark.parametrize("setting, name", each(hostile_in))
def test_a_hostile_program_is_contained(setting, name):
    """It ends as it should and earns nothing; the honest functions keep their points; nothing outside is reached or left."""
    trial = arena(setting, hostile_in(setting))[name]
    assert trial["wrong"] == []
    assert not trial["scores"]["attacked"]


@pytest.mark.parametrize("setting, name", each(legitimate_in))
def test_honest_work_is_not_in_the_way_of_the_sandbox(setting, name):
    """What courses do with TensorFlow, Keras, scikit-learn and files works inside, and earns every point."""
    trial = arena(setting, legitimate_in(setting), timeout=PATIENT)[name]
    assert trial["wrong"] == []
    assert set(trial["scores"].values()) == {25}


@pytest.mark.parametrize("setting", [pytest.param(name, marks=_in(name)) for name in SETTINGS])
def test_what_is_in_force_is_reported(setting):
    """Every layer that needs no privilege is in force for every kind of user; the wall where namespaces are allowed."""
    (isolation,) = {tuple(trial["isolation"]) for trial in arena(setting, legitimate_in(setting), timeout=PATIENT).values()}
    base = {"separate process", "dies with the grader", "watchdog", "rlimits", "no capabilities", "no new privileges", "seccomp"}
    assert base <= set(isolation)
    assert any(layer.startswith("landlock") for layer in isolation)
    assert any(layer.startswith("namespaces") for layer in isolation) is (setting != "forbidden")


# With one layer off, these get through: in which setting, and who.
BESIDE = {"rlimits": ("watchdog",)}  # what is off in any case: a watchdog that looks in time does what the limits do at once
NEEDED = {
    "landlock": ("forbidden", ("reads_canary", "reads_submission", "writes_outside", "imports_solutions", "reads_by_symlink")),
    "seccomp": ("forbidden", ("leaves_daemon", "udp", "unix_sockets", "limits_others", "clones_by_hand", "changes_metadata")),
    "rlimits": ("forbidden", ("disk_allocated", "raises_limits")),
    "watchdog": ("forbidden", ("many_files", "disk_by_many_files", "memory_by_shared_maps")),
    "no capabilities": ("own", ("regains_privileges",)),
    "fds": ("ordinary", ("forges_its_end",)),
}


@pytest.mark.parametrize("layer", [pytest.param(layer, marks=_in(setting)) for layer, (setting, _) in NEEDED.items()])
def test_each_layer_is_needed(layer):
    """Without it, programs get through that it contains: an outcome that is not theirs, or something reached."""
    setting, programs = NEEDED[layer]
    names = tuple(sample(programs, 2))
    if setting == "own" and os.getuid() != 0:
        pytest.skip("only root has capabilities to give up")
    beside = BESIDE.get(layer, ())
    found = arena(setting, names, layer, *beside)
    assert [name for name in names if not found[name]["wrong"]] == []
    if beside:
        found = arena(setting, names, *beside)
        assert [name for name in names if found[name]["wrong"]] == []


@_in("ordinary")
def test_namespaces_stand_where_everything_else_is_off():
    """With only the outer wall, no packet gets out: the network that a worker sees has nobody in it."""
    names = ("udp", "dns")
    others = ("landlock", "seccomp", "rlimits", "no capabilities", "no new privileges", "watchdog")
    reached = [problem for trial in arena("ordinary", names, *others).values() for problem in trial["wrong"]]
    assert not [problem for problem in reached if "listener" in problem]
    reached = [problem for trial in arena("ordinary", names, "wall", *others).values() for problem in trial["wrong"]]
    assert [problem for problem in reached if "listener" in problem]


@_in("forbidden")
def test_a_fresh_process_is_as_safe_as_a_forked_one():
    """Where there is no zygote, the same layers contain the same programs; only the watchdog is missing."""
    names = tuple(sample(sorted(read(path).name for path in ATTACKS.glob("*.py")), 16))
    found = arena("forbidden", names, worker="spawn")
    assert {name: trial["wrong"] for name, trial in found.items() if trial["wrong"]} == {}
    (isolation,) = {tuple(trial["isolation"]) for trial in found.values()}
    assert {"landlock", "seccomp"} <= {layer.split()[0] for layer in isolation}
    assert "watchdog" not in isolation
