"""Notebooks on a real kernel, in an empty folder with no notebook on disk, as in Colab; and scripts."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from collecting import needs
from support import ROOT, SMALL, Course, notes_of

from autograder.grading.grade import grade
from autograder.outcome import Grade, Outcome
from autograder.submission import take_in

needs("nbformat", "notebooks are made and run with the packages of the extra `notebook`")
needs("nbclient", "a notebook is run with nbclient and ipykernel")
needs("ipykernel", "a notebook is run with nbclient and ipykernel")

LOOP = "def total(x):\n    result = 0.0\n    for value in np.ravel(x):\n        result += float(value)\n    return result"
TOTAL = "def total(x):\n    return float(np.sum(x))"
WRONG = "def total(x):\n    return float(np.mean(x))"
Cells = Callable[..., list[list[Any]]]


@pytest.fixture(scope="module")
def kernels(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A kernel of this very Python, and a course for those who have none around them."""
    home = tmp_path_factory.mktemp("jupyter")
    spec = {
        "argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": "x",
        "language": "python",
    }
    (home / "kernels" / "here").mkdir(parents=True)
    (home / "kernels" / "here" / "kernel.json").write_text(json.dumps(spec))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_PATH", str(home))
        patch.setenv("JUPYTER_PLATFORM_DIRS", "1")
        patch.setenv("IPYTHONDIR", str(home / "ipython"))
        patch.setenv("JUPYTER_RUNTIME_DIR", str(home / "runtime"))
        patch.setenv("DLKIT_CACHE", str(home / "cache"))
        patch.setenv("DLKIT_COURSE", str(SMALL))
        yield


@pytest.fixture
def run(kernels: None, tmp_path: Path) -> Cells:
    """Run cells in an empty folder, and give back the outputs of each."""
    import nbclient
    import nbformat

    def run(*cells: str) -> list[list[Any]]:
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        client = nbclient.NotebookClient(
            notebook, kernel_name="here", timeout=120, allow_errors=True, resources={"metadata": {"path": str(tmp_path)}}
        )
        client.execute()
        assert list(tmp_path.iterdir()) == []
        return [cell.outputs for cell in notebook.cells]

    return run


def shown(outputs: list[Any], kind: str = "text/plain") -> str:
    """What the last output of a cell shows."""
    assert outputs and outputs[-1].output_type == "execute_result", outputs
    return str(outputs[-1].data[kind])


def test_a_function_is_checked_where_it_is_written(run: Cells):
    """A check shows a table and plain text, grades what was defined last, and starts no training again."""
    first, wrong, right, by_itself, everything = run(
        "import dlkit\nimport numpy as np\nimport time",
        f"{WRONG}\ndlkit.check('total')",
        f"%time time.sleep(0)\n{TOTAL}\ndlkit.check('total')",
        "time.sleep(0.1)\ndlkit.check(total)",
        "dlkit.check()",
    )
    assert first == []
    html = shown(wrong, "text/html")
    assert '<td class="failed">' in html or '<td class="partial">' in html
    assert "<h2>What to look at</h2>" in html
    assert "✗ total" in shown(wrong) or "◐ total" in shown(wrong)
    assert "\x1b" not in shown(wrong)
    assert "from arith import" not in shown(wrong)
    assert "✓ passed            6/6    total" in shown(right)
    assert shown(by_itself).startswith("arith: Small sums")
    assert "scale" in shown(everything) and "10 of 20 points" in shown(everything)


def test_questions_are_asked_about_what_was_typed(run: Cells):
    """With the lines of the cell; where nothing can be typed, it is said how to answer."""
    *_, outputs = run("import dlkit\nimport numpy as np", f"# mine\n{LOOP}", "dlkit.ask(assignment='arith', seed=3)")
    text = "".join(output.text for output in outputs)
    assert "questions about your own code. Nothing here counts for marks." in text
    assert "    2  def total(x):" in text
    assert text.count("\nQuestion ") == int(text.partition(" ")[0])
    assert "dlkit.ask(seed=3, answers=[1, 3, ...])" in text


def test_feedback_names_the_cell_by_the_number_beside_it(run: Cells):
    """A line that raises is in cell 3, where the notebook shows [3], however often others were run."""
    *_, outputs = run("import dlkit", "1 + 1", "def total(x):\n    return 1 / 0", "dlkit.check('total')")
    assert "raised ZeroDivisionError: division by zero (cell 3, line 2: return 1 / 0)" in shown(outputs)


