"""`dlkit.ask`: questions about the functions of a notebook or a script, asked inside of it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from autograder.text.errors import DlkitError
from dlkit.notebook.checking import work_here

NO_INPUT = "Nothing can be typed here. Give the numbers of your answers: dlkit.ask(seed={seed}, answers=[1, 3, ...])."


def ask(*, assignment: str | Path | None = None, seed: int | None = None, answers: Sequence[object] | None = None) -> None:
    """Ask five questions about the functions that are defined in this notebook or script, and that pass.

    The questions are made by running the functions. After each answer, you see what the run showed. Nothing counts for marks.
    Your answers are kept in explanations.toml in the folder of the assignment.

    Args:
        assignment: such as "hw2", or its folder; by default the one of `dlkit.assignment`, or the only one with such functions.
        seed: asks the same questions again; by default, they are new ones.
        answers: all answers at once, where nothing can be typed: the numbers of the options, and "-" for none.
    """
    from autograder.sandbox.worker import INSIDE

    if INSIDE in os.environ:
        return
    from autograder.asking.sitting import UnaskableError

    try:
        _ask(assignment, seed, answers)
    except (UnaskableError, ValueError) as error:
        print(f"Nothing was asked: {error}.")
    except DlkitError as error:
        print(error)


def _ask(wanted: str | Path | None, seed: int | None, answers: Sequence[object] | None) -> None:
    from autograder.report.asked import summary, verdict
    from dlkit.asking import NO_MARKS, answered, ask, keep, new_seed, prepare, working_functions

    if answers is not None and seed is None:
        raise ValueError("`answers` needs the `seed` of the questions")
    work = work_here(wanted)
    files = {work.spec.files[0]: work.code}
    working = working_functions(work.spec, files, work.references, work.workers)
    round_ = prepare(work.spec, files, working, work.workers, seed=new_seed() if seed is None else seed)
    print(f"{len(round_.questions)} questions about your own code. {NO_MARKS}")
    if answers is not None:
        replies = answered(round_, [str(one) for one in answers])
        for reply in replies:
            print(f"\n{round_.told(reply.question)}\n\n{verdict(reply.question, reply.answer)}")
    else:
        try:
            replies = ask(round_, input, print)
        except RuntimeError:  # a notebook that is run without anybody before it; the first question has been shown
            for question in round_.questions[1:]:
                print(f"{round_.told(question)}\n")
            print(NO_INPUT.format(seed=round_.seed))
            return
    if replies:
        print(summary(sum(reply.right for reply in replies), len(replies)))
        print(keep(work.folder, replies, round_.assignment))
    print(f"The same questions again: dlkit.ask(seed={round_.seed})")
