"""Hooks: a real callable gets a watcher around it, under its own name, and stays what it is for everybody else."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

Around = Callable[..., Any]


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

    watched.watched = True  # type: ignore[attr-defined]
    setattr(owner, name, watched)
