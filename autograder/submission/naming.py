"""Naming: whether a file of another name may be the one that is asked for. Text is searched here, never parsed or run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath

from autograder.submission.entries import STARTUP
from autograder.text import folded

MARIMO = re.compile(r"^[ \t]*(?:import|from)[ \t]+marimo\b", re.MULTILINE)
APP = re.compile(r"^[ \t]*app[ \t]*=[ \t]*(?:\w+\.)?App\(", re.MULTILINE)  # whatever name marimo is imported under
UNNAMED = re.compile(
    r"^[ \t]*(?:async[ \t]+)?(?:def|class)\b(?![ \t]+[^\W\d])", re.MULTILINE
)  # a slip that Python has a sentence for
STAR = re.compile(r"^[ \t]*from[ \t]+\S+[ \t]+import[ \t]*\*", re.MULTILINE)  # any name may come from there
TESTS = re.compile(r"(^|/)(tests?|autograder|grader)/|(^|/)(test_[^/]*|[^/]*_test|setup)\.(py|ipynb)$", re.IGNORECASE)

GIVEN = ("checks.py", "predictions.py", "milestone.py")  # what lies beside a student's file in a repository or a kit


@dataclass(frozen=True)
class Course:
    """What tells the files of an assignment from those of others.

    Attributes:
        functions: what the assignment asks for.
        others: the files that other assignments of the course ask for.
    """

    functions: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


ALONE = Course()  # nothing is known of the functions, or of other assignments


def foreign(path: str, text: str, files: Iterable[str], course: Course) -> bool:
    """Whether a file that is not called as it was asked for is another assignment's, or nobody's.

    It is if it defines none of the functions; or is called after another assignment's file and defines half of them at
    most, for assignments may share a function or two.
    """
    name = _key(path)
    if not course.functions or name in map(_key, files):
        return False
    defined = len(_defined(text, course.functions))
    theirs = any(_key(other) in name for other in course.others) and not any(_key(file) in name for file in files)
    return 2 * defined <= len(course.functions) if theirs else not defined and not STAR.search(text)


def mentions(text: str, functions: Sequence[str]) -> bool:
    """Whether a text has any of these names at all, may have taken them from elsewhere, or breaks off before a name."""
    return bool(STAR.search(text) or UNNAMED.search(text) or _pattern(tuple(functions)).search(text))


def writes(text: str, functions: Sequence[str]) -> bool:
    """Whether a text has at least half of these functions written out, and does not take them from elsewhere."""
    written = re.findall(rf"^[ \t]*(?:async[ \t]+)?def[ \t]+({'|'.join(map(re.escape, functions))})\b", text, re.MULTILINE)
    return 0 < len(functions) <= 2 * len(set(written))


def of_tests(path: str) -> bool:
    """Whether a file of this name came with the assignment's template, or is run by pytest."""
    return bool(TESTS.search(path)) or folded(path.rpartition("/")[2]).removesuffix(".py") in STARTUP


def is_given(path: str) -> bool:
    """Whether a file of this name is a part of an assignment that nobody writes in, though it may have the functions' names."""
    return path.rpartition("/")[2] in GIVEN


def told_of(name: str, text: str) -> str:
    """What the student should know of a file's text before anything in it is read as Python; "" for nothing."""
    if MARIMO.search(text) and APP.search(text):
        return f"{name} is a marimo notebook: only functions defined at the top level are found; mark them with @app.function"
    return ""


@lru_cache(maxsize=8)
def _pattern(functions: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"\b({'|'.join(map(re.escape, functions))})\b")


def _defined(text: str, functions: Sequence[str]) -> set[str]:
    """The names that a text seems to define, by `def`, `class`, an import or an assignment."""
    names = "|".join(map(re.escape, functions))
    pattern = rf"^[ \t]*(?:(?:async[ \t]+)?def|class)[ \t]+({names})\b|^[ \t]*({names})[ \t]*[:=](?!=)|\bimport\b.*\b({names})\b"
    return {name for found in re.finditer(pattern, text, re.MULTILINE) for name in found.groups() if name}


def _key(path: str) -> str:
    """A file's name without its suffix, as people vary it: "XOR-MLP (1).py" is xor_mlp_1."""
    return re.sub(r"[\W_]+", "_", folded(PurePosixPath(path).stem)).strip("_")
