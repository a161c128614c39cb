"""Standby: a process that stays after a grading, and how the next grading of the same user finds it.

Where a system forks, it is a zygote. Elsewhere it is a worker that nobody has used (see `waiting`).

It listens on a Unix socket in a folder that only this user can enter. The socket's name is a digest of all that a zygote
cannot change any more: the interpreter, the installed packages, our own files, and the limits that it began with. So
an upgrade never meets an old one. Whoever connects, and whoever listens, must be of the same user; the kernel says who it is.

A standby is never needed. Where none answers, whoever asks starts a zygote of its own, as ever.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import os
import re
import signal
import socket
import stat
import struct
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

with contextlib.suppress(ImportError):  # Windows has none
    import resource

SWITCH = "DLKIT_WARM"  # 0 in the environment: none is used, and none stays
IDLE_SECONDS = 600.0
LOOK_SECONDS = 5.0  # between two looks at the memory, and at the folder, while nobody asks for anything
SHORT = 0.1  # of the memory of the machine, or of its control group: less is short
GLANCE_SECONDS = 0.02
SETTLED_SECONDS = 60.0  # after which a socket at which nobody listens is no beginning
ANSWER_SECONDS = 1.0  # for an answer; one that imports for somebody else is not waited for
MESSAGE_CAP = 2**16
FOLDER = "dlkit"
ZYGOTE, WORKER = "zygote-", "worker-"  # how the names begin of what forks, and of what waits for a single grading
PREFIXES, SUFFIX = (ZYGOTE, WORKER), ".socket"
SYSTEMS = ("linux", "darwin")  # where one can tell who is at the other end of a socket
LOCAL, PEER_PID = 0, 2  # SOL_LOCAL and LOCAL_PEERPID of macOS, which Python does not name
SERVICES = ("/autograder",)  # the folder of Gradescope's containers
KEPT = ("LD_LIBRARY_PATH", "SYSTEMROOT")  # variables that decide what an interpreter loads
STATUS = re.compile(r"^(?:Uid|Gid|Groups|Cap\w+|NoNewPrivs|Seccomp):.*$", re.MULTILINE)
NAMESPACES = tuple(f"/proc/self/ns/{kind}" for kind in ("mnt", "pid", "user"))
PEER = struct.Struct("3i")  # process, user and group


@dataclass(frozen=True)
class Standby:
    """Where a zygote stays, and for how long.

    Attributes:
        folder: the folder of its socket.
        name: the socket's name, without its ending.
        idle: seconds after which it ends if nobody needs it.
        look: seconds between two looks at the memory.
        short: the share of the memory that must be left.
    """

    folder: str
    name: str
    idle: float = IDLE_SECONDS
    look: float = LOOK_SECONDS
    short: float = SHORT

    @classmethod
    def from_json(cls, text: str) -> Self:
        """What `to_json` wrote."""
        return cls(**json.loads(text))

    def to_json(self) -> str:
        """All of it, for the zygote's command line."""
        return json.dumps(asdict(self))

    def connect(self) -> tuple[socket.socket, int] | None:
        """A connection to the zygote that stays here, and its process; None if there is none, or it is not this user's."""
        with _entered(self.folder) as folder:
            return None if folder is None else _connected(folder, self.name + SUFFIX)


@dataclass(frozen=True)
class Standing:
    """A zygote that stays, as it tells of itself.

    Attributes:
        pid: its process.
        since: when it began, in seconds since 1970.
        memory: bytes of the machine's memory that it holds.
        spare: bytes that a worker holds besides, which waits for the next grading; 0 if none does.
        graders: how many gradings use it now.
        idle: seconds since anybody did.
        limit: seconds after which it ends, if nobody does.
        current: whether the next grading from here would find it.
        answers: whether it told anything: one that imports has no time, and one that hangs never will.
    """

    pid: int
    current: bool
    since: float = 0.0
    memory: int = 0
    spare: int = 0
    graders: int = 0
    idle: float = 0.0
    limit: float = 0.0
    answers: bool = True


def why_none() -> str:
    """Why no zygote stays here, or is looked for, as the end of a sentence that begins with "because"; "" if one may."""
    if not sys.platform.startswith(SYSTEMS):
        return "this system is neither Linux nor macOS"
    if os.environ.get(SWITCH, "").strip().lower() in ("0", "no", "off", "false"):
        return f"{SWITCH} is {os.environ[SWITCH].strip()}"
    if os.environ.get("CI", "").strip().lower() not in ("", "0", "false"):
        return "CI is set"
    if any(map(os.path.isdir, SERVICES)):
        return "this is a Gradescope container"
    if os.getpid() == 1 or os.getppid() == 0:
        return "this is a command of its own in a container"
    return ""


