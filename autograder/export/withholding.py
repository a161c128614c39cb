"""What a student may read while the same secret inputs are used again: no input, no expected number, no way to send one out.

A student hands in often, and each time the inputs are the same. Whoever could read them, or the numbers that are expected, could
write a table of answers. What a case prints, and what it raises, is the student's to choose, so both could tell the inputs.
So a message is not cleaned: it is made anew, from the parts of it that are known to tell nothing. An author's sentences stay.
"""

from __future__ import annotations

import builtins
import re
from dataclasses import replace

from autograder.outcome import CaseResult, CheckResult, Grade, Outcome

WITHHELD = (
    "Inputs and numbers are secret here, and so is what your code prints. To see a call that shows a mistake, run "
    "`dlkit grade {assignment}` on your own computer, with public inputs."
)
WRONG = "the answer is not the expected one"
SHAPE = r"\([\d, ]*\)"
EXPECTED = re.compile(
    rf"expected (?:a number|a complex number|True or False|an array of shape {SHAPE}|{SHAPE}|(?:bool|u?int|float|complex)\d*\b"
    r"|[A-Z]\w*(?:Error|Exception|Warning)\b)"
)
TELLS_NOTHING = re.compile(  # the fixed parts of what `closeness` and the checks say
    "|".join(
        (
            "it is transposed",
            "every entry has the wrong sign",
            "the sign is wrong",
            "every entry is 0",
            "every imaginary part has the wrong sign",
            "the (?:numbers|rows) are right(?:, but in (?:reverse|another) order)?",
            "the (?:shape|dtype) is",
            "no error was raised",
            "nearly right, but not precise enough",
            r"the answer is right, but the call changed its argument `\w+`; work on a copy",
            "the validation rows among them",
            "are the two exchanged",
            "one model was fitted again for several folds; every fold needs a fresh one",
            "predict never saw the validation rows of this fold",
            "its validation rows were given to another fold's model",
            "fit (?:saw|received) other (?:rows|labels|class shares)",
            "the (?:training|validation) part was (?:not )?standardized[^;:]*",
            "was the scaler fitted outside of the fold",
            EXPECTED.pattern,
        )
    )
)
WORDED = {"the shape is": "the shape is wrong", "the dtype is": "the dtype is wrong"}
RAISED = re.compile(r"(?:raised )?([A-Z]\w*)")
AFTER_THE_CASE = re.compile(r'(case "[^"]*"):.*', re.DOTALL)
PLACE = re.compile(r"\((?:cell \d{1,4}, )?line \d{1,5}\b")
TELLING = re.compile(r"=|(?<!\w)(?:\d[\d.,]*\d|[3-9])")  # a value, or another number than 0, 1 and 2
OWN_WORDS = frozenset({Outcome.FAILED, Outcome.PARTIAL, Outcome.CRASHED, Outcome.RULE_BROKEN})  # in which an answer is told of


def withheld(grade: Grade) -> Grade:
    """A grade without what must not be seen: the outcomes, the points and the authors' sentences are as they were."""
    return replace(grade, checks=tuple(_check(check) for check in grade.checks))


def _check(check: CheckResult) -> CheckResult:
    message, shown = check.message, check.first_wrong
    if shown and shown.message and f'case "{shown.name}": {shown.message}' in message:
        message = message.replace(shown.message, _told(shown))
    else:  # of a check that was asked with stand-ins; the sentence of its case stands in no case
        message = AFTER_THE_CASE.sub("\\1 is wrong", message)
    tells = TELLING.search(re.sub(r"\(\d\) ", "", check.explanation))
    return replace(
        check,
        message=message,
        explanation="" if tells else check.explanation,
        cases=tuple(replace(case, message=_told(case), printed="", see="") for case in check.cases),
    )


def _told(case: CaseResult) -> str:
    """What is said of a case: the parts that tell nothing, in their order."""
    if case.outcome is Outcome.CRASHED:
        return _raised(case.message)
    if case.outcome not in OWN_WORDS or not case.message:
        return case.message
    parts = dict.fromkeys(found[0] for found in TELLS_NOTHING.finditer(case.message))
    return "; ".join(WORDED.get(part, part) for part in parts) or WRONG


def _raised(message: str) -> str:
    """What is said of a case that raised: one of Python's own exceptions by its name, and the line."""
    found = RAISED.match(message)
    *_, place = ["", *(f" {place})" for place in PLACE.findall(message))]  # the last is ours
    if found and isinstance(getattr(builtins, found[1], None), type):
        return f"raised {found[1]}{place}"
    return f"raised an error that is not one of Python's own, or ended the program{place}"
