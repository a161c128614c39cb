"""Disguise: a file in another hand does the same."""

from __future__ import annotations

import ast

import numpy as np
import pytest

from autograder.authoring.disguise import Hand, parts_of, renamed, reordered, uncalled, without_comments, written

STRONG = Hand(
    habit="my_{}", renames=1.0, comments=0.0, docstrings=False, results=1.0, remarks=1.0, spacing=0.7, reach=9.0, traces=2,
    header="# Name: Zoë", ending='if __name__ == "__main__":\n    print(1)', newline="\r\n",
)  # fmt: skip

PROGRAMS = {
    "locals and parameters": "def f(a=2, *, b=3):\n    c = a + b\n    c += 1\n    return c * a",
    "a comprehension beside a variable": "def f():\n    k = 5\n    ks = [k for k in range(3)]\n    return k, ks",
    "an f-string": 'def f():\n    total, rest = 3, 4\n    return f"{total:>4} {rest=}"',
    "a function inside": "def f():\n    y = 1\n    def g(x, y=2):\n        nonlocal_ = x + y\n        return nonlocal_\n    return g(x=5) + y",
    "a variable of the outer function": "def f():\n    n = 0\n    def g():\n        nonlocal n\n        n += 1\n        return n\n    return g() + n",
    "a global": "COUNT = 3\ndef f():\n    global COUNT\n    COUNT = COUNT + 1\n    return COUNT",
    "a class inside": "def f():\n    class A:\n        size = 3\n    return A.size",
    "who looks at names": "def f():\n    total = 3\n    return sorted(locals())",
    "an exception": 'def f():\n    try:\n        x = [][1]\n    except IndexError as error:\n        x = str(error)\n    return x',
    "an import": "def f():\n    import math as m, os.path\n    r = m.sqrt(4.0)\n    return r, os.path.sep",
    "a match": "def f():\n    match [1, 2, 3]:\n        case [first, *rest]:\n            s = first + len(rest)\n    return s",
    "letters of more than one byte": 'def f():\n    s = "ä€"; t = s + "ö"; u = t + s\n    return u, t',
    "a text that looks like a comment": 'def f():\n    s = """\n# no comment\n"""  # one\n    return s  # fmt: skip',
    "characters that end lines elsewhere": 'def f():\n    s = "a\u2028b\x0cc"\n    t = s\n    return t',
    "everything in one line": "def f(): return 7",
    "two statements in a line": "def f():\n    a = 1; return a + 1",
    "a name that is taken": "my_a = 10\ndef f():\n    a = 1\n    return a + my_a",
    "a shadowed builtin": "def f():\n    max = 3\n    return [max, min(max, 2)]",
    "a default of another function": "def g():\n    return 5\ndef f(x=g()):\n    y = x\n    return y",
    "a constant between functions": "def g():\n    return 5\nFIVE = g()\ndef f(x=FIVE):\n    return x + 1",
    "a docstring": 'def f():\n    """Say\n    what."""\n    a = 3\n    return a',
    "several ends": "def f(n=3):\n    if n > 2:\n        a = n\n        return a\n    return 0",
}  # fmt: skip


def value(source):
    """What `f()` gives back."""
    names = {"__name__": "submission"}
    exec(compile(source, "f.py", "exec"), names)  # noqa: S102 - sources of this file
    return names["f"]()


@pytest.mark.parametrize("source", PROGRAMS.values(), ids=PROGRAMS)
def test_a_program_does_the_same_in_another_hand(source, capsys):
    """Whatever is drawn, the function's value stays, and the text does not."""
    for seed in range(10):
        other = written(source, STRONG, [seed])
        assert value(other) == value(source), other
        assert other != source


def test_local_variables_are_renamed_and_nothing_else():
    """A variable is renamed wherever it stands; parameters, attributes and keywords keep their names."""
    source = "def f(x, rate):\n    total = x.total + g(total=rate)\n    return [total for rate in total]\n"
    renamed_ = renamed(source, "{}_", 1.0, set(), np.random.default_rng(0))
    assert renamed_ == "def f(x, rate):\n    total_ = x.total + g(total=rate)\n    return [total_ for rate in total_]\n"


def test_comments_for_tools_always_go():
    """No student writes `# fmt: skip`; other comments stay if they are asked to."""
    source = "x = 1  # one\ny = 2  # fmt: skip\n"
    assert without_comments(source, 0.0, np.random.default_rng(0)) == "x = 1  # one\ny = 2\n"


def test_a_line_that_was_a_comment_only_leaves_nothing():
    """A dropped comment takes its line along if nothing else stands in it."""
    assert without_comments("x = 1\n# two\ny = 2\n", 1.0, np.random.default_rng(0)) == "x = 1\ny = 2\n"


def test_functions_change_places():
    """With reach, the order of functions is another one, and each is still there once."""
    source = "\n\n".join(f"def f{number}():\n    return {number}" for number in range(8)) + "\n"
    names = [part.name for part in reordered(parts_of(source), 6.0, np.random.default_rng(0)) if part.name]
    assert names != sorted(names)
    assert sorted(names) == [f"f{number}" for number in range(8)]


def test_uncalled_functions_are_found():
    """A function that another one uses has consequences; one that only calls itself has none."""
    parts = parts_of("def f(n):\n    return f(n - 1) + g(n)\ndef g(n):\n    return n\n")
    assert uncalled(parts) == ["f"]


def test_an_earlier_version_is_in_the_same_hand():
    """A change of one function does not change how the others are written."""
    source = "def f():\n    a = 1\n    return a + 1\n\n\ndef g():\n    b = 2\n    return b + 2\n"
    hand = Hand(renames=0.5, results=0.5, spacing=0.5)
    for seed in range(8):
        one = {part.name: part.text for part in parts_of(written(source, hand, [seed]))}
        other = {part.name: part.text for part in parts_of(written(source.replace("b + 2", "b + b + 3"), hand, [seed]))}
        assert one["f"] == other["f"]


def test_the_file_ends_lines_as_the_hand_does():
    """Windows line ends are everywhere or nowhere."""
    text = written("def f():\n    return 1\n", Hand(newline="\r\n"), [0])
    assert text.count("\n") == text.count("\r\n") > 0
    ast.parse(text)