def standby(kind: str = ZYGOTE) -> Standby | None:
    """Where a process of this user and this environment stays; None where none may, or there is no safe folder."""
    if why_none():
        return None
    folder = _folder()
    with contextlib.suppress(OSError):  # such as an interpreter that does not know where it is
        return Standby(folder, name(kind)) if folder else None
    return None


def name(kind: str = ZYGOTE) -> str:
    """The name of the process that fits this one: of the environment, and of all that may change in it."""
    where = (
        sys.executable,
        sys.prefix,
        os.getuid(),
        *(os.stat(path).st_ino for path in NAMESPACES if os.path.exists(path)),
    )
    interpreter = os.stat(sys.executable)
    limits = [(number, resource.getrlimit(number)[1]) for number in _limits()]
    status = STATUS.findall(_status())
    what = (
        *(sys.version, interpreter.st_ino, interpreter.st_mtime_ns, os.stat("/").st_ino, os.nice(0), limits, status),
        *([(name, os.environ.get(name)) for name in KEPT], sorted(_packages()), sorted(_own_files())),
    )
    return kind + "-".join(hashlib.sha256(repr(part).encode()).hexdigest()[:16] for part in (where, what))


def calling() -> dict[str, Any]:
    """What a worker takes over from the terminal that asks for it: the mask of new files, soft limits, cores and PATH."""
    umask = re.search(r"^Umask:\s*([0-7]+)", _status(), re.MULTILINE)
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    return {
        "umask": int(umask[1], 8) if umask else 0o077,
        "limits": {str(number): resource.getrlimit(number)[0] for number in _limits()},
        "cores": cores,
        "path": os.environ.get("PATH"),
    }


def take_over(calling: dict[str, Any]) -> None:
    """In a worker: become as if that terminal had started it (see `calling`)."""
    os.umask(calling["umask"])
    for number, soft in calling["limits"].items():
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(int(number), (soft, resource.getrlimit(int(number))[1]))
    if calling["cores"]:
        with contextlib.suppress(OSError):  # a core is gone
            os.sched_setaffinity(0, calling["cores"])
    os.environ.pop("PATH", None)
    if calling["path"] is not None:
        os.environ["PATH"] = calling["path"]


def standing() -> list[Standing]:
    """What stays of this user, of whatever environment."""
    here = [found.name + SUFFIX for found in map(standby, PREFIXES) if found is not None]
    found = []
    for file, control, pid in _all(_folder()):
        with control:
            told = ask(control, {"status": True})
        found.append(Standing(pid, file in here, **(told or {"answers": False})))
    return sorted(found, key=lambda one: one.since)


def stop(folder: str = "", *, but: str = "", like: str | tuple[str, ...] = PREFIXES, idle: bool = False) -> int:
    """End the zygotes of this user that stay; how many there were.

    Args:
        folder: where their sockets are; by default, where this user's are.
        but: the name of one that is spared.
        like: how the names of the others begin.
        idle: only those that nobody uses.
    """
    stopped = 0
    for file, control, pid in _all(folder or _folder()):
        with control:
            if file.startswith(like) and file != but + SUFFIX:
                told = ask(control, {"stop": "idle" if idle else "now"})
                if told is None and not idle:  # it hangs; while it listens, the number is its own
                    with contextlib.suppress(OSError):
                        os.kill(pid, signal.SIGKILL)
                stopped += told is None or bool(told.get("stops"))
    return stopped


def deserted() -> list[str]:
    """The sockets of this user at which nobody listens any more, and nobody is about to: paths."""
    found = []
    place = _folder()
    with _entered(place) as folder:
        for file in sorted(os.listdir(folder)) if folder is not None else []:
            if file.startswith(PREFIXES) and file.endswith(SUFFIX) and folder is not None and _is_deserted(folder, file):
                found.append(os.path.join(place, file))
    return found


def remove_deserted(path: str) -> None:
    """Remove such a socket, unless somebody listens there now."""
    place, file = os.path.split(path)
    with contextlib.suppress(OSError), _entered(place) as folder:
        if folder is not None and _is_deserted(folder, file):
            os.unlink(file, dir_fd=folder)


