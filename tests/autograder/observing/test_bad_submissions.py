"""Whatever a student's file does, there is an honest outcome, one sentence, and the other checks keep their points."""

from __future__ import annotations

import sys

import pytest
from sampling import sample
from support import notes_of

from autograder.outcome import Outcome

KEEPS = {"scale": 6, "sell": 4}  # the points of the checks beside the broken one


# What the body of `total` does, the outcome, and a part of the sentence.
BODIES = {
    "raises MemoryError itself": ("raise MemoryError('too big')", Outcome.CRASHED, "raised MemoryError: too big"),
    "runs out of memory and says so": (
        "try: np.zeros(10**13)\n    except MemoryError: raise MemoryError('too big')",
        Outcome.OUT_OF_MEMORY,
        "more than",
    ),
    "returns None": ("return None", Outcome.FAILED, "it is None; expected a number"),
    "returns a string": ("return 'three'", Outcome.FAILED, "it is a str, 'three'; expected a number"),
    "returns an object array": ("return np.array([x, None], dtype=object)", Outcome.FAILED, "it is an array of objects"),
    "returns complex numbers": ("return np.sum(x) + 0j", Outcome.FAILED, "it holds complex numbers; expected floats"),
    "returns 10 GB": ("return np.broadcast_to(0.0, (10**9, 10, 1))", Outcome.OVER_LIMIT, "(1000000000, 10, 1) and 74.5 GB"),
    "returns a view of 10^13": (
        "return np.broadcast_to(0.0, (10**13,))",
        Outcome.OVER_LIMIT,
        "an answer of more than 64 MB, the limit",
    ),
    "needs 10 GB": (
        "return float(np.ones(10 * 2**27).sum())",
        Outcome.OUT_OF_MEMORY,
        "used more than 2 GB of memory, the limit for",
    ),
    "prints for ever": (
        "while True: print('x' * 1000)",
        Outcome.OVER_LIMIT,
        "printed more than 1,048,576 characters in one call",
    ),
    "returns the wrong shape": ("return np.array([np.sum(x), 0.0])", Outcome.FAILED, "the shape is (2,); expected ()"),
    "returns truth values": ("return np.sum(x) > 0", Outcome.FAILED, "it holds truth values (bool); expected floats"),
    "returns nan": ("return float('nan')", Outcome.FAILED, "it is nan"),
    "raises": ("return 1 / 0", Outcome.CRASHED, "raised ZeroDivisionError: division by zero (line 9: return 1 / 0)"),
    "calls sys.exit": ("import sys; sys.exit(0)", Outcome.CRASHED, "it ends the program: SystemExit(0)"),
    "calls os._exit": ("import os; os._exit(0)", Outcome.CRASHED, "it ended its process by itself, with exit status 0"),
    "kills itself": ("import os; os.kill(os.getpid(), 11)", Outcome.CRASHED, "it was ended by SIGSEGV"),
    "loops for ever": ("while True: pass", Outcome.TIMED_OUT, "no answer within 1 s"),
    "recurses": ("return total(x)", Outcome.CRASHED, "raised RecursionError"),
    "changes its input": ("x += 1; return 0.0", Outcome.CRASHED, "read-only: the arguments must not be changed, work on a copy"),
    "asks for input": ("return float(input())", Outcome.CRASHED, "raised EOFError"),
    "is not written": ("raise NotImplementedError", Outcome.NOT_STARTED, "still raises NotImplementedError"),
    "raises hostile text": ("raise ValueError('\\x1b[2J\\u202e' + 'x' * 10**6)", Outcome.CRASHED, "raised ValueError: xxx"),
    "writes raw frames": (
        "import os\n    for fd in range(3, 20):\n        try: os.write(fd, b'x' * 64)\n        except OSError: pass\n    return 0.0",
        Outcome.CRASHED,
        "that is not an answer",
    ),
}


