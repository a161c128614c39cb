"""Stubs: nothing of a body is ever in one, what else a module holds is told, and what is given away is found."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from autograder.authoring.giveaway import bodies_of, search, solved
from autograder.authoring.stubs import StubError, stub_of

# Every number of three digits stands in a body, or in a value that is computed.
EVERYTHING = '''\
"""A module."""

from __future__ import annotations

import math; square = lambda x: x * 901
from abc import ABC
from dataclasses import dataclass, field
from functools import lru_cache

try:
    import json
except ImportError:
    json = None

AND_X = [[0.0, 1.0], [1.0, 1.0]]  # rows
NAMES = ("w1", "w2")
TABLE = [j * 902 for j in range(4)]
GIVEN = math.sqrt(16.0)  # stub: keep
HIDDEN = [0.5, -0.25]  # stub: omit
half = math.sqrt(903)
Array = list[float]

for _i in range(3):
    TABLE.append(_i * 904)

if math.pi > 3:
    def conditional(x):
        return x * 905


# how the helper works: 906
def _logged(f):
    return lambda *a: f(*a) * 907


@_logged
@lru_cache(maxsize=None)
def one(x: Array, g=lambda t: t * 908, h=half, limit: float = 1e-9) -> Array:
    # a trick: 909
    """One (n,)."""  # and 910
    def inner(y):
        return y * 911
    return inner(x)
    # or 912


def two(x): "Two."; return x * 913


async def three(x):
    """Three."""
    return x * 914


class _Base(ABC):
    def shared(self):
        """Shared."""
        return 915


class Model(_Base):
    """A model."""

    k: int = 3
    table = [j * 916 for j in range(4)]
    act = lambda self, z: z * 917

    # set it up
    def __init__(self, k):  # 918
        """Of k."""
        self.k = k * 919

    def fit(self, X):
        labels = X * 920
        # inside 921
        return labels
        # after 922

    @property
    def size(self) -> float:
        """Its size."""
        return self.k * 923

    @size.setter
    def size(self, value):
        self.k = value * 924

    @staticmethod
    def dist(a, b):
        return (a - b) * 925

    def _private(self):
        return 926

    class Inner:
        def deep(self):
            return 927

    if True:
        def conditional(self):
            return 928


@dataclass
class Point:
    x: float = 0.0
    y: list = field(default_factory=list)
    z: int = field(default_factory=lambda: 929)
    def norm(self): return self.x * 930


class Wrong(ValueError): pass


if __name__ == "__main__":
    print(one(931))
'''


@pytest.fixture(scope="module")
def made():
    """The stub of a module with everything in it."""
    return stub_of(EVERYTHING, "everything.py")


def test_nothing_of_a_body_is_in_a_stub(made):
    """Methods, properties, nested and conditional functions, lambdas, comprehensions, remarks and one-liners are left out."""
    assert re.findall(r"9\d\d", made.text) == []
    assert made.text.count("raise NotImplementedError") == 11


@pytest.mark.parametrize(
    "line",
    [
        '"""A module."""',
        "import math",
        "    json = None",
        "AND_X = [[0.0, 1.0], [1.0, 1.0]]  # rows",
        'NAMES = ("w1", "w2")',
        "GIVEN = math.sqrt(16.0)",
        "Array = list[float]",
        "@lru_cache(maxsize=None)",
        '    """One (n,)."""',
        "class Model(_Base):",
        "    k: int = 3",
        "    # set it up",
        "    @size.setter",
        "    y: list = field(default_factory=list)",
        "    z: int = ...",
    ],
)
def test_what_the_contract_needs_stays(line, made):
    """Docstrings, imports, signatures, plain data, and what the author keeps."""
    assert line in made.text.splitlines()


def test_a_stub_is_a_module(made, tmp_path):
    """It is imported without an error, and each function says that it is not written yet."""
    (tmp_path / "everything.py").write_text(made.text, encoding="utf-8")
    code = "import everything as m; m.Point(); m.Wrong()\nfor f in (m.one, m.two, m.Model.fit):\n  try: f(1)\n  except (NotImplementedError, TypeError): pass"
    assert subprocess.run([sys.executable, "-c", code], cwd=tmp_path).returncode == 0


def test_what_is_left_out_is_told(made):
    """But for what the author has decided, and the usual program at the end."""
    told = {line.text for line in made.undecided}
    assert {"TABLE = [j * 902 for j in range(4)]", "for _i in range(3):", "if math.pi > 3:", "half = math.sqrt(903)"} <= told
    assert not any("HIDDEN" in text or "GIVEN" in text or "__name__" in text for text in told)


def test_a_function_may_be_given_solved():
    """Where its author says so."""
    text = 'def draw(x):  # stub: keep\n    """Draw."""\n    return x * 901\n\n\ndef f(x):\n    """F."""\n    return x * 902\n'
    assert stub_of(text, "a.py").text == (
        'def draw(x):\n    """Draw."""\n    return x * 901\n\n\ndef f(x):\n    """F."""\n    raise NotImplementedError\n'
    )


@pytest.mark.parametrize(
    "text, expected",
    [("def f(:\n", "must be Python. Received: invalid syntax"), ("def f(x):\n    return x\n", "`f` needs a docstring")],
)
def test_what_has_no_stub_is_refused(text, expected):
    """In one sentence."""
    with pytest.raises(StubError, match=expected):
        stub_of(text, "a.py")


REFERENCE = '''\
import numpy as np


def softmax(z):
    """Rows that sum to 1: e^z / sum e^z."""
    shifted = z - z.max(axis=1, keepdims=True)  # no overflow, as e^0 is 1
    e = np.exp(shifted)
    return e / e.sum(axis=1, keepdims=True)
'''
LINE = "e / e.sum(axis=1, keepdims=True)"


@pytest.mark.parametrize(
    "file, text",
    [
        ("README.md", f"Then\n\n    return {LINE}\n"),
        ("README.md", "so: return e/e.sum(\n  axis=1,\n  keepdims=True)"),
        ("README.md", f"```python\nanswer = ({LINE})\n```\n"),
        ("README.md", f"```python\n>>> ({LINE})\n```\n"),
        ("README.md", "Remember: no overflow, as e^0 is 1."),
        ("softmax.py", f"def softmax(z):\n    # return {LINE}\n    raise NotImplementedError\n"),
        ("softmax.py", f"def helper(e):\n    return ({LINE})\n"),
        ("hw.ipynb", '{"cells": [{"source": ["x = 1\\n", "return e / e.sum(axis=1, keepdims=True)"]}]}'),
        ("figure.svg", f"<svg><!-- return {LINE} --></svg>"),
    ],
)
def test_what_is_given_away_is_found(file, text):
    """Whatever its blanks, brackets and line breaks are, in a text, a remark, a cell or a picture."""
    assert search({file: text}, bodies_of({"softmax.py": REFERENCE}))


def test_what_students_may_see_is_not_a_giveaway():
    """The stub itself, an example of a call, an import."""
    stub = stub_of(REFERENCE, "softmax.py").text
    handout = "Rows that sum to 1: e^z / sum e^z.\n```python\nimport numpy as np\np = softmax(np.zeros((2, 3)))\n```\n"
    assert search({"softmax.py": stub, "README.md": handout}, bodies_of({"softmax.py": REFERENCE})) == []


def test_where_a_giveaway_is():
    """The file and its line."""
    (found,) = search({"README.md": f"# A\n\nreturn {LINE}\n"}, bodies_of({"softmax.py": REFERENCE}))
    assert str(found) == f"README.md, line 3 contains `return {LINE}`, which is part of a solution"


def test_a_solved_function_is_found_without_its_reference():
    """Where there are no solutions, a function that is asked for and is no stub is one too many."""
    assert [one.line for one in solved(REFERENCE, "softmax.py", {"softmax"})] == [6]
    assert solved(REFERENCE, "softmax.py", {"other"}) == []
    assert solved(stub_of(REFERENCE, "softmax.py").text, "softmax.py", {"softmax"}) == []


def test_a_slice_of_several_axes_is_a_piece_too():
    """It is no Python by itself."""
    text = "def f(x, a, b):\n    return x[:, a : a + (b - 1) * 3 + 1 : 3, b : b + (a - 1) * 3 + 1 : 3]\n"
    shown = "```python\ny = x[:, a:a+(b - 1)*3 + 1:3, b:b + (a-1) * 3 + 1:3]\n```\n"
    assert search({"README.md": shown}, bodies_of({"f.py": text.replace("\n    return", '\n    "F."\n    return', 1)}))