def _is_deserted(folder: int, file: str) -> bool:
    """Whether a socket is old, refuses, and the lock of its environment is free: whoever begins to listen holds that."""
    import fcntl

    with contextlib.suppress(OSError):
        if time.time() - os.stat(file, dir_fd=folder).st_mtime < SETTLED_SECONDS:
            return False
        lock = os.open(f"{environment(file.removesuffix(SUFFIX))}.lock", os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            listening = _connected(folder, file)
            if listening is not None:
                listening[0].close()
            return listening is None
        finally:
            os.close(lock)
    return False


def ask(control: socket.socket, message: dict[str, Any]) -> dict[str, Any] | None:
    """What a zygote that stays says to a message; None if it does not answer soon, or not sensibly."""
    try:
        control.settimeout(ANSWER_SECONDS)
        control.send(json.dumps(message).encode())
        reply = json.loads(_received(control))
    except (OSError, ValueError):
        return None
    return reply if isinstance(reply, dict) and "error" not in reply else None


def _received(control: socket.socket) -> bytes:
    """One message; a stream may bring it in parts."""
    said = control.recv(MESSAGE_CAP)
    while control.type == socket.SOCK_STREAM and said and not said.endswith(b"}") and len(said) < MESSAGE_CAP:
        part = control.recv(MESSAGE_CAP)
        if not part:
            break
        said += part
    return said


def _unconnected(name: str) -> socket.socket:
    """A socket of the kind that goes with a name: macOS has no messages between processes, only streams."""
    return socket.socket(socket.AF_UNIX, socket.SOCK_STREAM if name.startswith(WORKER) else socket.SOCK_SEQPACKET)


class Listener:
    """The zygote's end: the socket under which it is found.

    Made before the zygote enters its namespaces, so that no worker sees the socket among those of its own. Of each environment
    one zygote listens: whoever holds the lock.
    """

    def __init__(self, standby: Standby) -> None:
        self.standby = standby
        self.socket = _unconnected(standby.name)
        self._lock = -1
        self._inode = 0

    @property
    def listens(self) -> bool:
        """Whether it is found."""
        return self._inode > 0

    def listen(self) -> bool:
        """Be found from now on; False if another zygote of this environment is, or the folder cannot be used."""
        import fcntl

        name, file = self.standby.name, self.standby.name + SUFFIX
        try:
            with _entered(self.standby.folder) as folder:
                if folder is None:
                    return False
                flags = os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC
                self._lock = os.open(f"{environment(name)}.lock", flags, 0o600, dir_fd=folder)
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                with contextlib.suppress(FileNotFoundError):  # of one that was killed
                    os.unlink(file, dir_fd=folder)
                self.socket.bind(_path(folder, file))
                self.socket.listen()
                self._inode = os.stat(file, dir_fd=folder).st_ino
        except OSError:
            if self._lock >= 0:
                os.close(self._lock)
            self._lock = -1
        return self.listens

    def take_the_place(self) -> None:
        """End the zygote of this environment that is of another version, if nobody uses it, and be found in its place."""
        name = self.standby.name
        stop(self.standby.folder, but=name, like=environment(name), idle=True)
        deadline = time.monotonic() + ANSWER_SECONDS
        while not self.listen() and time.monotonic() < deadline:
            time.sleep(GLANCE_SECONDS)

    def accept(self) -> socket.socket | None:
        """Who has connected; None if it is not this user, or has gone."""
        try:
            control = self.socket.accept()[0]
        except OSError:
            return None
        if peer(control)[1] == os.geteuid():
            return control
        control.close()
        return None

    def is_found(self) -> bool:
        """Whether whoever looks for it still finds it: its folder may be gone, as at the end of a session."""
        with contextlib.suppress(OSError), _entered(self.standby.folder) as folder:
            return folder is not None and os.stat(self.standby.name + SUFFIX, dir_fd=folder).st_ino == self._inode
        return False

    def close(self) -> None:
        """Be found no more."""
        with contextlib.suppress(OSError), _entered(self.standby.folder) as folder:
            if folder is not None and self.is_found():
                os.unlink(self.standby.name + SUFFIX, dir_fd=folder)
        self.socket.close()
        if self._lock >= 0:
            os.close(self._lock)


def environment(name: str) -> str:
    """The part of a name that tells the environment, not its version."""
    return name.rpartition("-")[0]


def peer(control: socket.socket) -> tuple[int, int]:
    """The process and the user at the other end, as the kernel noted them."""
    if sys.platform == "darwin":
        told = control.getsockopt(LOCAL, socket.LOCAL_PEERCRED, PEER.size)
        return int.from_bytes(control.getsockopt(LOCAL, PEER_PID, 4), sys.byteorder), PEER.unpack(told)[1]
    pid, uid, _ = PEER.unpack(control.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, PEER.size))
    return pid, uid


