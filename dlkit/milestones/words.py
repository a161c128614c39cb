"""What is said about a milestone, in a terminal and in a notebook."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.grading.reaching import Reached
from dlkit.milestones.plot import curves_of, in_words

VERDICTS = {True: ("✓", "+", "reached", "green"), False: ("✗", "-", "not yet", "yellow")}


NOT_RUN = ("○", "o", "not yet", "yellow")  # the signs of what is not started, as in a grading


def verdict(one: Reached) -> tuple[str, str, str, str]:
    """How a step ended: a sign, the same in ASCII, words and a colour."""
    return NOT_RUN if one.learned is None and not one.points else VERDICTS[one.kept]


def lines_of(one: Reached) -> list[tuple[str, str]]:
    """What there is to say about a step, as pairs of a label and a text."""
    step = one.step
    if one.learned is None:
        rows = [("it could not run to its end" if one.points else "it did not run", one.why_not)]
    else:
        rows = [(step.measures, f"{step.form.format(one.learned.value)}; it must be {step.bound}")]
    rows += [("curve", sentence) for sentence in in_words(curves_of(one.points), step.x, step.y)]
    return rows + ([("look at", step.hint)] if step.hint and one.learned is not None and not one.kept else [])


def summary(results: Sequence[Reached], assignment: str) -> str:
    """How far it is, in a sentence, and what to do next."""
    count = sum(one.kept for one in results)
    if count == len(results):
        every = "The step is" if count == 1 else "Both steps are" if count == 2 else f"All {count} steps are"
        return f"{every} reached: what you wrote learns. Milestones are not graded."
    waiting = [one.step.name for one in results if not one.kept]
    text = f"{count} of {len(results)} steps reached; not yet: {', '.join(waiting)}."
    if any(one.learned is None for one in results):
        text += f" `dlkit grade {assignment}` says what is wrong with a function."
    return f"{text} Milestones are not graded."
