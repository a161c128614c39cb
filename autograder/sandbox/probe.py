"""The probe: try, in throw-away workers, whether this system contains what it should, and say how to get what is missing.

One half runs in a worker and tries things; the other asks it to, and turns what came of it into sentences.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.sandbox.budget import MB, Budget, size
from autograder.sandbox.folder import Home
from autograder.sandbox.frames import RefusalError
from autograder.sandbox.installed import PACKAGES, TENSORFLOW, called, is_installed, missing, mixed, version_of
from autograder.sandbox.installed import remedy as way_to
from autograder.sandbox.process import OverLimitError, Worker, WorkerError
from autograder.sandbox.workers import Source, source

HANDLER = "autograder.sandbox.probe:serve"
LIBRARIES = ("tensorflow", "keras", "sklearn")
SMALL = Budget(memory=200 * MB)
SECONDS = 30.0
Tries = list[tuple[str, Any]]
WANTED_MEMORY, WANTED_DISK = 2048 * MB, 1024 * MB

LANDLOCK = "Linux 5.13 or later with Landlock on: /sys/kernel/security/lsm must list it (boot parameter lsm=landlock,...)"
SECCOMP = "Linux with seccomp filters, on x86-64 or aarch64"
NAMESPACES = "not required; to get it, allow user namespaces (sysctl user.max_user_namespaces, kernel.unprivileged_userns_clone)"


@dataclass(frozen=True)
class Finding:
    """One line of the doctor's: what it is about, whether it is as it should be, and what to do if not."""

    about: str
    fine: bool
    sentence: str
    remedy: str = ""
    needed: bool = True  # to grade strangers' code
    word: str = "missing"  # where it is not fine


# In the worker ----------------------------------------------------------------------------------------------------


def serve(budget: Budget) -> Callable[[bytes], bytes]:
    """The handler of a probe's worker: requests and answers are JSON, as no stranger has a hand in either."""
    return lambda request: json.dumps(_try(**json.loads(request))).encode()


def _try(what: str, value: Any = None) -> str:
    """Try one thing; "" if it worked, else what stopped it."""
    try:
        match what:
            case "read":
                Path(value).read_text()
            case "write":
                Path(value).write_text("written by a worker")
            case "list":
                os.listdir(value)
            case "connect":
                socket.create_connection(("127.0.0.1", value), timeout=2).close()
            case "start":
                subprocess.run([sys.executable, "-c", ""], check=True, timeout=10)
            case "fork":
                if os.fork() == 0:
                    os._exit(0)
            case "signal":
                os.kill(value, 0)
            case "allocate":
                held = bytearray(value)
                held[:: 2**12] = b"x" * len(held[:: 2**12])
            case "compute":
                import tensorflow as tf

                tf.function(lambda x: tf.reduce_sum(x * x))(tf.ones(1000))
            case "weigh":
                return str(_proportional(os.getpid()))
    except BaseException as error:
        return f"{type(error).__name__}: {error}"
    return ""


def _proportional(pid: int) -> int:
    """The memory of a process in bytes, what it shares counted by halves, thirds and so on (Pss)."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


# In the doctor's room ---------------------------------------------------------------------------------------------


def examine() -> Iterator[Finding]:
    """Everything about this system that grading strangers' code depends on, one finding after the other."""
    yield _system()
    with source(HANDLER) as light:
        yield from _containment(light)
    with source(HANDLER) as heavy:
        yield from _zygote(heavy)
    yield from _room()


def _system() -> Finding:
    version = platform.python_version()
    fine = sys.version_info >= (3, 11)
    where = f"Python {version}, {platform.system()} {platform.release()}, {platform.machine()}, {os.cpu_count()} cores"
    return Finding("system", fine, where, "Python 3.11 or later")


