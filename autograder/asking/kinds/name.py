"""Where does a name in a line come from?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from autograder.asking.kinds.subject import Subject, shuffled
from autograder.asking.question import Question

WORDS = {
    "parameter": "It is a parameter of the function.",
    "variable": "It is a variable that the function itself gives its value.",
    "import": "It is imported at the top of the file.",
    "module": "It is defined in the file, outside of the function.",
    "builtin": "Python has it by itself.",
}
WEIGHTS = {"parameter": 0.1, "variable": 0.15, "import": 0.05, "module": 0.3, "builtin": 0.15}


def questions(subject: Subject, rng: Any) -> Iterator[Question]:
    """One for each name; these are easy, and asked where there is little else."""
    seen: set[str] = set()
    for one in subject.facts.names:
        if one.name in seen:
            continue
        seen.add(one.name)
        right = WORDS[one.role]
        wrong = [text for text in WORDS.values() if text != right]
        few = [wrong[place] for place in rng.permutation(len(wrong))][:3]
        place = subject.where(one.line)
        yield subject.question(
            "name",
            None,
            one.line,
            f"Where does the name `{one.name}` in {place} come from, `{subject.code(one.line)}`?",
            right,
            shuffled(rng, right, few),
            f"`{one.name}`: {right[0].lower()}{right[1:]}",
            {"what": "name", "line": one.line, "name": one.name},
            WEIGHTS[one.role],
        )
