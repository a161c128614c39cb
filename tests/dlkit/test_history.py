"""What was typed in a script, and what of it a function needs; notebooks are tested on their kernel."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from support import ROOT, SMALL

from dlkit.notebook.typed import needed

TOTAL = "def total(x):\n    return float(np.sum(x))"


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
    assert output("-c", "import dlkit; print(dlkit.check('total'))").startswith("dlkit.check needs the source of your functions")


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


OWN = {
    "an import of it": ("def f(): return 1\nfrom work import f\nf()", "def f(): return 1"),
    "an import of all": ("def f(): return 1\nfrom work import *\nf()", "def f(): return 1"),
    "another name": ("def g(): return 1\nfrom work import g as h\ndef f(): return h()", "def g(): return 1\nfrom work import g as h\ndef f(): return h()"),
    "another module": ("from math import f", "from math import f"),
}  # fmt: skip


@pytest.mark.parametrize("source, left", OWN.values(), ids=OWN)
def test_an_import_from_the_notebooks_own_module_is_no_definition(source: str, left: str):
    """What a cell imports under the assignment's name is what another cell defines."""
    assert re.sub(r"\n+", "\n", needed(source, ["f"], "work")).strip() == left


def test_what_is_written_here_is_importable_as_it_will_be_handed_in(tmp_path: Path):
    """The functions of a script are found under the assignment's name, before those of the file, and still earn their points."""
    (tmp_path / "arith.py").write_text("SIZE = 3\ndef total(x):\n    raise NotImplementedError\n")
    script = tmp_path / "work.py"
    script.write_text(
        f"import numpy as np\nimport dlkit\ndlkit.assignment('arith')\n\n{TOTAL}\n\nfrom arith import SIZE, total\n"
        "print(SIZE, total([1.0, 2.0]))\nfrom arith import *\nprint(total([1.0]))\nprint(dlkit.check(total))\n"
        "try:\n    from arith import nothing\nexcept ImportError as error:\n    print(error)\n"
    )
    environment = {**os.environ, "DLKIT_COURSE": str(SMALL), "DLKIT_CACHE": str(tmp_path / "cache"), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, str(script)], env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.stdout.startswith("3 3.0\n1.0\n"), done.stderr
    assert "✓ passed            6/6    total" in done.stdout
    assert "cannot import name 'nothing' from 'arith'" in done.stdout


@pytest.mark.parametrize("source, left", NEEDED.values(), ids=NEEDED)
def test_only_what_a_function_needs_is_sent(source: str, left: str):
    """The last definition of each name goes along, and what changes it; trials and trainings stay."""
    assert re.sub(r"\n+", "\n", needed(source, ["f"])).strip() == left