def _containment(light: Source) -> Iterator[Finding]:
    home = Home()
    folder = Path(home.path)
    canary = folder / "canary.txt"
    canary.write_text("not to be read")
    try:
        with light.start(SMALL) as worker:
            layers = worker.layers
        yield Finding("layers", True, ", ".join(layers.in_force) or "none", needed=False)
        for missing in layers.missing:
            yield Finding("layers", False, f"missing: {missing}", needed=False)
        tries: Tries = [("read", str(canary)), ("write", str(folder / "mine.txt")), ("list", str(folder))]
        yield _held(light, "files", tries, "a worker reads and writes only what it may", LANDLOCK)
        with socket.create_server(("127.0.0.1", 0)) as listener:
            tries = [("connect", listener.getsockname()[1])]
            yield _held(light, "network", tries, "a worker reaches no other machine, and not even this one", SECCOMP)
        tries = [("start", None), ("fork", None), ("signal", os.getpid())]
        yield _held(light, "processes", tries, "a worker starts no process and signals none", SECCOMP)
        yield _held(
            light, "memory", [("allocate", 2 * SMALL.memory)], f"a worker with {size(SMALL.memory)} gets no more", SECCOMP
        )
    except RefusalError as error:
        yield Finding("workers", False, f"no worker can start: {error}", "report this with the output of `dlkit --version`")
    finally:
        home.close()
    wall = next((layer for layer in layers.in_force if layer.startswith("namespaces")), "")
    yield Finding("outer wall", bool(wall), wall or "no namespaces", NAMESPACES, needed=False)


def _held(light: Source, about: str, tries: Tries, sentence: str, remedy: str) -> Finding:
    """Whether none of these works in a worker; each in one of its own."""
    through = []
    for what, value in tries:
        with light.start(SMALL) as worker:
            try:
                if not _ask(worker, what, value):
                    through.append(what)
            except OverLimitError:
                continue
    return Finding(about, not through, f"it can {' and '.join(through)}" if through else sentence, remedy)


def about_packages() -> Iterator[Finding]:
    """What is wrong with how TensorFlow was installed; nothing where all is well."""
    if found := mixed():
        yield Finding(called(TENSORFLOW), False, *found, needed=False, word="mixed")


def _zygote(heavy: Source) -> Iterator[Finding]:
    libraries = [name for name in LIBRARIES if is_installed(name)]
    lacking = {called(package): package for name in LIBRARIES if (package := missing([name]))}
    for about, package in lacking.items():  # a kit brings those that its assignments use
        way = way_to(package).removeprefix("Install it: ")
        yield Finding(about, False, "not installed: what needs it is not graded", way, needed=False)
    yield from about_packages()
    about = called(TENSORFLOW) if TENSORFLOW in libraries else "libraries"
    started = time.monotonic()
    heavy.warm(libraries)
    try:
        with heavy.start(Budget()) as worker:
            _ = worker.layers
            imported = time.monotonic() - started
        yield Finding(about, True, f"{_versions(libraries)}, imported in {imported:.1f} s")
        started = time.monotonic()
        with heavy.start(Budget()) as worker:
            _ = worker.layers
            ready = 1000 * (time.monotonic() - started)
            stopped = _ask(worker, "compute") if TENSORFLOW in libraries else ""
            weight = int(_ask(worker, "weigh"))
        sentence = f"a worker is ready in {ready:.0f} ms" + (f", of {size(weight)} beside the zygote's" if weight else "")
        sentence += ", and computes" if TENSORFLOW in libraries else ""
        yield Finding("zygote", not stopped, stopped or sentence, "close other programs, and try again")
    except RefusalError as error:
        yield Finding(about, False, str(error), "install it again")
    except WorkerError as error:
        yield Finding("zygote", False, f"a worker {error}", "grade with --worker spawn")


def _room() -> Iterator[Finding]:
    free = _available()
    if free:
        yield Finding("free memory", free >= WANTED_MEMORY, size(free), f"at least {size(WANTED_MEMORY)}")
    folder = tempfile.gettempdir()
    free = shutil.disk_usage(folder).free
    yield Finding("free disk", free >= WANTED_DISK, f"{size(free)} in {folder}", f"at least {size(WANTED_DISK)}")


def _ask(worker: Worker, what: str, value: Any = None) -> str:
    found: str = json.loads(worker.ask(json.dumps({"what": what, "value": value}).encode(), SECONDS))
    return found


def _versions(libraries: list[str]) -> str:
    packages = [PACKAGES[name] for name in ("tensorflow", "keras", "numpy", "sklearn") if name == "numpy" or name in libraries]
    return ", ".join(f"{package} {version_of(package)}" for package in packages)


def _available() -> int:
    """Memory that can be had without swapping, in bytes; 0 where it is not known."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    return 0
