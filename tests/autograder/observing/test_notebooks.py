"""Notebooks as submissions: their code is taken in as text, and a cell that is broken costs only itself."""

from __future__ import annotations

import ast
import json
import re

import pytest
from support import notes_of

from autograder.checks.rules import Forbid, violations
from autograder.inbox import find
from autograder.outcome import Outcome
from autograder.report.words import words
from autograder.submission import SubmissionError, take_in
from autograder.submission.notebook import MAX_NOTEBOOK
from autograder.text.cells import called, in_cells, is_notebook, joined, read, where

FILES = ["arith.py"]


def cell(source, kind="code", **fields):
    """A cell as nbformat 4 has it."""
    return {"cell_type": kind, "source": source, "metadata": {}, **fields}


def notebook(*cells, **fields):
    """The bytes of a notebook."""
    made = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {},
        "cells": [cell(one) if isinstance(one, str) else one for one in cells],
    }
    return json.dumps({**made, **fields}).encode()


@pytest.fixture
def lay(tmp_path):
    """Ada's folder with these files in it."""

    def lay(members):
        for name, data in members.items():
            (tmp_path / "ada" / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "ada" / name).write_bytes(data)
        return tmp_path / "ada"

    return lay


# Taken in ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["arith.ipynb", "Homework 2 (1).ipynb", "arith.IPYNB"])
def test_a_notebook_stands_for_the_file_that_is_asked_for(lay, name):
    """The notebook of that name, or the only one there is, is taken under the name that is asked for."""
    folder = lay({name: notebook("x = 1"), "data.csv": b"1"})
    assert take_in(folder, FILES).files == {"arith.py": "# %% [cell 1]\nx = 1\n\n"}
    assert take_in(folder / name, FILES).files["arith.py"].endswith("x = 1\n\n")


def test_only_code_cells_count_whatever_else_there_is(lay):
    """Text, raw cells, outputs and attachments are left out; cells are numbered as one counts the code cells."""
    cells = [
        cell("# Title", "markdown", attachments={"a.png": {"image/png": "AAAA"}}),
        cell(["x = 1\r\n", "y = 2"], outputs=[{"output_type": "stream", "text": "z = 3"}], execution_count=7),
        cell("raw", "raw"),
        cell(["f()"]),
        {"cell_type": "code"},
        "not a cell",
        cell({"an": "object"}),
    ]
    text = take_in(lay({"arith.ipynb": notebook(*cells[:5], cell("1"), cells[6], cells=cells)}), FILES).files["arith.py"]
    assert text == "# %% [cell 1]\nx = 1\ny = 2\n\n# %% [cell 2]\nf()\n\n# %% [cell 3]\n\n\n# %% [cell 4]\n\n\n"


def test_a_notebook_of_nbformat_3_is_read(lay):
    """What IPython wrote before 2015 had worksheets."""
    old = {"nbformat": 3, "metadata": {}, "worksheets": [{"cells": [{"cell_type": "code", "input": ["x = 1"]}]}]}
    assert "x = 1" in take_in(lay({"arith.ipynb": json.dumps(old).encode()}), FILES).files["arith.py"]


def test_the_file_that_is_asked_for_goes_before_a_notebook(lay):
    """Where both lie there, the Python file is graded, and the grade says so."""
    taken = take_in(lay({"arith.py": b"x = 1\n", "arith.ipynb": notebook("x = 2")}), FILES)
    assert taken.files == {"arith.py": "x = 1\n"}
    assert taken.notices == ("arith.py was graded, not arith.ipynb next to it",)


def test_a_checkpoint_is_no_second_notebook(lay):
    """Jupyter's copies in .ipynb_checkpoints are left alone."""
    folder = lay({"hw.ipynb": notebook("x = 1"), ".ipynb_checkpoints/hw-checkpoint.ipynb": notebook("x = 2")})
    assert "x = 1" in take_in(folder, FILES).files["arith.py"]


