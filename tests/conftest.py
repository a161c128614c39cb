"""What tests share: courses on disk, a zygote, and the command line as a user runs it."""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import commandline
import hypothesis
import pytest
from collecting import Collecting
from inquiry import Inquiry
from support import ROOT, SMALL, Course

from autograder.grading.bench import HANDLER
from autograder.sandbox.workers import Source, source

os.environ["DLKIT_WARM"] = "0"  # nothing that a test starts is to outlive it, nor to use what a developer has warm
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # so it is in a shell's background jobs, and what they start inherits it
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Tests start hundreds of interpreters, and each process of pytest reads all test files. Where Python is told to keep nothing of
# what it compiles, each would compile the kit, and rewrite the asserts of all tests, anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

collect_ignore_glob = ["assignments/accepted/*", "assignments/broken/*", "courses/*"]  # material of tests, not tests

# A machine that is busy with TensorFlow draws examples slowly; that is no fault of the examples.
hypothesis.settings.register_profile("busy", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("busy")


# Files whose tests share what takes seconds to make, and so run in one process: TensorFlow in the process itself, or a fixture
# of the module. Otherwise each process would make it.
TENSORFLOW = {
    *("test_hw1_reference", "test_hw2_worked_example", "test_hw3_reference", "test_hw4_reference", "test_hw5_reference"),
    *("test_hw6_reference", "test_hw7_harm", "test_figures", "test_torch_parity", "test_training", "test_watching"),
}
ALONE = {
    *("test_class", "test_classroom50", "test_desk_grading", "test_gradescope", "test_groups", "test_house", "test_kits"),
    *("test_leaks", "test_lecture", "test_mistakes", "test_reaching", "test_recorded", "test_remote", "test_rerunning"),
    *("test_rewriting", "test_shortcuts", "test_wheel"),
}
# Two zygotes that import TensorFlow are enough, as each import takes as long as ten gradings: one for the assignments, one for the
# last of them, which trains more than the others together, and for these files.
ASSIGNMENTS = {"test_asking", "test_guarantees", "test_lint", "test_promises"}
BESIDE = {"test_milestone", "test_notebooks", "test_seeding", "test_spare", "test_standby"}
LAST = "hw7"


def pytest_configure(config: pytest.Config) -> None:
    """Collect no more than there is to run."""
    config.pluginmanager.register(Collecting())


def pytest_itemcollected(item: pytest.Item) -> None:
    """Keep tests that share something in one process, where several run, such as a zygote and an assignment's observations.

    As it is collected, not in pytest_collection_modifyitems, where xdist may read the groups before they are set.
    """
    if item.get_closest_marker("xdist_group") is None and (name := _group(item)):
        item.add_marker(pytest.mark.xdist_group(name))


def _group(item: pytest.Item) -> str:
    """The group of a test; "" for one that any process may run."""
    name, used = item.path.stem, getattr(item, "fixturenames", ())
    if name in TENSORFLOW:
        return "tensorflow"
    if item.path.parent.name == "assignments" and name in ASSIGNMENTS and hasattr(item, "callspec"):
        parameters = item.callspec.params
        about = parameters.get("name") or getattr(parameters.get("path"), "parent", Path()).name
        return "zygote 2" if about == LAST else "zygote 1"
    if name in BESIDE and "workers" in used:
        return "zygote 2"
    if "courses" in used or name == "test_sample":
        return "zygote 1"
    return name.removeprefix("test_") if name in ALONE else ""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Slow tests first, of those that are in no group: one that begins last would keep one process busy while others idle.

    Groups come before them, the largest first, as xdist sorts them.
    """
    items.sort(key=lambda item: item.get_closest_marker("slow") is None or item.get_closest_marker("xdist_group") is not None)


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for kept observations, empty at the start of a run."""
    return tmp_path_factory.mktemp("observations")


@pytest.fixture(scope="session")
def workers() -> Iterator[Source]:
    """A zygote that all tests of a process share: it runs no code of theirs."""
    found = source(HANDLER)
    yield found
    found.close()


@pytest.fixture(scope="session")
def light() -> Iterator[Source]:
    """A zygote for the small assignment and copies of it: it never imports TensorFlow, and one check asks whether it did."""
    with source(HANDLER) as found:
        yield found


@pytest.fixture(scope="session")
def small(cache: Path, light: Source) -> Iterator[Course]:
    """The small assignment of tests/courses."""
    course = Course(SMALL / "assignments" / "arith", cache, light)
    yield course
    course.references.close()


@pytest.fixture(scope="session")
def courses(cache: Path, workers: Source) -> Iterator[Callable[[str], Course]]:
    """The course's own assignments by name, such as courses("hw2")."""
    opened: dict[str, Course] = {}

    def of(name: str) -> Course:
        if name not in opened:
            opened[name] = Course(ROOT / "assignments" / name, cache, workers)
        return opened[name]

    yield of
    for course in opened.values():
        course.references.close()


@pytest.fixture(scope="session")
def inquiries(courses: Callable[[str], Course]) -> Iterator[Callable[[str], Inquiry]]:
    """The course's own assignments, to be asked for many seeds."""
    with contextlib.ExitStack() as stack:
        yield functools.cache(lambda name: stack.enter_context(contextlib.closing(Inquiry(courses(name)))))


@pytest.fixture
def copy_of_small(tmp_path: Path) -> Path:
    """A private copy of the small course, for tests that break it; the assignment's folder."""
    shutil.copytree(SMALL, tmp_path / "course")
    return tmp_path / "course" / "assignments" / "arith"


@pytest.fixture
def dlkit(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the command line as a user does, in a process of its own."""

    def run(*arguments: str | Path, cwd: Path = ROOT, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        given = {"DLKIT_CACHE": str(tmp_path / "cache"), "COLUMNS": "100", **(env or {})}
        return commandline.run(
            [*map(str, arguments)], cwd, {**os.environ, **given}, fresh=bool(env and {*env} & commandline.AT_START)
        )

    return run