def test_what_cannot_be_checked_is_one_sentence(run: Cells):
    """A wrong name, a function that is not there yet and a wrong assignment are said, without a traceback."""
    outputs = run(
        "import dlkit\ndlkit.assignment('arit')",
        "dlkit.check('totle')",
        "dlkit.check('total')",
        "dlkit.check()",
        "dlkit.check('total', assignment='hw9')",
        "def sum_of(x): return x",
        "dlkit.check(sum_of)",
        "!true\ndef total(:",
        "dlkit.check('total')",
    )
    assert outputs[0][0].text == "There is no assignment 'arit'. Did you mean 'arith'?\n"
    assert shown(outputs[1]) == "No assignment has a check 'totle'. Did you mean 'total'?"
    assert shown(outputs[2]) == "`total` is not defined here yet. Write it, run its cell, and then run this cell again."
    assert shown(outputs[3]).startswith("No function in this notebook belongs to an assignment. First choose the assignment")
    assert shown(outputs[4]) == "There is no assignment 'hw9'. There are: arith."
    assert shown(outputs[6]).startswith("No assignment has a check 'sum_of'.")
    assert "`total` is not defined here yet" in shown(outputs[8])
    assert shown(outputs[1], "text/html") == "<p>No assignment has a check &#x27;totle&#x27;. Did you mean &#x27;total&#x27;?</p>"


def test_a_wrong_function_of_one_number_is_drawn(run: Cells):
    """A curve shows what one's own function gives, and nothing else; what is no such function has no picture."""
    *_, wrong, crashed, total = run(
        "import dlkit\nimport numpy as np",
        "def scale(x, factor):\n    return x + float(factor)\ndlkit.check(scale)",
        "def scale(x, factor):\n    return unknown\ndlkit.check(scale)",
        f"{WRONG}\ndlkit.check(total)",
    )
    assert re.search(
        r'<img alt="The values of your scale from [\d.]+ to [\d.]+, factor = 3\.0" src="data:image/png', shown(wrong, "text/html")
    )
    assert "<img" not in shown(crashed, "text/html") + shown(total, "text/html")


def test_nothing_is_left_behind_and_nothing_stays_broken(run: Cells):
    """When the kernel ends, the process that workers came from ends, too; if that dies before, there is another."""
    _, pid, broken, mended, other = run(
        f"import dlkit\nimport numpy as np\n{TOTAL}\ndlkit.check('total')",
        "dlkit.notebook.checking._desk().workers.pid",
        "import os\nos.kill(dlkit.notebook.checking._desk().workers.pid, 9)\ndlkit.check('total')",
        "dlkit.check('total')",
        "dlkit.notebook.checking._desk().workers.pid",
    )
    assert "✓ passed            6/6    total" in shown(broken)  # asked again, of another process
    assert "✓ passed            6/6    total" in shown(mended)
    assert shown(pid) != shown(other)
    assert not Path(f"/proc/{shown(other)}").exists()


# Made of an assignment ---------------------------------------------------------------------------------------------

SPEC = "from autograder import Assignment, Outputs\nassignment = Assignment(title='T', files={files}, checks=[{checks}])\n"
STUB = '''"""A stub."""

from __future__ import annotations

import numpy as np

HALF = 0.5


def one(x):
    """One."""
    raise NotImplementedError


TWICE = 2  # for two


@np.vectorize
def two(x):
    """Two."""
    raise NotImplementedError


def helper(x):
    return x
'''
HANDOUT = """# hw0: T

Text, and `one` as a word.

```console
$ dlkit grade assignments/hw0          # all
```

## Second

$$ a_1 \\tag{1} $$

1. Something else,
   and then `two` is (1).

![A *figure*: "a" & b,
in two lines.](figures/f.svg)

```python
# no heading
```

## Points

<!-- points: begin -->
| function |
<!-- points: end -->
"""


@pytest.fixture
def hw0(tmp_path: Path) -> Path:
    """An assignment with a handout, a figure and a stub."""
    folder = tmp_path / "assignments" / "hw0"
    (folder / "figures").mkdir(parents=True)
    (tmp_path / "solutions").mkdir()
    checks = "Outputs('one', on=dict, points=50), Outputs('two', on=dict, points=50)"
    (folder / "checks.py").write_text(SPEC.format(files=["hw0.py"], checks=checks))
    (folder / "hw0.py").write_text(STUB)
    (folder / "README.md").write_text(HANDOUT)
    (folder / "figures" / "f.svg").write_text("<svg/>")
    return tmp_path


def made(dlkit: Callable[..., Any], course: Path, *options: str) -> Any:
    """The notebook that the command makes."""
    import nbformat

    done = dlkit("notebook", "hw0", "--out", "made.ipynb", *options, cwd=course)
    assert (done.returncode, done.stdout) == (0, "made.ipynb written\n"), done.stderr
    return nbformat.read(course / "made.ipynb", as_version=4)


