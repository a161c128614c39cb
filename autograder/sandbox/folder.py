"""A worker's own folder: how much is in it, and how it is removed, whatever a stranger's code has made there."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from types import TracebackType

from autograder.sandbox.frames import RefusalError

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
CLOSE_ON_EXEC = getattr(os, "O_CLOEXEC", 0)
BLOCK = 512  # of st_blocks, whatever the file system's own
PREFIX = "dlkit-"  # of the names of our folders below the temporary folder
HOMES = ("HOME", "TMPDIR", "TEMP", "TMP", "KERAS_HOME", "MPLCONFIGDIR")  # variables that name a folder to write to
LOCK = "lock"  # in such a folder: locked by the process that it belongs to
NEW = f"{LOCK}.new"  # its name until it is locked
ELSEWHERE = "/var/tmp"  # noqa: S108 - where the bait of a self-test lies


class Home:
    """A folder of our own below the temporary folder, with whatever workers leave in it; removed when it is closed.

    A lock in it lasts as long as its process. Whoever makes a home removes those that are not locked any more: their
    process was killed, and could not.

    Args:
        where: another folder than the temporary one.

    Raises:
        RefusalError: no folder can be made.
    """

    def __init__(self, where: str | None = None) -> None:
        sweep()
        try:
            self.path = tempfile.mkdtemp(prefix=PREFIX, dir=where)
            # Locked before it has its name, so that no sweep finds it unlocked.
            self._lock = os.open(os.path.join(self.path, NEW), os.O_CREAT | os.O_RDWR | CLOSE_ON_EXEC, 0o600)
            _locked(self._lock)
            os.rename(os.path.join(self.path, NEW), os.path.join(self.path, LOCK))
        except OSError as error:
            raise RefusalError(f"no temporary folder can be made: {error.strerror}. Set TMPDIR to a folder with room") from None

    def __enter__(self) -> Home:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Remove it."""
        if self._lock >= 0:
            remove(self.path)
            os.close(self._lock)
            self._lock = -1


def sweep() -> None:
    """Remove the homes of this user whose processes are gone."""
    for folder in abandoned():
        remove(folder)


def abandoned() -> Iterator[str]:
    """The homes of this user whose processes are gone; while one is looked at, it is locked."""
    if fcntl is None:  # Windows, where nothing tells
        return
    for place in dict.fromkeys((tempfile.gettempdir(), ELSEWHERE)):
        with contextlib.suppress(OSError), os.scandir(place) as entries:
            for entry in entries:
                if entry.name.startswith(PREFIX) and _is_ours(entry):
                    with contextlib.suppress(OSError), _unlocked(entry.path) as unlocked:
                        if unlocked:
                            yield entry.path


def _is_ours(entry: os.DirEntry[str]) -> bool:
    with contextlib.suppress(OSError):
        return entry.is_dir(follow_symlinks=False) and entry.stat(follow_symlinks=False).st_uid == os.geteuid()
    return False


@contextlib.contextmanager
def _unlocked(folder: str) -> Iterator[bool]:
    """Whether a home was locked by nobody, and is by us now; raises OSError if it is none."""
    lock = os.open(os.path.join(folder, LOCK), os.O_RDWR | CLOSE_ON_EXEC | getattr(os, "O_NOFOLLOW", 0))
    try:
        yield _locked(lock)
    finally:
        os.close(lock)


def _locked(lock: int) -> bool:
    """Lock a file, unless another process has; whether it is ours now."""
    if fcntl is not None:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
    return True


def usage(folder: str, most: int) -> tuple[int, int]:
    """Bytes and number of the files and folders below a folder; stops counting soon after `most`.

    What cannot be looked into (a folder that is not readable, a path that is too long) counts as too much.
    """
    written = made = 0
    waiting = [folder]
    while waiting and made <= most:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    made += 1
                    if made > most:
                        break
                    with contextlib.suppress(FileNotFoundError):
                        written += entry.stat(follow_symlinks=False).st_blocks * BLOCK
                        if entry.is_dir(follow_symlinks=False):
                            waiting.append(entry.path)
        except (FileNotFoundError, NotADirectoryError):  # gone meanwhile
            continue
        except OSError:
            made = most + 1
    return written, made


def deleted(pid: int) -> int:
    """Bytes of the files that a process holds open though they have no name any more."""
    held = 0
    with contextlib.suppress(OSError), os.scandir(f"/proc/{pid}/fd") as entries:
        for entry in entries:
            with contextlib.suppress(OSError):
                found = os.stat(entry.path)
                if stat.S_ISREG(found.st_mode) and found.st_nlink == 0:
                    held += found.st_blocks * BLOCK
    return held


def room_in(folder: str) -> int:
    """Free bytes of the disk on which a folder lies, none where no file can be made; no end of them where nobody can tell."""
    try:
        if not hasattr(os, "statvfs"):
            return shutil.disk_usage(folder).free
        found = os.statvfs(folder)
    except OSError:
        return sys.maxsize
    return 0 if found.f_files and not found.f_favail else found.f_bavail * found.f_frsize


def remove(folder: str) -> None:
    """Remove a folder in which nobody works any more: no link is followed, no depth is too great, no error is raised.

    The walk steps into a folder and back out of it, so that no path is longer than one name.
    """
    if os.open not in os.supports_dir_fd:  # Windows, where there is no zygote either
        shutil.rmtree(folder, ignore_errors=True)
        return
    with contextlib.suppress(OSError):
        here = os.open(folder, FOLDER)
        depth = 0
        try:
            while True:
                below = _empty(here)
                if below:
                    here = _step(here, below)
                    depth += 1
                elif depth == 0:
                    break
                else:
                    inode = os.stat(here).st_ino
                    here = _step(here, "..")
                    depth -= 1
                    with os.scandir(here) as entries:
                        os.rmdir(next(entry.name for entry in entries if entry.inode() == inode), dir_fd=here)
        finally:
            os.close(here)
        os.rmdir(folder)


def _step(here: int, name: str) -> int:
    there = os.open(name, FOLDER, dir_fd=here)
    os.close(here)
    return there


def _empty(here: int) -> str:
    """Remove every file and every empty folder of a folder; the name of a folder that is left in it, or ""."""
    os.fchmod(here, stat.S_IRWXU)
    below = ""
    with os.scandir(here) as found:
        entries = list(found)
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            try:
                os.rmdir(entry.name, dir_fd=here)
            except OSError:
                os.chmod(entry.name, stat.S_IRWXU, dir_fd=here)
                below = entry.name
        else:
            os.unlink(entry.name, dir_fd=here)
    return below