@pytest.mark.parametrize("body, outcome, sentence", BODIES.values(), ids=BODIES)
def test_a_broken_function_costs_only_itself(small, body, outcome, sentence):
    """A function that goes wrong in any way ends in its own outcome, and the other checks keep their points."""
    source = small.replacing("total", f"def total(x):\n    {body}")
    source = source.replace("total(list(left.values()))", "float(sum(left.values()))")
    grade = small.grade(source, timeout=1.0)
    results = {check.name: check for check in grade.checks}
    assert results["total"].outcome is outcome
    assert sentence in results["total"].message
    assert results["total"].score == 0
    assert results["scale"].score == 6
    assert not grade.faults


def test_a_hanging_case_costs_only_itself(small):
    """A case that never ends is cut off; the cases after it are observed in another worker."""
    body = "def total(x):\n    while x.ndim == 2: pass\n    return float(np.sum(x))"
    result = small.check("total", small.replacing("total", body), timeout=1.0)
    assert result.outcome is Outcome.PARTIAL
    assert [case.outcome for case in result.cases] == [Outcome.PASSED, Outcome.TIMED_OUT, Outcome.PASSED]
    assert result.score == 4


def test_a_crashing_case_costs_only_itself(small):
    """A process that dies in one case answers the next ones from another worker."""
    body = "def total(x):\n    import os\n    x.ndim == 2 and os.abort()\n    return float(np.sum(x))"
    result = small.check("total", small.replacing("total", body))
    assert [case.outcome for case in result.cases] == [Outcome.PASSED, Outcome.CRASHED, Outcome.PASSED]
    assert "SIGABRT" in result.cases[1].message


def test_printing_is_shown_and_harms_nothing(small):
    """What a function prints is kept for the report, capped, and its answer still counts."""
    body = "def total(x):\n    print('shape', x.shape, 'y' * 10**6)\n    return float(np.sum(x))"
    result = small.check("total", small.replacing("total", body))
    assert result.outcome is Outcome.PASSED
    assert result.cases[0].printed.startswith("shape (5,)")
    assert len(result.cases[0].printed) < 3000


def test_an_argument_changed_in_place_is_named(small):
    """A dict that the call changed fails although the answer is right."""
    body = (
        "def sell(stock, sold):\n    for name in stock: stock[name] -= sold[name]\n    return stock, total(list(stock.values()))"
    )
    result = small.check("sell", small.replacing("sell", body))
    assert result.outcome is Outcome.FAILED
    assert "the call changed its argument `stock`" in result.message


# The file as a whole ----------------------------------------------------------------------------------------------


def test_a_syntax_error_is_shown_with_its_line(small):
    """A file that is no Python ends every check as crashed, with the line."""
    grade = small.grade(small.source.replace("return float(np.sum(x))", "return float(np.sum(x)"))
    assert {check.outcome for check in grade.checks} == {Outcome.CRASHED}
    assert grade.checks[0].message == "arith.py, line 10: '(' was never closed: return float(np.sum(x)"
    assert grade.score == 0


def test_an_import_that_fails_costs_only_what_needs_it(small):
    """A package that is not installed takes along only the functions that use it, and they say which line it was."""
    source = "import a_package_nobody_has as pkg\n" + small.source.replace("from __future__ import annotations\n", "")
    source = source.replace("return x * float", "return pkg.scale(x) * float")
    grade = small.grade(source)
    results = {check.name: check for check in grade.checks}
    assert results["total"].outcome is Outcome.PASSED
    assert results["scale"].outcome is Outcome.CRASHED
    assert "NameError: name 'pkg' is not defined; line 1 did not run (ModuleNotFoundError" in results["scale"].message
    assert notes_of(grade)[0].startswith("line 1 did not run (ModuleNotFoundError: No module named 'a_package_nobody_has')")


def test_a_students_own_tests_at_the_end_harm_nothing(small):
    """A line outside of the functions that raises, or ends the program, leaves the functions standing."""
    grade = small.grade(small.source + "\nassert total([1, 2]) == 4\nraise SystemExit\n")
    assert grade.score == 20
    assert notes_of(grade) == (
        "line 29 did not run (AssertionError: )",
        "line 30 ends the program; what stands below it was run all the same",
    )


