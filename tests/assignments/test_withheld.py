"""What students may see on Gradescope of wrong work on each assignment: no input, and no number that was expected."""

from __future__ import annotations

import re
from itertools import islice

import pytest
from sampling import ALL
from support import ROOT

from autograder.assignment import solutions_folder
from autograder.export.gradescope import for_students
from autograder.export.withholding import withheld
from autograder.grading.grade import grade
from autograder.grading.references import misconceptions_in
from autograder.submission import Submission

SECRET = 20261129
SLOW = 60  # seconds of time limit: a check that is given as much trains models
ROUNDS = 3 if ALL else 1
ASSIGNMENTS = sorted(path.parent.name for path in ROOT.glob("assignments/*/checks.py"))
NUMBER = re.compile(r"\d\.\d|\de[+-]?\d|\barray\(|\bnp\.|see it|printed")


def wrong(name: str, source: str, turn: int) -> str:
    """The reference with one known mistake in each of its functions: the first of each, the second, ..."""
    mistakes = misconceptions_in(solutions_folder(ROOT / "assignments" / name, name)).values()
    for function in dict.fromkeys(one.function for one in mistakes):
        one = next(islice((one for one in mistakes if one.function == function and not one.harmless), turn, None), None)
        source = one.put_into(source) if one else source
    return source


@pytest.mark.slow
@pytest.mark.parametrize("turn", range(ROUNDS))
@pytest.mark.parametrize("name", ASSIGNMENTS if ALL else ["hw4"])
def test_no_number_of_a_secret_seed_is_shown(courses, name, turn):
    """Besides the sentences of authors and the names of cases, nothing that students see holds a number of an input or an answer."""
    course = courses(name)
    checks = [check.name for check in course.assignment.checks if (check.timeout or 0) < SLOW]
    submission = Submission("", {course.file: wrong(name, course.source, turn)})
    found = grade(course.assignment, submission, course.references, course.workers, only=checks, seed=SECRET)
    told = {check.name: check for check in withheld(found).checks}
    *seen, staff = for_students(found)["tests"]
    for test in seen:
        check, text = told[test["name"].removesuffix(" (bonus)")], test["output"]
        for authored in (check.hint, check.explanation, *(case.name for case in check.cases)):
            text = text.replace(authored, "") if authored else text
        assert not NUMBER.search(text), (name, test["name"], text)
    assert staff["visibility"] == "hidden" and NUMBER.search(staff["output"])
