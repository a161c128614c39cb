"""A trial: one hostile program is graded by the real thing, and what it reached is held against what it may.

A program is a submission to the small assignment in `course`, of which it attacks one function; the driver adds the
honest functions that it does not define itself. Its docstring says what it tries and what has to come of it:

    attacked: failed, crashed      the outcomes that are right for the attacked function
    costs: slope                   other functions that it may break for itself
    layer: landlock                the one layer that contains it
"""

from __future__ import annotations

import ast
import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from autograder.assignment import Assignment, load, solutions_folder
from autograder.grading.grade import PUBLIC_SEED, grade, questions
from autograder.grading.references import References
from autograder.outcome import Grade
from autograder.outcome.grade_json import to_json
from autograder.sandbox.workers import Forked, Source
from autograder.selftest.bait import COURSE, SECRET, Bait, kill, running
from autograder.submission import Submission

ATTACKS = Path(__file__).parent / "attacks"
ATTACKED = "attacked"
DIRECTIONS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # characters that turn text around
LONGEST = 5000  # characters of anything that is shown
GONE_SECONDS = 5.0  # so long may it take until nothing of a submission is left, on a machine that is busy


@dataclass(frozen=True)
class Program:
    """A hostile program, as its docstring describes it."""

    name: str
    source: str
    tries: str
    outcomes: tuple[str, ...]
    costs: tuple[str, ...] = ()
    layer: str = ""


@dataclass(frozen=True)
class Trial:
    """What came of a program.

    Attributes:
        wrong: what it got through with, one sentence each; empty if it was contained.
    """

    program: Program
    outcome: str
    message: str
    wrong: tuple[str, ...]
    isolation: tuple[str, ...] = ()
    seconds: float = 0.0
    scores: dict[str, float | None] = field(default_factory=dict)


def read(path: Path) -> Program:
    """A program from its file."""
    source = path.read_text(encoding="utf-8")
    tries, *lines = (ast.get_docstring(ast.parse(source)) or "").splitlines()
    said = {match[1]: match[2] for line in lines if (match := re.match(r"(\w+):\s*([^#]*)", line))}
    words = {key: tuple(word.strip() for word in value.split(",")) for key, value in said.items()}
    return Program(
        path.stem, source, tries, words.get(ATTACKED, ("passed",)), words.get("costs", ()), words.get("layer", ("",))[0]
    )


def assignment_for(timeout: float | None = None) -> Assignment:
    """The assignment that the programs are submitted to."""
    assignment = load(COURSE / "assignments" / "contained")
    return assignment.within(timeout) if timeout else assignment


def references_for(assignment: Assignment, trusted: Source, keep: Path | None = None) -> References:
    """The references of that assignment; `keep` is the folder for their answers, None to keep nothing."""
    folder = COURSE / "assignments" / "contained"
    return References(assignment, solutions_folder(folder, assignment.name), keep, trusted)


def trials(
    programs: Iterable[Program],
    source: Source,
    trusted: Source,
    bait: Bait,
    timeout: float | None = None,
    keep: Path | None = None,
) -> Iterator[Trial]:
    """Grade each program with workers from `source`; the references come from `trusted`, or are kept in the folder `keep`."""
    assignment = assignment_for(timeout)
    with references_for(assignment, trusted, keep) as references:
        reference = references.files[assignment.files[0]]
        cases = questions(assignment, assignment.checks, PUBLIC_SEED)  # drawn, and answered by the reference, once for all
        for program in programs:
            started = time.monotonic()
            text = complete(bait.fill(program.source), reference)
            try:
                result = grade(assignment, Submission("mallory", {assignment.files[0]: text}), references, source, cases=cases)
            except Exception as error:
                harm = (f"the grader itself failed ({type(error).__name__})", *bait.harm(), *left_by(source))
                yield Trial(program, "grader_error", str(error), harm)
                continue
            wrong = [*wrong_with(program, result), *bait.harm(), *left_by(source)]
            attacked = next(check for check in result.checks if check.name == ATTACKED)
            yield Trial(
                program,
                attacked.outcome.value,
                attacked.message,
                tuple(wrong),
                result.isolation,
                round(time.monotonic() - started, 2),
                {check.name: check.score for check in result.checks},
            )


def complete(source: str, reference: str) -> str:
    """A program with the honest functions that it does not define itself."""
    tree = ast.parse(source)
    own = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    own |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    honest = [node for node in ast.parse(reference).body if isinstance(node, ast.FunctionDef) and node.name not in own]
    imports = "import numpy as np\nimport tensorflow as tf\n"
    return source + "\n\n" + imports + "\n\n".join(ast.unparse(node) for node in honest) + "\n"


def wrong_with(program: Program, result: Grade) -> list[str]:
    """What is wrong with the grade of a hostile program."""
    found = []
    for check in result.checks:
        if check.name == ATTACKED:
            if check.outcome.value not in program.outcomes:
                found.append(f"it ended {check.outcome.words}; expected {' or '.join(program.outcomes)} ({check.message})")
        elif check.score != check.max_score and not {check.name, "everything"} & set(program.costs):
            found.append(f"the honest function `{check.name}` lost points: {check.outcome.words}: {check.message}")
    printed = "".join(case.printed for check in result.checks for case in check.cases)
    if SECRET in to_json(result) + printed:
        found.append("a secret is in the grade")
    shown = [*(notice.text for notice in result.notices), *result.isolation, *(check.message for check in result.checks), printed]
    if any(not char.isprintable() and char != "\n" for text in shown for char in text):
        found.append("the feedback contains control characters")
    if any(char in DIRECTIONS for text in shown for char in text) or max(map(len, shown)) > LONGEST:
        found.append("the feedback is not safe to show")
    return found


def left_by(source: Source) -> list[str]:
    """Whether anything of a submission is still running."""
    if not isinstance(source, Forked):
        return []
    deadline = time.monotonic() + GONE_SECONDS
    while (left := [pid for pid in running(source.home) if pid != source.pid]) and time.monotonic() < deadline:
        time.sleep(0.02)
    kill(left)
    return [f"{len(left)} processes are still running"] if left else []
