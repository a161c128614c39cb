"""What a class answered to questions that nobody grades, as sections of its report: each kind of responses has one.

What students enclosed is a claim: the outcome that is shown is the one that most of them found. Nothing here counts.
"""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from autograder.classroom.gradebook.values import Answered
from autograder.submission.responses import EXPLANATION, HINT, MILESTONE, NOT_RUN, PREDICTION, Response

MOST_ANSWERS = 4  # of the answers to one question, so many are listed
HALF = 0.5
FEW = 4  # of numbers, from which the middle half says something


@dataclass(frozen=True)
class Line:
    """A row of a section: a text for each column, and the students whom it is about, if it names any."""

    cells: tuple[str, ...]
    who: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """A table about one kind of responses; `name` is its place on the page, `note` says how to read it."""

    name: str
    title: str
    note: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]


def sections(answered: Sequence[Answered], prompts: Mapping[str, str] | None = None) -> tuple[Section, ...]:
    """A section for each kind of responses that there is.

    Args:
        answered: of each student, the responses that count.
        prompts: the words of questions by name, where the course has them; otherwise those that most students enclosed.
    """
    kinds: dict[str, list[Answered]] = defaultdict(list)
    for one in answered:
        kinds[one.response.kind].append(one)
    make = {kind: SECTIONS.get(kind, _others) for kind in kinds}
    order = [*(kind for kind in SECTIONS if kind in kinds), *sorted(kinds.keys() - SECTIONS.keys())]
    return tuple(make[kind](kinds[kind], prompts or {}) for kind in order)


def summary(texts: Sequence[str]) -> str:
    """What many answered, in few words: the median of numbers, point by point of curves, else how often each answer was given.

    >>> summary(["1, 4", "2, 5", "3, 9"])
    'median 2, 5'
    >>> summary(["yes", "no", "yes"])
    '"yes" 2; "no" 1'
    """
    numbers = [_numbers(text) for text in texts]
    points = {len(one) for one in numbers}
    if not texts or 0 in points or len(points) > 1:
        counts = Counter(texts).most_common()
        more = f"; {len(counts) - MOST_ANSWERS} other answers" if len(counts) > MOST_ANSWERS else ""
        return "; ".join(f'"{text}" {count}' for text, count in counts[:MOST_ANSWERS]) + more
    medians = ", ".join(f"{statistics.median(column):.4g}" for column in zip(*numbers, strict=True))
    if points == {1} and len(texts) >= FEW:
        low, _, high = statistics.quantiles([one[0] for one in numbers], n=4, method="inclusive")
        return f"median {medians}; the middle half from {low:.4g} to {high:.4g}"
    return f"median {medians}"


def outcome(responses: Sequence[Response]) -> str:
    """What was right, by most of those who know it: the commonest text, or the median of numbers; "" where nobody knows."""
    texts = [one.expected for one in responses if one.expected is not None]
    if not texts:
        return ""
    numbers = [_numbers(text) for text in texts]
    if all(numbers) and len({len(one) for one in numbers}) == 1:
        return ", ".join(f"{statistics.median(column):.4g}" for column in zip(*numbers, strict=True))
    return Counter(texts).most_common(1)[0][0]


def _predictions(answered: Sequence[Answered], prompts: Mapping[str, str]) -> Section:
    return Section(
        "predictions",
        "What the class expected",
        "Predictions from before the results were seen; not graded. The outcome is what the students' own functions found.",
        ("Question", "Students", "What they expected", "What it was", "Right"),
        tuple(_line(responses, prompts) for responses in _by_question(answered).values()),
    )


def _explanations(answered: Sequence[Answered], prompts: Mapping[str, str]) -> Section:
    """Who solves and can explain: questions are asked about functions that pass only, so a student who misses them solves."""
    by_student: dict[str, list[Response]] = defaultdict(list)
    for one in answered:
        by_student[one.student].append(one.response)
    lines = [(_share(responses), student, responses) for student, responses in by_student.items()]
    return Section(
        "explanations",
        "Who solves, and who can explain",
        "Answers to questions about one's own code (dlkit ask), each about a function that passes. They are not graded, and come "
        "from the students' own computers. Whoever explains less than half comes first: talk with them.",
        ("Student", "Asked", "Right", "Explains", "Missed"),
        tuple(_explained(student, responses) for _, student, responses in sorted(lines, key=lambda line: line[:2])),
    )


def _share(responses: Sequence[Response]) -> float:
    return sum(one.right is True for one in responses) / len(responses)