def test_a_notebook_has_text_functions_and_checks_in_the_order_of_the_handout(dlkit: Callable[..., Any], hw0: Path):
    """A function comes after the section that lists it, with what stood above it, and its check below it."""
    cells = made(dlkit, hw0).cells
    assert [cell.id for cell in cells] == [
        "text-1", "begin", "imports", "function-one", "check-one", "text-2", "function-two", "check-two", "function-helper",
        "text-3", "all", "check-all-of-it", "ask", "ask-about-it",
    ]  # fmt: skip
    by_id = {cell.id: cell.source for cell in cells}
    assert by_id["begin"] == 'import dlkit\n\ndlkit.assignment("hw0")'
    assert by_id["imports"] == "from __future__ import annotations\n\nimport numpy as np\n\nHALF = 0.5"
    assert by_id["function-two"].startswith("TWICE = 2  # for two\n\n\n@np.vectorize\ndef two(x):")
    assert by_id["check-two"] == 'dlkit.check("two")'


def test_a_notebook_needs_no_other_file(dlkit: Callable[..., Any], hw0: Path):
    """Figures are in it with their text, commands are replaced, and equations stay as they are."""
    first, *_, second, _, _, _, points, _, _, _, _ = [cell.source for cell in made(dlkit, hw0).cells]
    assert "dlkit grade" not in first
    assert "In this notebook, run the cell of a function" in first
    assert "$$ a_1 \\tag{1} $$" in second
    assert '<img alt="A *figure*: &quot;a&quot; &amp; b, in two lines." src="data:image/svg+xml;base64,PHN2Zy8+">' in second
    assert "# no heading" in second
    assert "<!--" not in points


def test_a_notebook_is_the_same_each_time_and_nobodys_work_is_lost(dlkit: Callable[..., Any], hw0: Path):
    """Two notebooks of one assignment are the same bytes, and one that is there is not written over unasked."""
    made(dlkit, hw0)
    first = (hw0 / "made.ipynb").read_bytes()
    refused = dlkit("notebook", "hw0", "--out", "made.ipynb", cwd=hw0)
    assert (refused.returncode, refused.stderr) == (
        2,
        "dlkit: made.ipynb already exists. Choose another --out, or add --force to overwrite it with all work in it.\n",
    )
    made(dlkit, hw0, "--force")
    assert (hw0 / "made.ipynb").read_bytes() == first


def test_without_nbformat_the_way_to_get_it_is_said(dlkit: Callable[..., Any], hw0: Path):
    """Who makes no notebooks need not install what makes them."""
    (hw0 / "nbformat.py").write_text("raise ImportError")
    refused = dlkit("notebook", "hw0", cwd=hw0, env={"PYTHONPATH": str(hw0)})
    assert refused.stderr.startswith(
        "dlkit: dlkit needs nbformat to make notebooks, and it is not installed: pip install nbformat"
    )
    assert refused.returncode == 2


def test_what_cannot_be_made_is_one_sentence(dlkit: Callable[..., Any], hw0: Path):
    """A broken stub, a missing handout, several files and a folder that cannot be written are said."""
    folder = hw0 / "assignments" / "hw0"
    (hw0 / "file").write_text("")
    assert "file/x.ipynb cannot be written: " in dlkit("notebook", "hw0", "--out", "file/x.ipynb", cwd=hw0).stderr
    (folder / "hw0.py").write_text("def f(:")
    assert (
        dlkit("notebook", "hw0", cwd=hw0).stderr == "dlkit: No notebook was made: hw0.py is not Python: line 1: invalid syntax.\n"
    )
    (folder / "hw0.py").unlink()
    assert dlkit("notebook", "hw0", cwd=hw0).stderr.endswith("hw0.py cannot be read: No such file or directory\n")
    (folder / "checks.py").write_text(SPEC.format(files=["a.py", "b.py"], checks="Outputs('one', on=dict, points=100)"))
    assert "hw0 asks for 2 files, but a notebook can replace only one." in dlkit("notebook", "hw0", cwd=hw0).stderr


