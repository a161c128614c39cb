"""A spool: the texts of a class on a disk, so that the memory of a grading does not grow with the class."""

from __future__ import annotations

import json
import tempfile
import threading
from collections.abc import ItemsView, Iterator, Mapping
from types import TracebackType
from typing import Self


class Spool:
    """A file without a name that holds texts until it is closed. Several threads may read it."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile("w+b", buffering=0, prefix="dlkit-spool-")  # noqa: SIM115 - closed by `__exit__`
        self._end = 0
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._file.close()

    def put(self, texts: Mapping[str, str]) -> Mapping[str, str]:
        """The same texts, by the same names, read from the disk whenever somebody looks.

        Raises:
            OSError: the disk is full.
        """
        data = json.dumps(dict(texts)).encode("ascii")
        with self._lock:
            at = self._end
            self._file.seek(at)
            view = memoryview(data)
            while view:
                view = view[self._file.write(view) :]
            self._end += len(data)
        return Spooled(self, at, len(data))

    def read(self, at: int, length: int) -> dict[str, str]:
        """The texts that lie at a place."""
        with self._lock:
            self._file.seek(at)
            data = bytearray()
            while len(data) < length and (part := self._file.read(length - len(data))):
                data += part
        texts: dict[str, str] = json.loads(data)
        return texts


class Spooled(Mapping[str, str]):
    """Texts in a spool."""

    __slots__ = ("_at", "_length", "_spool")

    def __init__(self, spool: Spool, at: int, length: int) -> None:
        self._spool, self._at, self._length = spool, at, length

    def _texts(self) -> dict[str, str]:
        return self._spool.read(self._at, self._length)

    def __getitem__(self, name: str) -> str:
        return self._texts()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts())

    def __len__(self) -> int:
        return len(self._texts())

    def items(self) -> ItemsView[str, str]:
        """All of them, read once."""
        return self._texts().items()
