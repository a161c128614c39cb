"""Hooks: a real callable gets a watcher around it, under its own name, and stays what it is for everybody else."""

from __future__ import annotations

import contextlib
import functools
import inspect
from collections.abc import Callable
from typing import Any

Around = Callable[..., Any]


def home_of(kind: type, name: str) -> type:
    """The class that a method comes from: where it is watched, no subclass seems to override it."""
    return next((one for one in kind.__mro__ if name in one.__dict__), kind)


def watch(owner: Any, name: str, around: Around) -> None:
    """Put a watcher around `owner.name`: it is called as `around(original, *arguments, **options)`."""
    original = owner.__dict__.get(name) if isinstance(owner, type) else getattr(owner, name, None)
    if original is None:
        original = getattr(owner, name, None)
    if not callable(original) or getattr(original, "watched", False):
        return

    @functools.wraps(original)
    def watched(*arguments: Any, **options: Any) -> Any:
        return around(original, *arguments, **options)

    with contextlib.suppress(TypeError, ValueError):  # Keras asks for the arguments of an `__init__` when it saves a model
        watched.__signature__ = inspect.signature(original)  # type: ignore[attr-defined]
    watched.watched = True  # type: ignore[attr-defined]
    setattr(owner, name, watched)