def _connected(folder: int, file: str) -> tuple[socket.socket, int] | None:
    control = _unconnected(file)
    try:
        control.settimeout(ANSWER_SECONDS)
        control.connect(_path(folder, file))
        pid, uid = peer(control)
    except OSError:  # nobody listens any more
        control.close()
        return None
    if uid != os.geteuid():
        control.close()
        return None
    return control, pid


def _all(place: str) -> Iterator[tuple[str, socket.socket, int]]:
    """Every socket in a folder at which somebody of this user listens: its name, a connection, and the process."""
    if not place:
        return
    with _entered(place) as folder:
        files = sorted(os.listdir(folder)) if folder is not None else []
        for file in files:
            if file.startswith(PREFIXES) and file.endswith(SUFFIX) and folder is not None:
                found = _connected(folder, file)
                if found is not None:
                    yield file, *found


def _folder() -> str:
    """The folder for the sockets of this user, in the machine's memory or on its own disk; "" where none is safe."""
    if not sys.platform.startswith(SYSTEMS):
        return ""
    user = os.geteuid()
    folders = []
    for runtime in (os.environ.get("XDG_RUNTIME_DIR", ""), f"/run/user/{user}"):
        with contextlib.suppress(OSError):
            if os.path.isabs(runtime) and os.stat(runtime).st_uid == user:  # sudo may leave the variable of another user
                folders.append(os.path.join(runtime, FOLDER))
    folders.append(f"/tmp/{FOLDER}-of-{user}")  # noqa: S108 - not TMPDIR, which differs from terminal to terminal; see `_entered`
    for folder in folders:
        with _entered(folder, make=True) as entered:
            if entered is not None:
                return folder
    return ""


@contextlib.contextmanager
def _entered(path: str, *, make: bool = False) -> Iterator[int | None]:
    """A folder, opened; None unless it is a folder, no link to one, that belongs to this user, and only they can enter."""
    folder = None
    with contextlib.suppress(OSError):
        if make:
            with contextlib.suppress(FileExistsError):
                os.mkdir(path, 0o700)
        folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        found = os.fstat(folder) if folder is not None else None
        yield folder if found and found.st_uid == os.geteuid() and not stat.S_IMODE(found.st_mode) & 0o077 else None
    finally:
        if folder is not None:
            os.close(folder)


def _path(folder: int, file: str) -> str:
    """The path of a socket in an open folder: short enough however long the folder's is, and nobody can exchange the folder."""
    if sys.platform == "darwin":
        import fcntl

        return os.path.join(os.fsdecode(fcntl.fcntl(folder, fcntl.F_GETPATH, bytes(1024)).rstrip(b"\0")), file)
    return f"/proc/self/fd/{folder}/{file}"


def _status() -> str:
    with contextlib.suppress(OSError):
        return Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    return ""


def _limits() -> list[int]:
    return sorted({getattr(resource, name) for name in dir(resource) if name.startswith("RLIMIT_")})


def _packages() -> Iterator[tuple[str, int]]:
    """What is installed, by the folders in which each package's version stands."""
    for folder in dict.fromkeys(path for path in sys.path if path.endswith(("site-packages", "dist-packages"))):
        with contextlib.suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.endswith(("-info", ".pth", ".egg-link")):
                    yield entry.path, entry.stat().st_mtime_ns


def _own_files() -> Iterator[tuple[str, int, int]]:
    """Our own modules, each with its size and when it was changed."""
    folders = [str(Path(__file__).parent.parent)]
    found = importlib.util.find_spec("dlkit")
    folders += (found and found.submodule_search_locations) or ()
    while folders:
        with contextlib.suppress(OSError), os.scandir(folders.pop()) as entries:
            for entry in entries:
                if entry.is_dir():
                    if entry.name != "__pycache__":
                        folders.append(entry.path)
                elif entry.name.endswith(".py"):
                    about = entry.stat()
                    yield entry.path, about.st_size, about.st_mtime_ns
