"""A worker: a process of its own that answers frames. It has no secret.

Forked from a zygote, or started afresh where there is none:

    python -I -m autograder.sandbox.worker autograder.observing:serve

    python -I -m autograder.sandbox.worker autograder.observing:serve STANDBY IMPORTS    ahead of its grading (see `waiting`)

Either way it imports, isolates itself, says under number 0 which layers are in force, and then answers one request after
the other over pipes that nothing printed can get into. It ends when its requests do.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import select
import sys
import tempfile
from collections.abc import Callable, Collection
from functools import partial
from typing import IO, TYPE_CHECKING, NoReturn

from autograder.sandbox.budget import Budget
from autograder.sandbox.first_uses import first_uses
from autograder.sandbox.frames import NotInstalledError, RefusalError, read_frame, tell_on, write_frame
from autograder.sandbox.isolation import die_with_parent, isolate
from autograder.sandbox.layers import READY
from autograder.sandbox.standby import Standby
from autograder.sandbox.warm import warm, warm_if_possible

if TYPE_CHECKING:
    from autograder.sandbox.waiting import Taken

REQUEST_CAP = 2**30
INSIDE = "AUTOGRADER_WORKER"  # set where code is being graded, which may ask for checks of its own
Handler = Callable[[bytes], bytes]
Make = Callable[[Budget], Handler]


def main() -> None:
    """A fresh process: the first frame, or whoever takes one that waits, says what to import and what it may use."""
    gc.disable()  # the imports to come make 400,000 objects that stay; `warm` turns it on again
    waits = len(sys.argv) > 2
    dies = not waits and die_with_parent()
    requests, answers, asked = waited() if waits else begun()
    try:
        make = handler(sys.argv[1])
        warm(asked["modules"])
        warm_if_possible(asked["libraries"])
    except RefusalError as error:
        missing = {"not installed": error.name} if isinstance(error, NotInstalledError) else {}
        write_frame(answers, READY, json.dumps({"error": str(error)} | missing).encode())
        os._exit(1)
    serve(make, requests, answers, Budget(**asked["budget"]), asked["without"], ["dies with the grader"] if dies else [])


def begun() -> Taken:
    """The requests and answers of a worker that was started for somebody, and its first request."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    lead_nowhere()
    frame = read_frame(requests, REQUEST_CAP)
    if frame is None:
        os._exit(0)
    return requests, answers, json.loads(frame[1])


def waited() -> Taken:
    """The same of one that was started ahead, once somebody takes it."""
    from autograder.sandbox.waiting import Waiting

    lead_nowhere()
    with contextlib.suppress(RefusalError):  # said when it is needed
        handler(sys.argv[1])
    return Waiting(Standby.from_json(sys.argv[2]), json.loads(sys.argv[3])).until_taken()


def handler(name: str) -> Make:
    """What makes a worker's handler, by its name, "module:function".

    Raises:
        RefusalError: it cannot be imported.
    """
    module, _, function = name.partition(":")
    try:
        found: Make = getattr(importlib.import_module(module), function)
    except Exception as error:
        raise RefusalError(f"{name} cannot be imported: {type(error).__name__}: {error}") from error
    return found


def serve(
    make: Make,
    requests: IO[bytes],
    answers: IO[bytes],
    budget: Budget,
    without: Collection[str],
    layers: list[str],
    *,
    ahead: bool = False,
) -> NoReturn:
    """Isolate this process, say so, and answer requests until there are no more. The current folder is its own.

    Where it was started ahead, it makes use of the time until somebody asks whether it is ready.
    """
    folder = os.getcwd()
    os.environ["HOME"] = os.environ["TMPDIR"] = tempfile.tempdir = folder
    os.environ[INSIDE] = "yes"
    handle = make(budget)
    found = isolate(budget, folder, without)
    ready = {"in_force": [*layers, *found.in_force], "missing": found.missing}
    if ahead:
        first_uses(partial(is_asked, requests))
        if read_frame(requests, REQUEST_CAP) is None:
            os._exit(0)
    write_frame(answers, READY, json.dumps(ready).encode())
    tell_on(answers)
    while (frame := read_frame(requests, REQUEST_CAP)) is not None:
        number, request = frame
        write_frame(answers, number, handle(request))
    os._exit(0)  # freeing 400,000 objects one by one would take a second


def is_asked(requests: IO[bytes]) -> bool:
    """Whether a request is there that was not read, or the end of them."""
    poller = select.poll()
    poller.register(requests, select.POLLIN)
    return bool(poller.poll(0))


def lead_nowhere() -> None:
    """Have stdin, stdout and stderr lead to nothing."""
    for fd, flags in ((0, os.O_RDONLY), (1, os.O_WRONLY), (2, os.O_WRONLY)):
        nowhere = os.open(os.devnull, flags)
        os.dup2(nowhere, fd)
        os.close(nowhere)


if __name__ == "__main__":
    main()
