"""A sample of the cases of a test, by default; all of them for `make test-all`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import TypeVar

ALL = "DLKIT_ALL" in os.environ
T = TypeVar("T")


def sample(cases: Iterable[T], one_in: int, first: int = 0) -> Sequence[T]:
    """Every `one_in`-th case, beginning with number `first`; all of them where DLKIT_ALL is set."""
    return list(cases) if ALL else list(cases)[first::one_in]
