"""The call that a check makes of a function, where the check does more than to call it: caught as it is made, and written out."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import Any

import numpy as np

from autograder.asking.beside.running import SECONDS, at_most
from autograder.checks.base import Check
from autograder.checks.binding import Implementation
from autograder.checks.literal import literal
from autograder.observing.importing import SlowError

TEXT_MOST = 400  # characters of a call


class _CaughtError(BaseException):
    """The call has been made; nothing else of the check is of interest. Not an Exception, so that no check hides it."""


def caught(check: Check, module: ModuleType, inputs: Mapping[str, Any]) -> str:
    """The first call that a check makes of its function, as Python; "" where it cannot be written out."""
    found: list[tuple[Any, Any]] = []
    original = getattr(module, check.function)

    def catch(*arguments: Any, **named: Any) -> Any:
        found.append((arguments, named))
        raise _CaughtError

    catch.__wrapped__ = original  # type: ignore[attr-defined]  # whose parameters are looked at
    own: ModuleType = vars(module).get("_module", module)
    setattr(own, check.function, catch)
    try:
        with at_most(SECONDS):
            check.observe(Implementation(own, vars(module).get("_contract", {})), **inputs)
    except (_CaughtError, SlowError):
        pass
    except Exception:
        return ""
    finally:
        setattr(own, check.function, original)
    return _text(check.function, *found[0]) if found else ""


def _text(function: str, arguments: tuple[Any, ...], named: Mapping[str, Any]) -> str:
    texts = [written(value) for value in arguments] + [
        None if (text := written(value)) is None else f"{name}={text}" for name, value in named.items()
    ]
    if None in texts:
        return ""
    text = f"{function}({', '.join(str(one) for one in texts)})"
    return text if len(text) <= TEXT_MOST else ""


def written(value: Any) -> str | None:
    """A value as Python, None where it is none of those that can be written out."""
    if isinstance(value, Mapping):
        parts = {key: written(part) for key, part in value.items()}
        return None if None in parts.values() else "{" + ", ".join(f"{key!r}: {part}" for key, part in parts.items()) + "}"
    if type(value) in (list, tuple):
        texts = [written(part) for part in value]
        if None in texts:
            return None
        inside = ", ".join(str(text) for text in texts)
        return f"[{inside}]" if isinstance(value, list) else f"({inside}{',' if len(texts) == 1 else ''})"
    if isinstance(value, np.ndarray):
        return literal(value) if value.dtype.kind in "biuf" else None
    if type(value).__module__.startswith("tensorflow") and hasattr(value, "numpy"):
        text = literal(np.asarray(value.numpy()), tensors=True)
        return f"tf.Variable({text})" if text and hasattr(value, "assign") else text
    plain = value is None or type(value) in (bool, int, float, str)
    return repr(value) if plain else None