BAD = {
    "no JSON": (b"x = 1", "is not a notebook; expected JSON as Jupyter writes it"),
    "cut off": (notebook("x = 1")[:-9], "is not a notebook; expected JSON"),
    "Latin-1": (notebook("x").replace(b'"x"', b'"\xe4"'), "is not a notebook; expected JSON"),
    "deep": (b"[" * 200_000, "is not a notebook; expected JSON"),
    "a number without end": (b'{"nbformat": ' + b"4" * 10_000 + b"}", "is not a notebook; expected JSON"),
    "a list": (b"[]", r"expected nbformat 4. Received: no nbformat"),
    "nbformat 2": (notebook("x", nbformat=2), r"expected nbformat 4. Received: nbformat 2\. Open it in Jupyter"),
    "a strange nbformat": (notebook("x", nbformat=[4]), r"expected nbformat 4. Received: nbformat \[4\]"),
    "in R": (notebook("x", metadata={"language_info": {"name": "R"}}), r"expected Python. Received: R\. Choose a Python kernel"),
    "no cells": (notebook(), "expected a notebook with code cells. Received: no code cell"),
    "cells of no kind": (notebook(cells=7), "Received: no code cell"),
    "empty cells": (notebook("", " \n"), "Received: 2 code cells, all of them empty"),
    "large outputs": (
        notebook("x = 1", cell("", outputs=["x" * MAX_NOTEBOOK])),
        "larger than 10 MB; expected a notebook without large",
    ),
    "large code": (notebook("x = 1\n" * 200_000), "larger than 1 MB; expected code that a student wrote"),
}


@pytest.mark.parametrize("data, sentence", BAD.values(), ids=BAD)
def test_what_is_no_notebook_is_refused_in_a_sentence(lay, data, sentence):
    """Damaged, foreign, empty and boundless notebooks each have their sentence."""
    with pytest.raises(SubmissionError, match=sentence):
        take_in(lay({"arith.ipynb": data}), FILES)


def test_half_a_letter_is_a_question_mark(lay):
    """JSON may hold what no UTF-8 text can."""
    assert "x = '?'" in take_in(lay({"arith.ipynb": notebook("x = '\ud800'")}), FILES).files["arith.py"]


