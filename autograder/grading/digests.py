"""Digests: what an answer depends on, so that it need not be asked for again.

A check has two halves, and only one of them runs in a worker. A change of points, tolerance, hint or of a comparing
function leaves every answer as it is; a change of `call=`, of a function that it uses, or of what is observed does not.
"""

from __future__ import annotations

import contextlib
import hashlib
import math
import platform
import sys
import weakref
from collections.abc import Iterable, Iterator
from dataclasses import fields
from functools import cache
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import numpy as np

from autograder.assignment import MODULE
from autograder.checks.base import Case, Check
from autograder.observation import leaves, real
from autograder.sandbox.installed import BUILDS, listed_in, version_of

PACKAGES = ("tensorflow", "keras", "numpy", "scikit-learn")
# The code beside a submission, and what crosses to it and back; the words for how two arrays differ are not among it.
OBSERVING = ("observing", "checks", "observation", "text/cells.py")
WORDS = "observation/closeness.py"
JUDGING = ("grading", WORDS, "assignment/misconception.py")
_OBSERVED: dict[int, tuple[weakref.ref[Check], str]] = {}  # by identity: not every check can be hashed
GRID = 20  # bits of an input that its fingerprint keeps: another processor's tanh differs in the 53rd


def digest_of_observing(check: Check) -> str:
    """A digest of everything about a check, but its inputs, that its observations depend on.

    Made once for a check: each variant of a reference asks for it again.
    """
    known = _OBSERVED.get(id(check))
    if known is None or known[0]() is not check:
        number = id(check)
        known = _OBSERVED[number] = weakref.ref(check, lambda _: _OBSERVED.pop(number, None)), _digest_of_observing(check)
    return known[1]


def _digest_of_observing(check: Check) -> str:
    judged = {name for kind in type(check).__mro__ for name in vars(kind).get("JUDGED", ())}
    told = (field.name for field in fields(check) if field.name not in judged)
    parts = [f"{name}={''.join(_parts(getattr(check, name), set()))}" for name in told]
    parts += [part for kind in type(check).__mro__ if kind.__module__ == MODULE for part in _parts(kind, set())]
    watched = (f"{name}:{rule.counts_turns}" for rule in check.rules for name in (*rule.watched, ""))
    return _digest(check.function, type(check).__name__, *watched, *parts)


def digest_of_rules(checks: tuple[Check, ...]) -> str:
    """A digest of the rules on the source, which are checked when it is read."""
    return _digest(*(f"{check.name}:{check.function}:{check.rules!r}" for check in checks))


def digest_of_files(files: dict[str, str]) -> str:
    """A digest of a submission's files."""
    return _digest(*(part for name in sorted(files) for part in (name, files[name])))


def fingerprint(case: Case) -> str:
    """A digest of the inputs of a case, and of what is particular about it, that is the same on every processor.

    Arrays count to 20 bits of their largest entry: drawn numbers are the same everywhere, and what is computed of them
    (a tanh, a sum) may differ in its last bits.
    """
    digest = hashlib.sha256(repr((case.raises, case.quiet, sorted(case.writable))).encode())
    for path, value in leaves({"inputs": case.inputs, "kept": case.kept}):
        array = np.asarray(value)
        digest.update(f"\n{path}:{array.shape}:{array.dtype.kind}".encode())
        match array.dtype.kind:
            case "f":
                digest.update(_rounded(array.astype(np.float64)).tobytes())
            case "c":
                digest.update(_rounded(real(array).astype(np.float64)).tobytes())
            case "i" | "u" | "b":  # whole numbers have another width on other systems
                digest.update(array.astype("<i8").tobytes())
            case _:
                digest.update(repr(value).encode())
    return digest.hexdigest()[:32]


def _digest(*parts: str) -> str:
    whole = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        whole.update(b"%d:" % len(data) + data)
    return whole.hexdigest()


