"""References: what the right answers, and the known wrong ones, are for the cases at hand.

They are observed through a worker that never runs a student's code, and kept on disk under a key of everything that
they depend on: the spec, the reference, the inputs, the code that observes and the versions of the libraries. So a
class, or a second run, imports TensorFlow once and not twice.
"""

from __future__ import annotations

import hashlib
import io
import os
import platform
import tempfile
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import cache, cached_property
from importlib import metadata
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any, TypeVar

from autograder.answer import Answer, Ending
from autograder.assignment import Assignment, SpecError
from autograder.bench import Bench, UnreadyError, request_for
from autograder.checks.base import Case, Check
from autograder.diagnosis import Misconception
from autograder.observation import ObservationError
from autograder.sandbox.frames import FrameError, read_frame, write_frame

SOLUTIONS = "solutions"
MISCONCEPTIONS = "misconceptions.py"
PACKAGES = ("tensorflow", "keras", "numpy", "scikit-learn")
REFERENCE_SECONDS = 60.0
LARGEST_KEPT = 2**28

Answers = dict[str, Answer]
T = TypeVar("T")


class References:
    """The reference and the misconceptions of one assignment, as answers.

    Args:
        assignment: the loaded spec.
        folder: `solutions/hwN`.
        keep: the folder for kept observations, None to keep nothing.
    """

    def __init__(self, assignment: Assignment, folder: Path, keep: Path | None) -> None:
        self.assignment = assignment
        self.folder = folder
        self.keep = keep
        self._bench = Bench(assignment, timeout=REFERENCE_SECONDS)
        self._loaded: str | None = None
        self._thread = ThreadPoolExecutor(1, "references")  # one worker, asked by one thread that outlives it

    def __enter__(self) -> References:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the worker, if there is one."""
        self._bench.close()  # so that what is being asked has no answer to wait for
        self._thread.shutdown(cancel_futures=True)

    def later(self, function: Callable[..., T], *arguments: Any) -> Future[T]:
        """Have `function` called on the references' own thread, after what was asked for before."""
        return self._thread.submit(function, *arguments)

    @cached_property
    def files(self) -> dict[str, str]:
        """The reference's files.

        Raises:
            SpecError: one is missing.
        """
        paths = {name: self.folder / name for name in self.assignment.files}
        for path in paths.values():
            if not path.is_file():
                raise SpecError(f"there is no reference for {self.assignment.name}: {path} does not exist")
        return {name: path.read_text(encoding="utf-8") for name, path in paths.items()}

    @cached_property
    def misconceptions(self) -> dict[str, Misconception]:
        """The known wrong answers by id; none where the assignment has no such file.

        Raises:
            SpecError: the file does not run, or two share an id.
        """
        path = self.folder / MISCONCEPTIONS
        if not path.is_file():
            return {}
        module = ModuleType("misconceptions")
        try:
            exec(compile(path.read_text(encoding="utf-8"), str(path), "exec", dont_inherit=True), module.__dict__)  # noqa: S102 - ours
            listed: list[Misconception] = list(module.__dict__["misconceptions"])
        except Exception as error:
            raise SpecError(f"{path} must define a list `misconceptions`. Received: {type(error).__name__}: {error}") from None
        found = {mistake.id: mistake for mistake in listed}
        if len(found) < len(listed):
            raise SpecError(f"{path}: two misconceptions share an id")
        return found

    def expected(self, check: Check, cases: Mapping[str, Case]) -> Answers:
        """The reference's answer to every case of a check."""
        return self._answers(check, cases, self.files, "reference")

    def mistaken(self, check: Check, cases: Mapping[str, Case]) -> dict[str, Answers]:
        """What each misconception about the check's function would answer, by its id."""
        main = self.assignment.files[0]
        return {
            mistake.id: self._answers(check, cases, {**self.files, main: mistake.put_into(self.files[main])}, mistake.id)
            for mistake in self.misconceptions.values()
            if mistake.function == check.function and not mistake.harmless
        }

    def _answers(self, check: Check, cases: Mapping[str, Case], files: Mapping[str, str], who: str) -> Answers:
        key = self._key(check, cases, files)
        kept = self._read(key, cases)
        if kept is not None:
            return kept
        try:
            if self._loaded != who:
                opened = self._bench.load(files)
                if opened.ending is not Ending.RETURNED:
                    return dict.fromkeys(cases, Answer(opened.ending, error=opened.error))
                self._loaded = who
            answers = {name: self._bench.ask(check, name, case) for name, case in cases.items()}
        except UnreadyError as error:
            return dict.fromkeys(cases, Answer(Ending.UNREADY, error=str(error)))
        lasting = (Ending.RETURNED,) if who == "reference" else (Ending.RETURNED, Ending.RAISED, Ending.MISSING, Ending.UNFIT)
        if all(answer.ending in lasting for answer in answers.values()):
            self._write(key, answers)
        return answers

    # Kept on disk -------------------------------------------------------------------------------------------------

    def _key(self, check: Check, cases: Mapping[str, Case], files: Mapping[str, str]) -> str:
        digest = hashlib.sha256()
        for part in (observing_digest(), *versions().values(), self.assignment.source, check.name):
            digest.update(f"{len(part)}:{part}".encode())
        for name, text in files.items():
            digest.update(f"{name}:{len(text)}:{text}".encode())
        for name, case in cases.items():
            request = request_for(check, case)
            digest.update(f"{name}:{len(request)}:".encode() + request)
        return digest.hexdigest()

    def _path(self, key: str) -> Path | None:
        return self.keep / self.assignment.name / f"{key[:40]}.observations" if self.keep else None

    def _read(self, key: str, cases: Mapping[str, Case]) -> Answers | None:
        path = self._path(key)
        if path is None:
            return None
        answers: Answers = {}
        try:
            stream = io.BytesIO(path.read_bytes())
            for name in cases:
                frame = read_frame(stream, LARGEST_KEPT)
                if frame is None:
                    return None
                answers[name] = Answer.from_bytes(frame[1])
        except (OSError, FrameError, ObservationError):
            return None
        return answers

    def _write(self, key: str, answers: Answers) -> None:
        path = self._path(key)
        if path is None:
            return
        stream = io.BytesIO()
        for number, answer in enumerate(answers.values()):
            write_frame(stream, number, answer.to_bytes())
        with suppress(OSError):  # a full or read-only disk costs time, not a grade
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor, temporary = tempfile.mkstemp(dir=path.parent)
            with os.fdopen(descriptor, "wb") as file:
                file.write(stream.getvalue())
            Path(temporary).replace(path)


@cache
def versions() -> dict[str, str]:
    """The versions that an answer depends on, without importing anything."""
    found = {"python": platform.python_version()}
    for name in (*PACKAGES, "dlkit"):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found


@cache
def observing_digest() -> str:
    """A digest of the code that observes, so that a change of ours makes kept observations void."""
    digest = hashlib.sha256()
    root = Path(__file__).parent
    for path in sorted([*root.glob("checks/*.py"), *(root / name for name in ("observing.py", "observation.py", "answer.py"))]):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def keeping_folder() -> Path:
    """Where observations are kept: `DLKIT_CACHE`, or the user's cache folder."""
    chosen = os.environ.get("DLKIT_CACHE")
    if chosen:
        return Path(chosen) / "observations"
    from platformdirs import user_cache_path

    return user_cache_path("dlkit", appauthor=False) / "observations"
