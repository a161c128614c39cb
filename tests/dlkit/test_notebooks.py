"""Notebooks on a real kernel, in an empty folder with no notebook on disk, as in Colab; and scripts."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from support import ROOT, SMALL

from dlkit.history import needed

nbformat = pytest.importorskip("nbformat", reason="notebooks are made and run with the packages of the extra `notebook`")
nbclient = pytest.importorskip("nbclient", reason="a notebook is run with nbclient and ipykernel")
pytest.importorskip("ipykernel", reason="a notebook is run with nbclient and ipykernel")

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


def test_feedback_names_the_cell_by_the_number_beside_it(run: Cells):
    """A line that raises is in cell 3, where the notebook shows [3], however often others were run."""
    *_, outputs = run("import dlkit", "1 + 1", "def total(x):\n    return 1 / 0", "dlkit.check('total')")
    assert "raised ZeroDivisionError: division by zero (cell 3, line 2: return 1 / 0)" in shown(outputs)


def test_what_cannot_be_checked_is_one_sentence(run: Cells):
    """A wrong name, a function that is not there yet and a wrong assignment are said, without a traceback."""
    outputs = run(
        "import dlkit",
        "dlkit.check('totle')",
        "dlkit.check('total')",
        "dlkit.check()",
        "dlkit.check('total', assignment='hw9')",
        "def sum_of(x): return x",
        "dlkit.check(sum_of)",
        "!true\ndef total(:",
        "dlkit.check('total')",
    )
    assert shown(outputs[1]) == "No assignment has a check 'totle'. Did you mean 'total'?"
    assert shown(outputs[2]) == "`total` is not defined here yet: write it, run its cell, and then this one again."
    assert shown(outputs[3]).startswith("Nothing that was typed here is asked for by an assignment. Say first which it is")
    assert shown(outputs[4]) == "There is no assignment 'hw9'. There are: arith."
    assert shown(outputs[6]).startswith("No assignment has a check 'sum_of'.")
    assert "`total` is not defined here yet" in shown(outputs[8])
    assert shown(outputs[1], "text/html") == "<p>No assignment has a check &#x27;totle&#x27;. Did you mean &#x27;total&#x27;?</p>"


def test_nothing_is_left_behind(run: Cells):
    """When the kernel ends, the process that workers came from ends, too."""
    *_, outputs = run(f"import dlkit\nimport numpy as np\n{TOTAL}\ndlkit.check('total')", "dlkit.checking._desk().workers.pid")
    assert not Path(f"/proc/{shown(outputs)}").exists()


def test_a_script_is_checked_as_it_runs(tmp_path: Path):
    """In a script, the functions of its file are graded; where no text is kept, a sentence says what is needed."""
    script = tmp_path / "work.py"
    script.write_text(f"import numpy as np\n\nimport dlkit\n\n\n{TOTAL}\n\n\nprint(dlkit.check(total))\nprint(1 / 0)\n")
    environment = {**os.environ, "DLKIT_COURSE": str(SMALL), "DLKIT_CACHE": str(tmp_path / "cache"), "PYTHONPATH": str(ROOT)}

    def output(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments], env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
        )
        return done.stdout

    assert "✓ passed            6/6    total" in output(str(script))
    assert output("-c", "import dlkit; print(dlkit.check('total'))").startswith("dlkit.check needs the text of your functions")


NEEDED = {
    "the last definition": ("def f(): return 1\ndef f(): return 2", "def f(): return 2"),
    "what it calls": ("import numpy as np\ndef g(): return np\nx = 1\ndef f(): return g()", "import numpy as np\ndef g(): return np\ndef f(): return g()"),
    "no training": ("h = fit()\nprint(h)\ndef f(): return 2\nf()", "def f(): return 2"),
    "a value and its changes": ("a = [1]\na = [2]\na.append(3)\na[0] = 4\ndef f(): return a", "a = [2]\na.append(3)\na[0] = 4\ndef f(): return a"),
    "a value made from itself": ("a = 1\na = a + 1\na += 1\ndef f(): return a", "a = 1\na = a + 1\na += 1\ndef f(): return a"),
    "what a block may set": ("a = 1\nif x:\n    a = 2\ndef f(): return a", "a = 1\nif x:\n    a = 2\ndef f(): return a"),
    "one of several": ("a, b = 1, 2\nc = 3\ndef f(): return b", "a, b = 1, 2\ndef f(): return b"),
    "all of a module": ("from math import *\nimport os\ndef f(): return pi", "from math import *\ndef f(): return pi"),
    "a decorator": ("def d(g): return g\n@d\ndef f(): return 1", "def d(g): return g\n@d\ndef f(): return 1"),
    "a setting": ("import numpy as np\nnp.seterr(all='ignore')\ndef f(): return 1", "import numpy as np\nnp.seterr(all='ignore')\ndef f(): return 1"),
    "a version kept": ("def f(): return 1\ng = f\ndef f(): return g()", "def f(): return 1\ng = f\ndef f(): return g()"),
    "a name in another cell's noise": ("def f(): return 1\nplot(f)\nplt.show()", "def f(): return 1"),
}  # fmt: skip


@pytest.mark.parametrize("source, left", NEEDED.values(), ids=NEEDED)
def test_only_what_a_function_needs_is_sent(source: str, left: str):
    """The last definition of each name goes along, and what changes it; trials and trainings stay."""
    assert re.sub(r"\n+", "\n", needed(source, ["f"])).strip() == left