def test_a_class_may_hand_in_notebooks(tmp_path):
    """A file or a folder for each student, and Canvas's names with its -1, are found with .ipynb as with .py."""
    for name in ("files/ada.ipynb", "files/bob.py", "folders/ada/arith.ipynb", "folders/bob/mine.ipynb"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(notebook("x = 1"))
    for name in ("lovelaceada_11_101_arith-1.ipynb", "noetheremmy_12_102_Untitled3.ipynb"):
        (tmp_path / "canvas").mkdir(exist_ok=True)
        (tmp_path / "canvas" / name).write_bytes(notebook("x = 1"))
    for layout, students in (("files", ["ada", "bob"]), ("folders", ["ada", "bob"]), ("canvas", ["11", "12"])):
        inbox = find(tmp_path / layout, FILES)
        assert (inbox.layout, [entry.student for entry in inbox.entries]) == (layout, students)
        assert "x = 1" in inbox.entries[0].read().files["arith.py"]
    assert [entry.attempt for entry in inbox.entries] == [2, 1]


# Read cell by cell -------------------------------------------------------------------------------------------------


def test_a_line_is_named_by_its_cell():
    """A line of a notebook is where its author finds it; a line of a file keeps its number."""
    text = joined([(1, "x = 1"), (4, "y = 2\nz = 3")])
    assert [where(text, line) for line in (2, 5, 6)] == ["cell 1, line 1", "cell 4, line 1", "cell 4, line 2"]
    assert where("x = 1\ny = 2", 2) == "line 2"
    assert (called("a.py", text), called("a.py", "x = 1")) == ("the notebook", "a.py")


def test_no_text_of_a_cell_makes_another_cell():
    """A cell that holds one of our own marks stays one cell."""
    text = joined([(1, "s = '''\n# %% [cell 9]\n'''"), (2, "x = 1")])
    assert [cell.number for cell in in_cells(text)] == [1, 2]
    assert is_notebook(text)
    assert not is_notebook("x = 1\n# %% [cell 1]\n")


MAGICS = {
    "%matplotlib inline\nx = 1": "x = 1",
    "!pip install 'foo\nx = 1": "x = 1",
    "!pip install a \\\n    b\nx = 1": "x = 1",
    "%cd /content\n%load_ext autoreload\nx = 1": "x = 1",
    "x = 1\nx?": "x = 1",
    "?x\nx = 1\nnp.dot??": "x = 1",
    "files = !ls\nx = 1": "x = 1",
    "a = %pwd\nx = 1": "x = 1",
    "if True:\n    %pwd\nx = 1": "if True:\n    pass\nx = 1",
    "%time x = 1": "x = 1",
    "%%time\nx = 1": "x = 1",
    "\n%%capture out\nx = 1": "x = 1",
    "%%bash\nx = 1": "",
    "%%writefile a.py\ndef f(:": "",
    "pip install numpy\nx = 1": "x = 1",
    "conda install -y numpy\nx = 1": "x = 1",
    "cd ..\nls\nx = 1": "x = 1",
    "ls -la\npwd\nx = 1": "x = 1",
    "ls = 3\nls": "ls = 3\nls",
    "time = 3\ntime = time + 1": "time = 3\ntime = time + 1",
    "x = (7\n  % 3)": "x = 7 % 3",
    "s = '''\n%time\n!ls\n'''": "s = '\\n%time\\n!ls\\n'",
    "s = '''\n%a'''\n%b\n": "s = '\\n%a'",
}


@pytest.mark.parametrize("source, python", MAGICS.items())
def test_what_only_ipython_understands_is_dropped(source, python):
    """Magics, shell lines and questions go, Python that looks like them stays."""
    tree = read(joined([(1, "y = 0"), (2, source)]), "a.py").tree
    left = [node for node in tree.body[1:] if not isinstance(node, ast.Pass)]
    assert ast.dump(ast.Module(left, [])) == ast.dump(ast.parse(python))


def test_a_cell_that_is_no_python_costs_only_itself():
    """The other cells are read, and the sentence says where."""
    reading = read(joined([(1, "x = 1"), (2, "y = 2\ndef f(:"), (3, "z = 3")]), "a.py")
    assert [node.targets[0].id for node in reading.tree.body] == ["x", "z"]
    assert reading.broken[0][1] == "cell 2, line 2 did not run (SyntaxError: invalid syntax)"


def test_a_python_file_in_cells_is_read_by_them_if_it_has_to_be():
    """A file with `# %%` marks has a line that is no Python in one cell only, and keeps its line numbers."""
    text = "x = 1\n# %% A title\ndef f(:\n\n# %%\nz = 3\n"
    reading = read(text, "a.py")
    assert [node.targets[0].id for node in reading.tree.body] == ["x", "z"]
    assert reading.tree.body[1].lineno == 6
    assert reading.broken[0][1].startswith("line 3 did not run (SyntaxError")
    with pytest.raises(SyntaxError):
        read("x = 1\ndef f(:", "a.py")


def test_an_earlier_attempt_breaks_no_rule():
    """A function that is written again is judged by its last version, unless something kept the first."""
    first, second = "def f(z): return tanh(z)\n", "def f(z): return z\n"
    rule = [Forbid("tanh")]
    assert violations(ast.parse(first + "print(f(1))\n" + second), "f", rule) == []
    for again in (f"g = f\n{second}", f"table = {{'f': f}}\n{second}", f"@wraps(f)\n{second}", "def f(z, g=f): return g(z)"):
        assert violations(ast.parse(first + again), "f", rule) == ["uses tanh (line 1), which is not allowed here"]


# Graded ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def in_pieces(small):
    """The reference of the small course as cells: its imports and constants, then each function."""
    parts = re.split(r"(?m)^(?=def )", small.source)
    return [part.strip("\n") for part in parts]


def grade(small, *cells):
    """Grade cells, numbered from 1."""
    return small.grade(joined(enumerate(cells, 1)))


def test_a_notebook_is_graded_as_a_file_is(small, in_pieces):
    """The reference cut into cells earns everything, with magics, displays and a cell in shell between them."""
    cells = ["%matplotlib inline\n!pip install x", *in_pieces, "display(total([1.0]))\nget_ipython()", "%%bash\nls"]
    result = grade(small, *cells)
    assert result.perfect
    assert notes_of(result) == ()


def test_a_notebook_imports_its_own_functions_under_the_assignments_name(small, in_pieces):
    """Wherever the import stands, and whatever it is called there, it means the functions of the other cells."""
    cells = [
        "from arith import total, scale as times\nimport arith\nfrom arith import *",
        *in_pieces,
        "assert arith.total is total",
    ]
    result = grade(small, *cells)
    assert result.perfect
    assert [notice for notice in notes_of(result) if "did not run" in notice] == []


def test_a_function_that_lies_in_another_file_is_missed_by_its_name(small, in_pieces):
    """A notebook that imports a function which it does not have is told that the function has to stand in it."""
    without = [piece for piece in in_pieces if not piece.startswith("def scale")]
    scale = next(check for check in grade(small, "from arith import scale", *without).checks if check.name == "scale")
    assert "the notebook imports `scale` from arith.py, but only the notebook was handed in" in scale.message


def test_a_broken_cell_costs_only_its_function(small, in_pieces):
    """A cell that cannot be read, and one that raises, leave the others their points; feedback names the cell."""
    broken = [piece.replace("def scale(", "def scale((") for piece in in_pieces]
    result = grade(small, *broken, "1 / 0")
    scored = {check.name: check for check in result.checks}
    number = 1 + next(at for at, piece in enumerate(in_pieces) if piece.startswith("def scale"))
    assert scored["total"].score == 6
    assert f"`scale` is in a cell that cannot be read: cell {number}, line 1 did not run" in scored["scale"].message
    assert f"cell {len(broken) + 1}, line 1 did not run (ZeroDivisionError: division by zero)" in notes_of(result)


def test_feedback_names_the_cell_that_raised(small, in_pieces):
    """An exception is placed in its cell, in a line as the student counts."""
    cells = [*in_pieces, "\ndef total(x):\n    return 1 / 0"]
    total = next(check for check in grade(small, *cells).checks if check.name == "total")
    assert total.outcome is Outcome.CRASHED
    assert f"(cell {len(cells)}, line 3: return 1 / 0)" in total.message


def test_rules_name_the_cell(small, in_pieces):
    """A broken rule is placed in its cell."""
    cells = [*in_pieces, "def scale(x, factor):\n    return np.multiply(x, factor)"]
    scale = next(check for check in grade(small, *cells).checks if check.name == "scale")
    assert f"uses np.multiply (cell {len(cells)}, line 2)" in scale.message


def test_cells_may_be_out_of_order(small, in_pieces):
    """A cell that needs what a later one defines runs after it, and the grade says so."""
    result = grade(small, "print(half)\nhalf = third * 1.5", "third = total([1.0]) / 3", *in_pieces[1:], in_pieces[0])
    assert result.perfect
    notes = words(result).notes
    assert "cell 1, line 2 ran only after a later cell, which defines what it needs." in notes
    assert not [note for note in notes if "did not run" in note]


def test_two_statements_of_one_line_may_both_wait(small, in_pieces):
    """Statements are counted by themselves, and told of by their line."""
    result = grade(small, "a = late; b = late; c = a", "late = 1", *in_pieces)
    assert result.perfect
    assert notes_of(result) == ("cell 1, line 1 ran only after a later cell, which defines what it needs",)


@pytest.mark.slow
def test_a_training_in_a_notebook_costs_only_itself(small, in_pieces):
    """A statement that takes too long is stopped, and what comes after it runs."""
    result = grade(small, "import time\ntime.sleep(600)", *in_pieces)
    assert result.perfect
    assert notes_of(result) == ("cell 1, line 2 did not run (it took longer than 5 s)",)


def test_a_notebook_that_cannot_be_read_at_all_is_said_once(small):
    """Where no cell is Python, one sentence says so."""
    result = grade(small, "x = = 1")
    assert {check.message for check in result.checks} == {"cell 1, line 1: invalid syntax: x = = 1"}


def test_many_lines_that_did_not_run_are_counted(small, in_pieces):
    """Five are told of one by one."""
    result = grade(small, *in_pieces, *["undefined"] * 9)
    assert [notice.split(" (")[0] for notice in notes_of(result)][-2:] == [
        f"cell {len(in_pieces) + 5}, line 1 did not run",
        "4 more lines of the notebook did not run",
    ]
    assert len(notes_of(result)) == 6