def _explained(student: str, responses: Sequence[Response]) -> Line:
    right, missed = sum(one.right is True for one in responses), [_about(one) for one in responses if one.right is False]
    few = len(responses) < FEW - 1
    words = "too few to say" if few else "at least half" if _share(responses) >= HALF else "less than half"
    more = f" and {len(missed) - MOST_ANSWERS} more" if len(missed) > MOST_ANSWERS else ""
    return Line((student, str(len(responses)), str(right), words, ", ".join(missed[:MOST_ANSWERS]) + more or "–"))


def _about(response: Response) -> str:
    """The function and the kind of a question, from its name, such as "train_xor-count-1a2b3c4d"."""
    function, _, rest = response.question.partition("-")
    kind = rest.rpartition("-")[0]
    return f"{function} ({kind})" if kind else response.question


def _milestones(answered: Sequence[Answered], prompts: Mapping[str, str]) -> Section:
    """How many reached each step, and who has not reached one yet."""
    by_student: dict[str, list[bool]] = defaultdict(list)
    for one in answered:
        by_student[one.student].append(one.response.right is True)
    whole = sum(all(steps) for steps in by_student.values())
    return Section(
        "milestones",
        "Whose network learns",
        f"{whole} of {len(by_student)} students reached each step that they ran with dlkit milestone. The results come from the "
        "students' own computers, and are not graded.",
        ("Step", "Students", "Reached", "The bound", "What they found"),
        tuple(_step(responses) for responses in _by_question(answered).values()),
    )


def _step(responses: Sequence[Response]) -> Line:
    reached = sum(one.right is True for one in responses)
    found = [one.answer.removesuffix("%") for one in responses if not one.answer.startswith(NOT_RUN)]
    what = summary(found) if found else "–"
    return Line((responses[0].question, str(len(responses)), str(reached), outcome(responses) or "–", what))


def _hints(answered: Sequence[Answered], prompts: Mapping[str, str]) -> Section:
    """How far the class needed hints: the highest level that each student took for a function."""
    lines = []
    for function, responses in _by_question(answered).items():
        counts = Counter(one.answer for one in responses)
        lines.append(Line((function, str(len(responses)), *(str(counts[level]) for level in "123"))))
    return Section(
        "hints",
        "Which hints the class took",
        "Hints for derivations (dlkit hint), by the last level that a student took: 1 is a question, 2 the step, 3 the formula. "
        "Hints cost no points.",
        ("Function", "Students", "Level 1", "Level 2", "Level 3"),
        tuple(lines),
    )


def _others(answered: Sequence[Answered], prompts: Mapping[str, str]) -> Section:
    kind = answered[0].response.kind
    return Section(
        f"{kind}s",
        f"{kind.capitalize()}s",
        "Answers to questions that are not graded.",
        ("Question", "Students", "Answers", "Expected", "Right"),
        tuple(_line(responses, prompts) for responses in _by_question(answered).values()),
    )


SECTIONS: Mapping[str, Callable[[Sequence[Answered], Mapping[str, str]], Section]] = {
    PREDICTION: _predictions,
    EXPLANATION: _explanations,
    MILESTONE: _milestones,
    HINT: _hints,
}


def _by_question(answered: Sequence[Answered]) -> dict[str, list[Response]]:
    """The responses to each question, in the order in which most students have them."""
    found: dict[str, list[Response]] = defaultdict(list)
    for one in answered:
        found[one.response.question].append(one.response)
    return found


def _line(responses: Sequence[Response], prompts: Mapping[str, str]) -> Line:
    question = responses[0].question
    words = prompts.get(question) or Counter(one.prompt for one in responses if one.prompt).most_common(1)
    prompt = words if isinstance(words, str) else words[0][0] if words else question
    judged = [one.right for one in responses if one.right is not None]
    changed = sum(bool(one.second) for one in responses)
    return Line(
        (
            prompt,
            f"{len(responses)}{f' ({changed} changed it later)' if changed else ''}",
            summary([one.answer for one in responses]),
            outcome(responses) or "not known",
            f"{sum(judged)} of {len(judged)}" if judged else "–",
        )
    )


def _numbers(text: str) -> tuple[float, ...]:
    """The numbers between commas that a text consists of; none where it has anything else."""
    try:
        found = tuple(float(part) for part in text.replace("\N{MINUS SIGN}", "-").split(","))
    except ValueError:
        return ()
    return found if all(abs(one) < float("inf") for one in found) else ()
