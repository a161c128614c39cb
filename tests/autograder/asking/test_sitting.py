"""A sitting: functions are run in a worker, and every question that is made of it has one right answer and no other."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from asked_again import Again
from support import Course

from autograder.asking.choosing import choose
from autograder.asking.facts import MANY, FactsError, facts_from
from autograder.asking.question import Question
from autograder.asking.sitting import Sitting, UnaskableError, listing, passing, sit

ARITH = '''"""Small sums, one step at a time."""

import numpy as np

ZERO = 0.0


def total(x):
    """The sum of all entries."""
    result = ZERO
    for row in np.atleast_2d(x):
        for value in row:
            step = float(value)
            result += step
    return result


def scale(x, factor):
    """Every entry times the factor."""
    if isinstance(factor, str):
        raise TypeError("`factor` must be a number")
    column = np.reshape(x, (-1, 1))
    column = column * 1.0
    if factor < 0:
        flat = (column * factor)[:, 0]
        return flat
    flat = np.squeeze(column, axis=1)
    unused = 2 * factor
    return flat * factor


def sell(stock, sold):
    """What is left."""
    left = {name: stock[name] - sold[name] for name in stock}
    return left, total(list(left.values()))
'''


@pytest.fixture(scope="module")
def sitting(small: Course) -> Sitting:
    """Everything that can be asked about a few small functions."""
    return sat(small, ARITH)


def sat(course: Course, source: str, seed: int = 3, functions=("total", "scale", "sell"), **options) -> Sitting:
    """A sitting with the functions of the small assignment."""
    return sit(course.assignment, {course.file: source}, functions, course.workers, seed=seed, **options)


def of_kind(sitting: Sitting, kind: str, function: str = "") -> list[Question]:
    """The questions of one kind."""
    return [one for one in sitting.questions if one.kind == kind and (not function or one.function == function)]


def test_no_question_is_wrong_or_ambiguous(sitting):
    """Each right answer is found again by a process that prints, and no wrong answer could be one."""
    calls = {name: dict(subject.calls) for name, subject in sitting.subjects.items()}
    assert Again(ARITH, calls).wrong(list(sitting.questions)) == []
    assert {one.kind for one in sitting.questions} == {
        *("shape", "value", "count", "left out", "which line", "branch", "type", "dtype", "name"),
    }


def test_a_wrong_key_is_noticed(sitting):
    """What finds the answers again refuses a question whose key is another option, for every kind."""
    calls = {name: dict(subject.calls) for name, subject in sitting.subjects.items()}
    kinds = sorted({one.kind for one in sitting.questions})
    right = [next(one for one in of_kind(sitting, kind) if one.options) for kind in kinds]
    wrong = [replace(one, right=next(option for option in one.options if option != one.right)) for one in right]
    assert len(Again(ARITH, calls).wrong(wrong)) == len(kinds)


def test_a_line_of_a_loop_is_counted(sitting):
    """The line runs once for each entry of the array in the call."""
    counted = of_kind(sitting, "count", "total")
    assert {one.right for one in counted} == {"2", "5", "9"}


def test_a_line_that_changes_nothing_is_told_as_that(sitting):
    """Without it, the call returns the same for every draw."""
    unused = next(line for line, text in enumerate(ARITH.split("\n"), 1) if "unused" in text)
    found = [one for one in of_kind(sitting, "left out") if one.line == unused]
    assert {one.right for one in found} == {"It returns exactly the same."}


def test_a_branch_belongs_to_one_of_the_calls(sitting):
    """Only the call with the negative factor runs the line below `if factor < 0`."""
    negative = next(line for line, text in enumerate(ARITH.split("\n"), 1) if "[:, 0]" in text)
    found = [one for one in of_kind(sitting, "branch") if one.line == negative]
    assert found and all("factor=-2.0" in one.right for one in found)


def test_the_same_seed_asks_the_same(small, sitting):
    """Questions, options and their order are the same; another seed has other calls."""
    again, other = sat(small, ARITH), sat(small, ARITH, seed=4)
    assert [(one.id, one.options) for one in again.questions] == [(one.id, one.options) for one in sitting.questions]
    assert again.chosen(5, 3) == sitting.chosen(5, 3)
    assert {one.call for one in other.questions} != {one.call for one in sitting.questions}


def test_the_options_are_not_in_an_order_that_tells(sitting):
    """The right answer is at every place."""
    assert len({one.number for one in sitting.questions if one.kind in ("value", "count", "type")}) >= 3


def test_what_is_shown_leaves_the_docstring_out(sitting):
    """The lines of a function have the numbers of the file."""
    lines = dict(listing(ARITH, sitting.subjects["total"]))
    assert lines[next(iter(lines))] == "def total(x):"
    assert not any("The sum" in text for text in lines.values())
    assert ARITH.split("\n")[max(lines) - 1] == "    return result"


def test_lines_of_a_notebook_have_the_numbers_of_their_cell(small):
    """As a student sees them there."""
    source = "# %% [cell 1]\nimport numpy as np\n\n# %% [cell 7]\n" + ARITH[ARITH.index("ZERO") :]
    found = sat(small, source)
    (first,) = {one.text for one in of_kind(found, "name", "total") if "`ZERO`" in one.text}
    assert "in line 6 " in first


ODD = {
    "a generator": "def total(x):\n    yield 1\n",
    "no function": "total = sum\n",
    "a class": "class total:\n    pass\n",
    "a function of another file": "from math import fsum as total\n",
}


@pytest.mark.parametrize("source", ODD.values(), ids=ODD)
def test_what_is_no_plain_function_is_left_out_with_a_reason(small, source):
    """Nothing is asked about it, and nothing fails."""
    found = sat(small, source, functions=["total"])
    assert (found.questions, list(found.left_out)) == ((), ["total"])


HARD = {
    "ends its process where a line is missing": "stop = False\n    if not stop: stop = True\n    import os\n    ok = 1\n    ok or os._exit(3)",
    "runs for ever where a line is missing": "left = 3\n    while left > 0:\n        left -= 1",
    "raises what is no Exception": "ok = 1\n    try:\n        ok = ok + 1\n    except BaseException:\n        pass",
    "prints much": "ok = 2\n    print('x' * 100)",
    "calls itself": "ok = 1\n    if np.ndim(x) > 5: return total(x[0])",
    "is shadowed": "np_ = 1\n    sum = 3",
}


@pytest.mark.parametrize("body", HARD.values(), ids=HARD)
def test_code_that_behaves_badly_when_it_is_changed_is_asked_about_all_the_same(small, body):
    """A changed function that hangs, prints or ends its worker costs only what would have been asked with it."""
    source = f"import numpy as np\n\n\ndef total(x):\n    {body}\n    flat = np.ravel(x)\n    return float(flat.sum())\n"
    assert sat(small, source, functions=["total"]).questions


def test_a_file_that_cannot_be_run_is_one_sentence(small):
    """As in a grading."""
    with pytest.raises(UnaskableError, match="line 1"):
        sat(small, "def total(:\n")


def test_only_functions_that_pass_are_asked_about(small):
    """Of a submission with one wrong function, the others."""
    grade = small.grade(ARITH.replace("return flat * factor", "return flat"))
    assert passing(grade) == ["total", "sell"]


def test_few_functions_are_looked_at_where_few_are_enough(small):
    """Nobody waits for questions that are not asked."""
    seen: list[str] = []
    sat(small, ARITH, enough=1, on_function=seen.append)
    assert len(seen) < 3


def question(kind: str, function: str, line: int, weight: float = 1.0) -> Question:
    """A question of which only kind and place matter."""
    return Question(kind, function, line, f"{kind} {function} {line}?", ("a", "b", "c"), "a", "", weight=weight)


def test_what_is_chosen_is_of_many_kinds_and_functions():
    """Five questions from two functions and three kinds, no two about one line."""
    pool = [question(kind, name, line) for kind in ("x", "y", "z") for name in ("f", "g") for line in range(3)]
    chosen = choose(pool, 5, np.random.default_rng(1))
    assert len({(one.function, one.line) for one in chosen}) == 5
    assert max(Counter(one.kind for one in chosen).values()) == 2
    assert max(Counter(one.function for one in chosen).values()) == 3
    assert choose(pool[:1], 5, np.random.default_rng(1)) == pool[:1]


def told(text: str) -> np.ndarray:
    """What a worker says, as it arrives."""
    return np.frombuffer(text.encode(), dtype=np.uint8)


CALL = '{"id": "a", "text": "f()", "error": "", "result": {"kind": "None"}, "random": false, "traces": [%s], "without": [], "otherwise": []}'
FACTS = '{"first": 1, "last": 2, "doc first": 0, "doc last": 0, "statements": [], "names": [], "calls": [%s]}'
TRACE = '{"error": "", "counts": [[1, 2]], "values": {"1:x": [%s]}}'
BAD = {
    "no JSON": "{",
    "no dict": "[]",
    "a line outside of the file": FACTS.replace('"last": 2', '"last": 99') % "",
    "a line that is no number": FACTS.replace('"first": 1', '"first": true') % "",
    "too many calls": FACTS % ", ".join(["1"] * (MANY + 1)),
    "a call without a trace": FACTS % CALL % "",
    "more numbers than the shape has": FACTS % CALL % TRACE % '{"kind": "array", "shape": [2], "numbers": [1, 2, 3]}',
    "a kind that there is not": FACTS % CALL % TRACE % '{"kind": "<b>"}',
    "a count below one": FACTS % CALL % TRACE.replace("[1, 2]", "[1, 0]") % "",
    "nested too deeply": "[" * 100_000,
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD)
def test_what_a_worker_tells_is_checked(text):
    """Bytes of another form than a worker of ours sends are refused."""
    with pytest.raises(FactsError):
        facts_from("f", told(text), 10)


def test_what_a_worker_tells_is_made_plain():
    """No name that it tells moves a cursor."""
    facts = facts_from("f", told(FACTS % CALL.replace('"f()"', '"\\u001b[31mf()"') % TRACE % '{"kind": "None"}'), 10)
    assert facts.calls[0].text == "f()"


def test_memory_that_nobody_has_filled_is_not_asked_about(small):
    """What `np.empty` holds is anybody's: no number of it is a key, and no outcome depends on it."""
    source = "import numpy as np\n\n\ndef total(x):\n    out = np.empty(3)\n    out[:] = np.sum(x)\n    return float(out[0])\n"
    found = sat(small, source, functions=["total"])
    assert [one for one in found.questions if one.kind == "value" and one.line == 5] == []
    assert [one for one in found.questions if one.kind == "left out" and one.line == 6] == []
    assert [one for one in found.questions if one.kind == "shape" and one.right == "(3,)"]


def test_another_type_with_other_numbers_is_not_asked_about(small):
    """Without the line in the loop, a NumPy number becomes an int: people may call that one thing or another."""
    source = "import numpy as np\n\n\ndef total(x):\n    out = 0\n    for row in np.ravel(x):\n        out = out + row\n    return out\n"
    assert [one for one in of_kind(sat(small, source, functions=["total"]), "left out") if one.line == 7] == []