def _parts(value: Any, seen: set[int]) -> Iterator[str]:
    """A value as text: a function by its code, and by the code and constants of the spec that it uses."""
    if isinstance(value, FunctionType):
        if id(value) in seen:
            return
        seen.add(id(value))
        yield from _code(value.__code__)
        yield repr(value.__defaults__) + repr(value.__kwdefaults__)
        for cell in value.__closure__ or ():
            yield from _parts(cell.cell_contents, seen)
        if value.__module__ == MODULE:
            for name in sorted(_names(value.__code__)):
                if name in value.__globals__:
                    yield name
                    yield from _parts(value.__globals__[name], seen)
    elif isinstance(value, type) and value.__module__ == MODULE:
        for name, part in sorted(vars(value).items()):
            if isinstance(part, FunctionType):
                yield name
                yield from _parts(part, seen)
    elif isinstance(value, list | tuple | set | frozenset):
        yield type(value).__name__
        for part in sorted(value, key=repr) if isinstance(value, set | frozenset) else value:
            yield from _parts(part, seen)
    elif isinstance(value, dict):
        for key, part in value.items():
            yield repr(key)
            yield from _parts(part, seen)
    elif hasattr(value, "tobytes") and hasattr(value, "dtype"):
        yield f"{value.dtype}{value.shape}{hashlib.sha256(value.tobytes()).hexdigest()}"
    elif type(value).__module__ in ("builtins", MODULE):
        yield repr(value)
    else:
        yield f"{type(value).__module__}.{getattr(value, '__name__', type(value).__name__)}"


def _code(code: CodeType) -> Iterator[str]:
    yield code.co_code.hex()
    yield repr((code.co_names, code.co_varnames))
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _code(constant)
        else:
            yield repr(constant)


def _names(code: CodeType) -> set[str]:
    inner = (constant for constant in code.co_consts if isinstance(constant, CodeType))
    return set(code.co_names).union(*(_names(constant) for constant in inner))


@cache
def versions() -> dict[str, str]:
    """The versions that an answer depends on, without importing anything."""
    found = {"python": platform.python_version()}
    there: dict[str, str] = {}
    for path in reversed(sys.path):  # so that the first one counts
        with contextlib.suppress(OSError):
            there.update(listed_in(path))
    for name in (*PACKAGES, "dlkit"):
        # Its folder's name tells it, and to import what reads more of that costs as much as a small grading.
        found[name] = there.get(name) or there.get(BUILDS.get(name, "")) or _version(name)
    return found


def _version(name: str) -> str:
    """The version of a package that is installed in an unusual way."""
    from importlib import metadata

    try:
        return version_of(name)
    except metadata.PackageNotFoundError:
        return "not installed"


@cache
def observing_digest() -> str:
    """A digest of the code that observes, so that a change of ours makes kept observations void."""
    return digest_of_code(OBSERVING, without=WORDS)


@cache
def judging_digest() -> str:
    """A digest of the code that judges and explains, so that a change of ours is seen."""
    return digest_of_code((*OBSERVING, *JUDGING))


def digest_of_code(rooms: Iterable[str], *, without: str = "") -> str:
    """A digest of modules and of all modules in folders, but for one, each by its path in the package."""
    package = Path(__file__).parent.parent
    paths = {path for room in rooms for path in ([package / room] if room.endswith(".py") else package.glob(f"{room}/**/*.py"))}
    whole = hashlib.sha256()
    for path in sorted(paths - {package / without}):
        whole.update(path.relative_to(package).as_posix().encode() + path.read_bytes())
    return whole.hexdigest()


def _rounded(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The entries on a grid of 2^-20 of the power of two above the largest; what is not finite, as itself."""
    finite = np.isfinite(array)
    largest = float(np.max(np.abs(array[finite]), initial=0.0))
    exponent = math.frexp(largest * (1 + 1e-9))[1]  # a largest entry of nearly 1 is as one of 1
    grid = np.rint(np.ldexp(np.where(finite, array, 0.0), GRID - exponent))
    whole: np.ndarray[Any, Any] = np.where(finite, grid + 0.0, array).astype("<f8")  # + 0.0: no -0.0
    whole[np.isnan(whole)] = np.nan  # of one sign
    return whole
