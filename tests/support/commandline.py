"""The command line in processes that are forked from one that has imported it: each saves the second that imports take."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from multiprocessing import forkserver
from pathlib import Path

SECONDS = 300
AT_START = {"PYTHONIOENCODING", "PYTHONUTF8", "PYTHONPATH", "LANG", "LC_ALL"}  # what only an interpreter that starts looks at
HERE = Path(__file__).parent
_context = None


def run(arguments: list[str], cwd: Path, env: dict[str, str], *, fresh: bool = False) -> subprocess.CompletedProcess[str]:
    """Run `dlkit …` and wait for it.

    Args:
        arguments: of the command.
        cwd: the folder it runs in.
        env: all of its environment.
        fresh: start an interpreter, where it matters how one starts.
    """
    command = [sys.executable, "-m", "dlkit", *arguments]
    if fresh or not hasattr(os, "fork"):
        return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=SECONDS, check=False)
    with tempfile.TemporaryDirectory() as folder:
        out, err = Path(folder) / "out", Path(folder) / "err"
        process = _forking().Process(target=_as_a_program, args=(arguments, str(cwd), env, str(out), str(err)))
        process.start()
        process.join(SECONDS)
        if process.exitcode is None:
            process.kill()
            raise subprocess.TimeoutExpired(command, SECONDS)
        return subprocess.CompletedProcess(
            command, process.exitcode, out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8")
        )


def _forking():
    """A process that has imported what commands need, and forks for each of them."""
    global _context
    if _context is None:
        _context = multiprocessing.get_context("forkserver")
        _context.set_forkserver_preload(["preloaded"])
        found = os.environ.get("PYTHONPATH")
        os.environ["PYTHONPATH"] = os.pathsep.join([str(HERE), *([found] if found else [])])  # it looks nowhere else for a module
        try:
            forkserver.ensure_running()
        finally:
            del os.environ["PYTHONPATH"]
            os.environ.update({"PYTHONPATH": found} if found else {})
    return _context


def _as_a_program(arguments: list[str], cwd: str, env: dict[str, str], out: str, err: str) -> None:
    """What a fork does: give itself the folder, environment and files of a program, and be it."""
    for number, path, flags in (
        (0, os.devnull, os.O_RDONLY),
        (1, out, os.O_WRONLY | os.O_CREAT),
        (2, err, os.O_WRONLY | os.O_CREAT),
    ):
        handle = os.open(path, flags, 0o600)
        os.dup2(handle, number)
        os.close(handle)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False, buffering=1, errors="backslashreplace")  # noqa: SIM115
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    sys.argv = ["dlkit", *arguments]
    from dlkit.cli import main

    main(prog_name="dlkit")
