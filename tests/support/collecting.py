"""What makes collecting cheap: each process of pytest collects all tests, and runs a part of them."""

from __future__ import annotations

import gc
from collections.abc import Generator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from _pytest.doctest import DoctestModule

PROMPT = b">>> "
LONG = 200  # characters of a text


class Collecting:
    """Hooks for all folders; those of a conftest.py only know about the files beside it."""

    @pytest.hookimpl(wrapper=True)
    def pytest_collection(self) -> Generator[None, Any, Any]:
        """Collect without the garbage collector: thousands of tests stay to the end, and it would walk through them again and again."""
        gc.disable()
        try:
            return (yield)
        finally:
            gc.freeze()
            gc.enable()

    @pytest.hookimpl(wrapper=True)
    def pytest_collect_file(self, file_path: Path) -> Generator[None, list[Any], list[Any]]:
        """Look for doctests where there are any, and do not import the other modules for that."""
        found = yield
        if any(isinstance(one, DoctestModule) for one in found) and PROMPT not in file_path.read_bytes():
            return [one for one in found if not isinstance(one, DoctestModule)]
        return found

    def pytest_make_parametrize_id(self, val: object, argname: str) -> str | None:
        """Name a long text by its length: the ids of all tests go from each process to the one that hands them out."""
        return f"{argname} of {len(val)}" if isinstance(val, (str, bytes)) and len(val) > LONG else None


def needs(package: str, reason: str) -> None:
    """Skip a test file where a package is missing. Unlike `pytest.importorskip`, nobody imports it who runs no test of the file."""
    if find_spec(package) is None:
        pytest.skip(reason, allow_module_level=True)
