"""The rule on questions: the reference computes every result, and it is one that the question has room for."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.assignment.predictions import Choice, Curve, Found, Number, Question
from autograder.assignment.predictions.loading import load
from autograder.authoring.lint.finding import Finding, Level, Report
from autograder.authoring.lint.subject import Subject
from autograder.grading.revealing import revealed


def predicted(subject: Subject) -> Report:
    """Each result comes out of the reference, lies within the range, and is only one of the options."""
    predictions = load(subject.folder, subject.assignment)
    if predictions is None:
        return Report("predictions", "there are no questions to predict")
    questions = [one for one in predictions.questions if not (subject.quick and one.slow)]
    files = {name: subject.references.files[name] for name in subject.assignment.files}
    findings: list[Finding] = []
    results = revealed(predictions, subject.assignment, files, subject.workers, questions)
    for done, one in enumerate(results, 1):
        texts = [one.why_not] if one.found is None else list(_problems(one.question, one.found))
        findings += [Finding(Level.ERROR, f"question {one.question.name}", text) for text in texts]
        subject.on_progress(done, len(questions))
    summary = f"the reference computes the results of {len(questions)} of {len(predictions.questions)} questions"
    return Report("predictions", summary, tuple(findings))


def _problems(question: Question, found: Found) -> Iterator[str]:
    """What is wrong with a question in view of its result; that exactly one option is right was seen when it was received."""
    if isinstance(question, Choice):
        return
    assert isinstance(question, Number | Curve)  # noqa: S101 - there are no other kinds
    outside = [number for number in found.numbers if not question.low <= number <= question.high]
    if outside:
        yield f"the result, {outside[0]:.4g}, must lie in the range {question.range}"
    elif not question.judge(question.read(found.expected), found):
        yield f"the result itself, {found.expected}, does not count as right: allow more with `within` or `factor`"
    elif all(question.judge(_text(question, end), found) for end in (question.low, question.high)):
        yield "every answer in the range counts as right: allow less with `within` or `factor`"


def _text(question: Question, number: float) -> str:
    """An answer that has this number everywhere."""
    return question.read(", ".join([f"{number:g}"] * (len(question.at) if isinstance(question, Curve) else 1)))
