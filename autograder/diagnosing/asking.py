"""Asks a worker to run a program, and passes on meanwhile where it is."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from autograder.observation import ObservationError, pack, text_of, unpack, unpack_tree
from autograder.sandbox.process import EndedError, MachineError, OverLimitError, TimedOutError, Worker, WorkerError
from autograder.text import plain
from autograder.text.cells import called
from autograder.text.errors import DlkitError, FaultError

READ_SECONDS = 30.0
MORE_SECONDS = 60.0  # for our own looks at what the program did, beyond its time
TELL_SECONDS = 0.2
CACHES = (".keras/datasets", "scikit_learn_data")  # in a user's home


class ProgramError(DlkitError):
    """The program cannot be run: it cannot be read, or used more than it may."""


def downloaded() -> list[Path]:
    """Where libraries keep the data sets that this user has downloaded: a program without network may read them."""
    return [place for name in CACHES if (place := Path.home() / name).is_dir()]


def asked(worker: Worker, program: str, name: str, folder: str, seconds: float, tell: Callable[[str], None]) -> dict[str, Any]:
    """What a worker saw of the program.

    Raises:
        ProgramError, FaultError: as `diagnose`.
    """
    main = called(name, program)
    try:
        read = unpack(worker.ask(pack({"request": "read", "source": program, "name": name}), READ_SECONDS))
        if syntax := text_of(read, "syntax"):
            raise ProgramError(plain(syntax, 300))
        with _told(worker, tell):
            caches = json.dumps({str(one.relative_to(Path.home())): str(one) for one in downloaded()})
            request = pack({"request": "run", "seconds": str(seconds), "folder": folder, "caches": caches})
            return unpack_tree(unpack(worker.ask(request, seconds + MORE_SECONDS, 4 * seconds + 4 * MORE_SECONDS)))
    except TimedOutError:
        raise ProgramError(f"{main} did not let itself be stopped after {seconds:g} s. Try fewer epochs.") from None
    except OverLimitError as error:
        raise ProgramError(f"{main} {error.why.partition(', the limit')[0]}, the limit for a program") from None
    except EndedError as error:
        raise ProgramError(f"{main} ended its process, so nothing can be said of it: the worker {error.why}") from None
    except MachineError as error:
        raise FaultError(f"the program was not run: {error.why}") from None
    except (WorkerError, ObservationError, ValueError, KeyError, TypeError, RecursionError):
        raise ProgramError(f"{main} wrote to the channel through which its worker answers") from None


@contextlib.contextmanager
def _told(worker: Worker, tell: Callable[[str], None]) -> Iterator[None]:
    """Meanwhile, pass on where the worker says that the program is."""
    done = threading.Event()

    def listen() -> None:
        last = b""
        while not done.wait(TELL_SECONDS):
            said = worker.told[0]
            if said != last:
                last = said
                tell(plain(said.decode("utf-8", "replace"), 80))

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
