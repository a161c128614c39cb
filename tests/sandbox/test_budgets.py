"""Budgets: each limit has its outcome and its sentence, and the other checks keep their points."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autograder.grading.grade import PUBLIC_SEED, draw, grade
from autograder.outcome import Outcome
from autograder.sandbox.budget import MB, Budget
from autograder.sandbox.workers import source
from autograder.submission import Submission

BUDGET = Budget(memory=100 * MB, output=1000, answer=MB, disk=4 * MB, files=20, threads=8)
OVER = {
    "memory": ("np.ones(2**25)", Outcome.OUT_OF_MEMORY, "used more than 100 MB of memory"),
    "output": ("print('x' * 2000)", Outcome.OVER_LIMIT, "printed more than 1,000 characters in one call"),
    "output that is caught": (
        "try: print('x' * 2000)\n    except BaseException: pass",
        Outcome.OVER_LIMIT,
        "printed more than 1,000 characters",
    ),
    "answer": ("return np.ones(2**20)", Outcome.OVER_LIMIT, "gave an answer of more than 1 MB"),
    "disk": ("open('big', 'wb').write(b'x' * 5 * 2**20)", Outcome.OVER_LIMIT, "wrote more than 4 MB to files"),
    "disk, in parts": (
        "import time\n    for i in range(4): open(str(i), 'wb').write(b'x' * 2 * 2**20)\n    time.sleep(1)",
        Outcome.OVER_LIMIT,
        "wrote more than 4 MB to files",
    ),
    "files": (
        "import time\n    for i in range(40): open(str(i), 'w').close()\n    time.sleep(1)",
        Outcome.OVER_LIMIT,
        "made more than 20 files",
    ),
    "open files": ("kept = [open('/dev/null') for _ in range(1000)]", Outcome.OVER_LIMIT, "held too many open"),
    "threads": (
        "import threading, time\n    for _ in range(20): threading.Thread(target=time.sleep, args=(1,)).start()\n    time.sleep(1)",
        Outcome.OVER_LIMIT,
        "started more than 8 threads",
    ),
    "time": ("while True: __import__('time').sleep(1)", Outcome.TIMED_OUT, "no answer within 1 s"),
}


@pytest.mark.parametrize("body, outcome, sentence", OVER.values(), ids=OVER)
def test_each_limit_has_its_outcome_and_its_sentence(small, body, outcome, sentence):
    """What went over, by how much, and that it is the assignment's limit; nothing else is lost."""
    assignment = replace(small.assignment.within(1.0), budget=BUDGET)
    text = small.replacing("total", f"def total(x):\n    {body}\n    return float(np.sum(x))")
    text = text.replace("total(list(left.values()))", "float(sum(left.values()))")
    result = grade(assignment, Submission("", {small.file: text}), small.references, small.workers)
    checks = {check.name: check for check in result.checks}
    assert checks["total"].outcome is outcome, checks["total"].message
    assert sentence in checks["total"].message
    assert "time" in sentence or "within" in sentence or "the limit for this assignment" in checks["total"].message
    assert (checks["scale"].score, checks["sell"].score) == (6, 4)


def test_a_budget_of_nothing_is_an_authors_mistake():
    """A limit has to be a positive whole number."""
    with pytest.raises(ValueError, match=r"Budget\(threads=...\) must be a positive whole number. Received: 0"):
        Budget(threads=0)


def test_a_fresh_process_keeps_the_same_budget(small):
    """Without a zygote, what the kernel and the worker itself can count is held to the same limits."""
    total = small.assignment.within(1.0).checks[0]
    assignment = replace(small.assignment.within(1.0), budget=BUDGET, checks=[total])
    vector = draw(assignment, total, PUBLIC_SEED)["vector"]  # one case: each that goes over its limit costs a process
    with source("autograder.observing:serve", "spawn") as fresh:
        for name in ("memory", "output", "answer", "disk", "open files", "time"):
            body, outcome, sentence = OVER[name]
            text = small.replacing("total", f"def total(x):\n    {body}\n    return float(np.sum(x))")
            cases = {"total": {"vector": vector}}
            result = grade(assignment, Submission("", {small.file: text}), small.references, fresh, cases=cases)
            (check,) = result.checks
            assert (check.outcome, sentence in check.message) == (outcome, True), check.message