@pytest.mark.slow
def test_a_training_at_the_end_of_a_file_costs_only_itself(small):
    """A statement that takes too long is stopped and told of, and the functions are graded."""
    grade = small.grade(small.source + "\nimport time\nwhile True: time.sleep(1)\n")
    assert grade.score == 20
    assert notes_of(grade) == ('line 30 did not run (it took longer than 5 s): put it under `if __name__ == "__main__":`',)


UNSTOPPED = {
    "a bare except around each step": "for i in range(300):\n    try: time.sleep(0.2)\n    except: pass\n",
    "everything caught, and again": "try:\n    while True: pass\nexcept BaseException:\n    while True: pass\n",
    "finally: continue": "while True:\n    try: time.sleep(0.2)\n    finally: continue\n",
    "everything suppressed": "while True:\n    with contextlib.suppress(BaseException): time.sleep(0.2)\n",
    "a call in C": "sum(range(10**13))\n",
    "no alarm": "signal.signal(signal.SIGALRM, signal.SIG_IGN); [time.sleep(1) for _ in range(10**6)]\n",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", sample(UNSTOPPED, 8))  # each takes its seven seconds
def test_a_statement_that_cannot_be_stopped_costs_only_itself(small, name):
    """What swallows the stop, or never comes back to Python, ends its worker; the next one leaves that statement out."""
    loop = UNSTOPPED[name]
    grade = small.grade(f"{small.source}\nimport contextlib, signal, time\n{loop}\nassert total([1]) == 2\n")
    assert grade.score == 20
    assert notes_of(grade) == (
        'line 30 did not run (it took longer than 5 s): put it under `if __name__ == "__main__":`',
        f"line {31 + loop.count(chr(10))} did not run (AssertionError: )",
    )


def test_a_file_that_never_finishes_importing_is_cut_off(small, monkeypatch):
    """A loop outside of the functions that does not let itself be stopped ends every check as timed out."""
    monkeypatch.setattr("autograder.grading.bench.OPEN_SECONDS", 1.5)
    monkeypatch.setattr("autograder.grading.bench.NOTEBOOK_SECONDS", 1.5)
    stubborn = "\nimport signal, time\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\n"
    loop = "while True: time.sleep(0.2)\n"  # it computes nothing: on a busy machine, too, its time is up before its worker ends itself
    grade = small.grade(small.source + stubborn + loop, timeout=0.5)
    assert {check.outcome for check in grade.checks} == {Outcome.TIMED_OUT}
    assert "did not finish importing within 1.5 s" in grade.checks[0].message


def test_a_file_that_ends_the_process_is_the_files_fault(small):
    """`os._exit` at the top crashes every check; it is not a fault of the grader."""
    grade = small.grade("import os\nos._exit(0)\n" + small.source.replace("from __future__ import annotations\n", ""))
    assert {check.outcome for check in grade.checks} == {Outcome.CRASHED}
    assert not grade.faults


def test_a_missing_function_is_named(small):
    """A function that is not there fails with its name, and a similar one is pointed out."""
    result = small.check("scale", small.source.replace("def scale(", "def scales("))
    assert result.outcome is Outcome.FAILED
    assert "arith.py has no function `scale`; there is a `scales`: was it renamed?" in result.message


def test_a_line_that_did_not_run_is_named_only_where_the_function_stands_in_it(small):
    """What has nothing to do with a missing function is not told as its cause."""
    source = "import a_package_nobody_has\n" + small.source.replace("from __future__ import annotations\n", "")
    missing = small.check("scale", source.replace("def scale(", "def scales(")).message
    assert "did not run" not in missing
    under = small.source.replace("def scale(", "def scales(") + "\nif 1 / 0:\n    def scale(x, factor): return x\n"
    assert "has no function `scale`" in small.check("scale", under).message
    assert "line 29 did not run (ZeroDivisionError" in small.check("scale", under).message


def test_another_file_is_told_of_once(small):
    """A file without any of the functions has one sentence for all checks, with what it has instead."""
    grade = small.grade("def forward(x):\n    return x\n\ndef backward(x):\n    return x\n")
    (message,) = {check.message for check in grade.checks}
    assert message.startswith("arith.py has none of the")
    assert message.endswith("it has `forward`, `backward`: is it another file?")
    assert grade.score == 0
    marimo = small.grade("import marimo\napp = marimo.App()\n@app.cell\ndef _():\n    def total(x): return x\n")
    assert "is a marimo notebook" in marimo.checks[0].message


NO_PYTHON = {
    "print without brackets": ("print 'hello'", "line 1: Missing parentheses", "(this is Python 2; expected Python 3)"),
    "except with a comma": ("try: pass\nexcept IOError, e: pass", "line 2: ", "(this is Python 2; expected Python 3)"),
    "a tuple among the parameters": ("def f((a, b)): pass", "line 1: ", "(this is Python 2; expected Python 3)"),
    "a tuple behind a parameter": ("def f(x, (a, b)): pass", "line 1: ", "(this is Python 2; expected Python 3)"),
    "a tuple of a lambda": ("f = lambda (a, b): a", "line 1: ", "(this is Python 2; expected Python 3)"),
    "a merge conflict": (
        "x = 1\n<<<<<<< HEAD\ny = 1\n=======\ny = 2\n>>>>>>> other",
        "line 2: ",
        "a merge conflict of Git was left in",
    ),
}
if sys.version_info >= (3, 14):  # where it is Python, and means two classes
    del NO_PYTHON["except with a comma"]


@pytest.mark.parametrize("source, place, what", NO_PYTHON.values(), ids=NO_PYTHON)
def test_what_is_no_python_is_called_what_it_is(small, source, place, what):
    """Python 2 and a merge conflict are named, with the line."""
    grade = small.grade(source)
    assert place in grade.checks[0].message
    assert what in grade.checks[0].message
    assert notes_of(grade) == ()


EXPORTS = {
    "Colab": "!pip install x\n%matplotlib inline\n",
    "nbconvert": "#!/usr/bin/env python\n# coding: utf-8\n\n# In[1]:\n\n\nget_ipython().run_line_magic('matplotlib', 'inline')\n"
    "get_ipython().system('pip install x')\n",
    "Databricks": "# Databricks notebook source\n# MAGIC %pip install x\n\n# COMMAND ----------\n\n",
    "Spyder": "#%%\n!ls\n#%% next\n",
    "a bare magic": "pip install numpy\ncd /content\n",
    "a shell line in an indented block": "if True:\n    !ls\n",
    "a cell in shell that no mark ends": "%%bash\npip install x\n",
}


@pytest.mark.parametrize("head", EXPORTS.values(), ids=EXPORTS)
def test_a_file_that_was_a_notebook_is_graded(small, head):
    """Lines that only Jupyter understands are left out of a Python file, and told of; everything else counts."""
    grade = small.grade(head + small.source.replace("from __future__ import annotations\n", ""))
    assert grade.score == 20
    magics = [line.strip() for line in head.splitlines() if line.strip()[:1] in "!%" or line.startswith(("pip", "cd"))]
    told = [line for line in magics if line]
    assert [notice.partition(": ")[2] for notice in notes_of(grade)] == told


def test_timed_code_of_an_exported_notebook_runs(small):
    """What nbconvert makes of a cell in `%%time` is a text, and its functions count."""
    body = "get_ipython().run_cell_magic('time', '', 'def scale(x, factor):\\n    return x * float(_checked(factor))\\n')"
    assert small.check("scale", small.replacing("scale", "\n") + body).outcome is Outcome.PASSED


def test_a_cell_that_is_broken_costs_only_itself_in_a_file_of_cells(small):
    """A file in cells, as nbconvert and Databricks write them, is read by its cells where it has to be."""
    for mark in ("# In[2]:", "# In[ ]:", "#%%", "# COMMAND ----------"):
        grade = small.grade(small.source + f"\n{mark}\nx = = 1\n")
        assert grade.score == 20
        assert "did not run (SyntaxError" in notes_of(grade)[0]


def test_something_else_of_that_name_is_named(small):
    """A variable where a function is expected says so."""
    assert "is a int; expected a function" in small.check("scale", small.source + "\nscale = 3\n").message


def test_a_wrong_signature_is_shown(small):
    """A function that cannot take the arguments fails, with both signatures."""
    result = small.check("scale", small.replacing("scale", "def scale(x):\n    return x"))
    assert result.outcome is Outcome.FAILED
    assert "`scale` takes (x); expected (x, factor)" in result.message


def test_renamed_parameters_are_accepted(small):
    """Arguments are handed over by position where the parameters have other names."""
    body = "def scale(values, by):\n    if isinstance(by, str): raise TypeError\n    return values * by"
    assert small.check("scale", small.replacing("scale", body)).outcome is Outcome.PASSED


def test_a_rule_broken_caps_the_score(small):
    """A right answer by forbidden means gets 30 %, and the line is named."""
    body = "def scale(x, factor):\n    return np.multiply(x, 1.0 * _checked(factor))"
    result = small.check("scale", small.replacing("scale", body))
    assert (result.outcome, result.score) == (Outcome.RULE_BROKEN, 1.8)
    assert "`scale` uses np.multiply (line 14), which is not allowed here" in result.message


def test_a_check_waits_for_what_it_needs(small):
    """While `total` is wrong, `sell` is skipped and says what must work first."""
    grade = small.grade(small.replacing("total", "def total(x):\n    return 0.5"))
    skipped = grade.checks[2]
    assert (skipped.name, skipped.outcome, skipped.score) == ("sell", Outcome.SKIPPED, 0.0)
    assert skipped.message.startswith("`total` must work first")


def test_what_is_right_without_what_it_needs_keeps_its_points(small):
    """A function that does not use the broken one after all is judged by its answers."""
    source = small.replacing("total", "def total(x):\n    return 0.5").replace(
        "total(list(left.values()))", "float(sum(left.values()))"
    )
    assert small.grade(source).checks[2].outcome is Outcome.PASSED


def test_a_stub_is_not_started_even_where_it_depends_on_another(small):
    """A stub that needs another stub is not started, not skipped."""
    source = "def total(x):\n    raise NotImplementedError\n\ndef sell(stock, sold):\n    raise NotImplementedError\n"
    grade = small.grade(source)
    assert [check.outcome for check in grade.checks if check.function in ("total", "sell")] == [Outcome.NOT_STARTED] * 3


def test_an_assignment_without_tensors_loads_no_tensorflow(small):
    """A worker imports only what the file and the checks need."""
    assert small.check("light", small.source).outcome is Outcome.PASSED


def test_what_an_exception_was_raised_from_is_told(small):
    """NumPy's own text often leaves the reason to the exception before it."""
    source = "def total(x):\n    try:\n        float(np.ones(3))\n    except TypeError as error:\n        raise ValueError('no sum') from error\n"
    message = small.check("total", small.replacing("total", source)).message
    assert "raised ValueError: no sum (because of TypeError: only " in message


def test_an_odd_value_in_place_of_a_number_is_told(small):
    """Texts, complex numbers and dicts of one number are no numbers."""
    for value, sentence in {
        "str(np.sum(x))": "it is a str",
        "complex(np.sum(x))": "it holds complex numbers; expected floats",
        "{'answer': np.sum(x)}": "it is a dict of `'answer'`; expected a number",
        "np.longdouble(np.sum(x)) + 1": "it is",
    }.items():
        assert sentence in small.check("total", small.replacing("total", f"def total(x):\n    return {value}")).message
    assert (
        small.check("total", small.replacing("total", "def total(x):\n    return np.longdouble(np.sum(x))")).outcome
        is Outcome.PASSED
    )
