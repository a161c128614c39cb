"""A question with four answers, of which one is right: all of them are computed by running code, and no two are the same."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from autograder.checks.base import RAISED, Case
from autograder.grading.diagnosis.changes import changed
from autograder.observation import leaves
from autograder.observation.answer import Ending
from dlkit.lecture.inventing import Invented
from dlkit.lecture.trying import Trial, Trials, free
from dlkit.lecture.words import STOPS, call_of, ending_text, entries, entry_name, value_text

ANSWERS = 4
LETTERS = "ABCD"
LONGEST, LONGEST_INPUT = 40, 100  # characters of a value, and of a call, among the answers
CHANGES = 40  # changes by machine that are asked for another wrong value
MOST = 5  # results that are told
TRIED = 6  # calls in which one input after the other is made 0
LINES = 4  # of a function, below which its wrong line is no question
EASY = 4  # numbers in a call whose value a room can work out
KINDS = ("entry", "zero", "shows", "spared", "easy", "value", "line")  # what is thought out comes before what is reckoned
LAST = ("value", "line")


@dataclass(frozen=True)
class Question:
    """A question for the room.

    Attributes:
        kind: "entry" (which result is wrong, or is not), "value" (what it gives), "shows" (which input shows it), "spared" (which
            input does not), "zero" (which change of an input hides it) or "line" (which is wrong).
        text: the question.
        answers: four of them.
        right: the place of the right one.
        why: what to say about it, a sentence.
    """

    kind: str
    text: str
    answers: tuple[str, ...]
    right: int
    why: str

    @property
    def long(self) -> bool:
        """Whether it has much to read."""
        return len(self.text) > LONGEST_INPUT or any(len(one) > LONGEST for one in self.answers)

    @property
    def letter(self) -> str:
        """What the right answer is called."""
        return LETTERS[self.right]


def question(invented: Invented, trials: Trials, used: Collection[str] = (), *, lines: bool) -> Question | None:
    """A question about a mistake, None where no four answers differ.

    Args:
        invented: the code.
        trials: which runs it.
        used: the kinds of earlier questions, which come last.
        lines: whether the whole function may be shown, which has lines of the reference.
    """
    held = [one for one in trials.held(invented.files, invented.check, trials.short(invented.check)) if _call(invented, one)]
    easy = [one for one in held if sum(np.size(leaf) for _, leaf in leaves(one.case.inputs)) <= EASY]
    ways: Mapping[str, Callable[[], Question | None]] = {
        "entry": lambda: _entry(invented, trials),
        "zero": lambda: _zero(invented, trials, held),
        "shows": lambda: _input(invented, held, shows=True),
        "spared": lambda: _input(invented, held, shows=False),
        "easy": lambda: _value(invented, trials, easy),
        "value": lambda: _value(invented, trials, held),
        "line": lambda: _line(invented) if lines else None,
    }
    order = sorted(KINDS, key=lambda kind: (kind in LAST, kind.replace("easy", "value") in used))
    return next((found for kind in order if (found := ways[kind]()) is not None), None)


def _entry(invented: Invented, trials: Trials) -> Question | None:
    """Which of several results is wrong, or which is not: over all cases that students know."""
    held = trials.held(invented.files, invented.check, trials.public(invented.check))
    if not held or any(one.actual.ending is not Ending.RETURNED or one.case.raises for one in held):
        return None
    names = list(dict.fromkeys(name for one in held for name in entries(one.expected) if not name.startswith(RAISED)))
    wrong = [name for name in names if any(_is_wrong(invented, one, name) for one in held)]
    fine = [name for name in names if name not in wrong]
    if wrong and len(fine) >= ANSWERS - 1:
        right, others, text = wrong[0], fine, "Which of these results comes out wrong?"
    elif fine and len(wrong) >= ANSWERS - 1:
        right, others, text = fine[0], wrong, "Which of these results is right all the same?"
    else:
        return None
    why = f"Wrong: {_some(wrong)}. Right: {_some(fine)}."
    return _asked(invented, "entry", text, right, [right, *others[: ANSWERS - 1]], why)


def _some(names: list[str]) -> str:
    """The first few names, and how many more there are."""
    more = f" and {len(names) - MOST} more" if len(names) > MOST else ""
    return ", ".join(map(entry_name, names[:MOST])) + more


def _is_wrong(invented: Invented, trial: Trial, name: str) -> bool:
    """Whether an entry of an answer is wrong, as the check judges it."""
    expected, actual = entries(trial.expected).get(name), entries(trial.actual).get(name)
    if expected is None or actual is None:
        return expected is not None
    with np.errstate(all="ignore"):
        return bool(invented.check.explain(name, actual, expected, {**trial.case.inputs, **trial.case.kept}))


def _value(invented: Invented, trials: Trials, held: Iterable[Trial]) -> Question | None:
    """What this code gives for an input: beside it what is right, and what other mistakes give."""
    for trial in held:
        if not trial.wrong or trial.case.raises:
            continue
        for entry in entries(trial.expected):
            right, expected = _told(trial, entry), _short(value_text(entries(trial.expected)[entry]))
            if not right or not expected or right == expected:
                continue
            others = {right: None, expected: None}
            for text in _elsewhere(invented, trials, trial.case, entry):
                if len(others) < ANSWERS:
                    others.setdefault(text)
            if len(others) == ANSWERS:
                what = "" if entry == "answer" else f"`{entry_name(entry)}` of "
                text = f"What does this code give for {what}`{_call(invented, trial)}`?"
                gives = f"Here, {right}" if right.startswith(STOPS) else f"This code gives {right}"
                why = f"{gives}. Right would be {expected}."
                return _asked(invented, "value", text, right, others, why)
    return None


def _input(invented: Invented, held: Iterable[Trial], *, shows: bool) -> Question | None:
    """Which of four inputs shows the mistake, or which one does not."""
    calls: dict[bool, dict[str, Trial]] = {True: {}, False: {}}
    for trial in held:
        if len(_call(invented, trial)) <= LONGEST_INPUT and not trial.case.raises:
            calls[trial.wrong].setdefault(_call(invented, trial), trial)
    calls[True] = {call: trial for call, trial in calls[True].items() if call not in calls[False]}
    one, three = calls[shows], calls[not shows]
    if not one or len(three) < ANSWERS - 1:
        return None
    right = next(iter(one))
    texts = [right, *list(three)[: ANSWERS - 1]]
    if shows:
        text, why = "Which of these calls shows the mistake?", "The other three give the right value all the same."
    else:
        text, why = "For which of these calls is the result right all the same?", "The other three give a wrong result."
    return _asked(invented, "shows" if shows else "spared", text, right, texts, why)


def _zero(invented: Invented, trials: Trials, held: Iterable[Trial]) -> Question | None:
    """Which input has to be 0 to hide the mistake: to be thought out, not to be reckoned."""
    for trial in list(held)[:TRIED]:
        if not trial.wrong or not free(trial.case):
            continue
        tried = trials.held(invented.files, invented.check, trials.zeroed(trial.case))
        hides = [one.name for one in tried if not one.wrong]
        shows = [one.name for one in tried if one.wrong]
        if len(hides) == 1 and len(shows) >= ANSWERS - 1:
            text = f"`{_call(invented, trial)}` comes out wrong. Which change makes it right all the same?"
            why = f"With {hides[0]}, the mistake makes no difference. With the other three, it still does."
            return _asked(invented, "zero", text, hides[0], [hides[0], *shows[: ANSWERS - 1]], why)
    return None


def _line(invented: Invented) -> Question | None:
    """Which line of the function is wrong."""
    lines = [line for line in invented.excerpt.lines if line.number > 1]
    wrong = invented.excerpt.wrong
    if len(wrong) != 1 or not invented.excerpt.right or len(lines) < LINES:
        return None
    at = next(place for place, line in enumerate(lines) if line.kind == "wrong")
    start = max(0, min(at - 1, len(lines) - ANSWERS))
    texts = [f"line {line.number}: {line.text.strip()}" for line in lines[start : start + ANSWERS]]
    right = f"line {wrong[0].number}: {wrong[0].text.strip()}"
    if any(len(text) > LONGEST * 2 for text in texts):
        return None
    why = f"It should be: {' '.join(text.strip() for text in invented.excerpt.right)}"
    return Question("line", "Which line is wrong?", tuple(texts), texts.index(right), why)


def _elsewhere(invented: Invented, trials: Trials, case: Case, entry: str) -> Iterator[str]:
    """What other wrong versions of the function give for the same input: the author's first, then those made by machine."""
    references, check = trials.references, invented.check
    main = references.assignment.files[0]
    source = references.files[main]
    known = references.mistakes(check.function).values()
    texts = [one.put_into(source) for one in known if one.changes and one.id != invented.of.id]
    made = [one.source for one in changed(source, check.function)][:CHANGES]
    for text in (*texts, *made):
        files: Mapping[str, str] = {**references.files, main: text}
        answer = trials.answers(files, check, {"asked": case})["asked"]
        found = _short(value_text(entries(answer).get(entry))) if answer.ending is Ending.RETURNED else ""
        if found and entry in entries(answer):
            yield found


def _told(trial: Trial, entry: str) -> str:
    """What the wrong code gives, in short."""
    if trial.actual.ending is not Ending.RETURNED:
        return ending_text(trial.actual) if trial.actual.ending is Ending.RAISED else ""
    return _short(value_text(entries(trial.actual).get(entry)))


def _asked(invented: Invented, kind: str, text: str, right: str, answers: Iterable[str], why: str) -> Question:
    """The question with its answers in an order that tells nothing, and that is the same each time."""
    mixed = sorted(answers, key=lambda one: hashlib.sha256(f"{invented.check.name} {invented.of.id} {one}".encode()).digest())
    return Question(kind, text, tuple(mixed), mixed.index(right), why)


def _call(invented: Invented, trial: Trial) -> str:
    return call_of(invented.check, trial.case)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else ""