def test_a_class_hands_in_notebooks(dlkit: Callable[..., Any], tmp_path: Path):
    """A class's folders of notebooks are graded into a gradebook, and one who handed in both is told which was graded."""
    import nbformat

    from autograder.classroom.gradebook import Gradebook

    reference = (SMALL / "solutions/arith/arith.py").read_text()
    book = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(text) for text in ("import dlkit", reference, "dlkit.check()")]
    )
    for name in ("ada/Homework.ipynb", "bob/arith.ipynb"):
        (tmp_path / "inbox" / name).parent.mkdir(parents=True)
        nbformat.write(book, tmp_path / "inbox" / name)
    (tmp_path / "inbox/bob/arith.py").write_text(reference)
    (tmp_path / "inbox/eve").mkdir()
    (tmp_path / "inbox/eve/arith.ipynb").write_text("{}")
    done = dlkit("grade", SMALL / "assignments/arith", "--submissions", "inbox", cwd=tmp_path)
    assert "! eve  eve/arith.ipynb is not a notebook that can be read" in done.stdout, done.stderr
    with Gradebook(str(tmp_path / "gradebook.db")) as gradebook:
        grades = {row.student: row.grade for row in gradebook.rows("arith")}
    assert (grades["ada"].score, notes_of(grades["ada"])) == (20, ("Homework.ipynb was graded as arith.py",))
    assert notes_of(grades["bob"]) == ("arith.py was graded, not arith.ipynb next to it",)


@pytest.mark.parametrize("name", sorted(path.parent.name for path in ROOT.glob("assignments/*/README.md")))
def test_every_function_of_the_course_follows_its_section(name: str):
    """In each notebook of the course, all that is checked has its cell, in the order of the stub, behind its text."""
    import nbformat

    from autograder.assignment import load
    from dlkit.notebook.making import notebook, pieces

    folder = ROOT / "assignments" / name
    spec = load(folder)
    cells = notebook(spec, folder)["cells"]
    nbformat.validate(notebook(spec, folder))
    _, functions = pieces((folder / spec.files[0]).read_text(encoding="utf-8"), spec.files[0])
    found = [cell["source"][-1] for cell in cells if cell["id"].startswith("check-")][:-1]
    assert found == [f'dlkit.check("{function}")' for function in functions]
    assert not re.search(r"\]\(figures/", json.dumps(cells))
    last = next(at for at, cell in enumerate(cells) if "".join(cell["source"]).startswith("## Common traps"))
    assert max(at for at, cell in enumerate(cells) if cell["id"].startswith("function-")) < last


@pytest.mark.slow
def test_hw2s_notebook_earns_nothing_as_it_is_made_and_everything_with_the_references_functions(
    kernels: None, courses: Callable[[str], Course], tmp_path: Path
):
    """Graded as it comes, all is not started; with the reference's functions in its cells, it earns 100 of 100 points.

    It does so on a real kernel in an empty folder, where its last cell says so, and as a submission afterwards.
    """
    import nbclient
    import nbformat

    from dlkit.notebook.making import notebook, pieces

    course = courses("hw2")

    def graded(name: str) -> Grade:
        submission = take_in(tmp_path / name, course.assignment.files)
        return grade(course.assignment, submission, course.references, course.workers, cases=course.cases())

    (tmp_path / "stub.ipynb").write_text(json.dumps(notebook(course.assignment, course.folder)))
    book = nbformat.read(tmp_path / "stub.ipynb", as_version=4)
    stub = graded("stub.ipynb")
    assert [check.outcome for check in stub.checks] == [Outcome.NOT_STARTED] * 14
    assert notes_of(stub) == ()

    head, functions = pieces((ROOT / "solutions/hw2/xor_mlp.py").read_text(encoding="utf-8"), "xor_mlp.py")
    book.cells = [cell for cell in book.cells if cell.id != "ask-about-it"]  # tested with a smaller course
    for cell in book.cells:
        if cell.id.startswith("function-"):
            cell.source = functions.pop(cell.source.partition("def ")[2].partition("(")[0])
        elif cell.id == "imports":
            cell.source = head
    book.cells[1:1] = [nbformat.v4.new_code_cell(text, id=f"private-{at}") for at, text in enumerate(functions.values())]
    (tmp_path / "empty").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DLKIT_COURSE", str(ROOT))
        nbclient.NotebookClient(
            book, kernel_name="here", timeout=120, allow_errors=True, resources={"metadata": {"path": str(tmp_path / "empty")}}
        ).execute()
    everything = next(cell for cell in book.cells if cell.id == "check-all-of-it")
    assert "100 of 100 points, 18 bonus   10 of 10 checks passed, 4 of 4 bonus" in shown(everything.outputs)
    pictures = {cell.id: shown(cell.outputs, "text/html") for cell in book.cells if cell.id.startswith("check-")}
    assert {name for name, told in pictures.items() if "dlkit.predict(" in told} == {
        "check-train-xor",
        "check-fit-output-weights",
    }
    assert not [name for name, told in pictures.items() if "<img" in told], "a result is shown before it was predicted"
    assert list((tmp_path / "empty").iterdir()) == []

    nbformat.write(book, tmp_path / "ada.ipynb")
    ada = graded("ada.ipynb")
    assert (ada.score, ada.max_score, ada.perfect, notes_of(ada)) == (100, 100, True, ())
