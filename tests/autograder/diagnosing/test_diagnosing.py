"""Diagnosing: programs are run in workers, and what they did is judged in the grader."""

from __future__ import annotations

import importlib.util
import json
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from support import ROOT

from autograder.diagnosing import HANDLER, ProgramError, chosen, diagnose, judged
from autograder.diagnosing.advice import ADVICE, HIDDEN_BY
from autograder.diagnosing.evidence import Sign
from autograder.sandbox.budget import Budget
from autograder.sandbox.workers import source
from autograder.symptoms import Symptom
from autograder.text.cells import joined

pytestmark = pytest.mark.xdist_group("diagnosing")  # they share a zygote

PROGRAMS = ROOT / "tests" / "diagnose"
SAMPLE = {  # what `make test` runs of tests/diagnose: each way to train, once; benchmarks/diagnose.py runs all
    "ill": ["accumulate_tape", "best_units_on_test", "dead_numpy", "logits_without_flag", "lr_high_numpy", "numpy_in_loss"],
    "healthy": ["cv_pipeline", "numpy_logistic", "tape_variables"],
}


@pytest.fixture(scope="module")
def workers():
    """A zygote for programs."""
    with source(HANDLER) as found:
        yield found


@pytest.fixture(scope="module")
def benchmark():
    """The benchmark, which knows how the programs are read."""
    spec = importlib.util.spec_from_file_location("diagnose_benchmark", ROOT / "benchmarks" / "diagnose.py")
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def run(workers, tmp_path):
    """Diagnose a text, in a folder of its own."""
    return lambda text, seconds=30.0: diagnose(text, "train.py", tmp_path, workers, seconds, protected=True)


@pytest.mark.parametrize("name", SAMPLE["ill"])
def test_a_fault_is_named(name, workers, benchmark):
    """The fault of a program is among what is told, with a line of the program."""
    path = PROGRAMS / "ill" / f"{name}.py"
    found = benchmark.diagnosed(path, workers)
    _, faults = benchmark.program_of(path)
    finding = next(one for one in found.told if one.name in faults)
    assert finding.code in path.read_text()
    assert finding.place.startswith(f"{path.name}, line ")


@pytest.mark.parametrize("name", SAMPLE["healthy"])
def test_a_healthy_program_is_left_in_peace(name, workers, benchmark):
    """Nothing is said of a program that learns well, but what was watched."""
    found = benchmark.diagnosed(PROGRAMS / "healthy" / f"{name}.py", workers)
    assert (found.findings, found.unread, bool(found.watched)) == ((), (), True)


def test_every_program_says_whether_it_is_ill(benchmark):
    """The first line of an ill program names symptoms that exist; a healthy one has no such line."""
    for path in PROGRAMS.rglob("*.py"):
        _, faults = benchmark.program_of(path)
        assert faults <= set(ADVICE), path
        assert bool(faults) == (path.parent.name == "ill"), path
    assert len(list((PROGRAMS / "ill").glob("*.py"))) >= 24
    assert len(list((PROGRAMS / "healthy").glob("*.py"))) >= 20


def test_a_program_reads_its_folder_and_writes_elsewhere(run, tmp_path):
    """Data beside a program are found, modules too; what it writes is not kept, and nothing of its folder is changed."""
    (tmp_path / "data.csv").write_text("1,2\n3,4\n")
    (tmp_path / "helper.py").write_text("def double(x):\n    return 2 * x\n")
    found = run(
        "import numpy as np\nfrom helper import double\nprint(double(np.loadtxt('data.csv', delimiter=',').sum()))\n"
        "open('out.txt', 'w').write('x')\nopen('data.csv', 'w')\n"
    )
    assert found.printed == "20.0"
    assert "PermissionError" in found.error
    assert found.error.endswith("(here it can read only the files of its own folder, and write only new ones)")
    assert (tmp_path / "data.csv").read_text() == "1,2\n3,4\n"
    assert not (tmp_path / "out.txt").exists()


def test_a_program_reads_nothing_else(run):
    """The sandbox around a program is that of submissions: other folders stay closed."""
    found = run(f"print(open({str(ROOT / 'README.md')!r}).read())")
    assert "PermissionError" in found.error


def test_what_is_watched_still_does_what_it_did(run):
    """A model is saved, loaded and copied as ever, and a short try is not called slow."""
    found = run(
        "import numpy as np, keras\nX = np.random.default_rng(0).normal(size=(60, 4))\ny = (X[:, 0] > 0).astype(int)\n"
        "model = keras.Sequential([keras.layers.Dense(8, activation='relu'), keras.layers.Dense(1, activation='sigmoid')])\n"
        "model.compile('adam', 'binary_crossentropy')\nmodel.fit(X, y, epochs=2, verbose=0)\nmodel.save('m.keras')\n"
        "same = keras.models.load_model('m.keras')\n"
        "print(np.allclose(model(X), same(X)), len(keras.models.clone_model(model).layers))\n"
    )
    assert (found.error, found.findings, found.printed) == ("", (), "True 2")


def test_numbers_of_classes_are_no_targets_out_of_the_range_of_a_softmax(run):
    """Keras takes the logits from before a softmax if it is told `from_logits=True`: the program learns, and nothing is ill."""
    found = run(
        """
import keras
import numpy as np

keras.utils.set_random_seed(0)
rng = np.random.default_rng(0)
y = rng.integers(3, size=300)
X = rng.normal(size=(300, 3)) + 3 * np.eye(3)[y]
model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(3, activation="softmax")])
model.compile(keras.optimizers.SGD(0.1), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
model.fit(X, y, epochs=20, verbose=0)
"""
    )
    assert (found.findings, bool(found.watched)) == ((), True)


def test_a_program_that_trains_nothing_is_not_called_healthy(run):
    """Where no training is seen, nothing was watched."""
    found = run("for i in range(5):\n    print(i)")
    assert (found.watched, found.findings, found.ending) == ((), (), "ran")


@pytest.mark.parametrize(
    ("scaled", "names"), [("X", ["leak-of-held-out-rows"]), ("X_train", [])], ids=["all rows", "training rows"]
)
def test_a_scaler_before_the_split_is_seen_without_a_score(run, scaled, names):
    """Rows that a split keeps apart are held out, though nothing is scored yet."""
    scale = f"{scaled} = StandardScaler().fit_transform({scaled})\n"
    found = run(
        "from sklearn.datasets import load_wine\nfrom sklearn.linear_model import LogisticRegression\n"
        "from sklearn.model_selection import train_test_split\nfrom sklearn.preprocessing import StandardScaler\n"
        f"X, y = load_wine(return_X_y=True)\n{scale if scaled == 'X' else ''}"
        "X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)\n"
        f"{scale if scaled != 'X' else ''}LogisticRegression(max_iter=500).fit(X_train, y_train)\n"
    )
    assert [one.name for one in found.findings] == names


def test_what_was_seen_before_an_exception_is_judged(run):
    """A program that raises in the end is diagnosed by what it did before; the line of the exception is told."""
    text = (PROGRAMS / "ill" / "dead_numpy.py").read_text() + "\nundefined_name\n"
    found = run(text)
    assert "dead-relus" in [one.name for one in found.findings]
    assert found.error == f"train.py, line {text.count(chr(10))}: NameError: name 'undefined_name' is not defined"


def test_a_program_is_stopped_in_time_and_judged(run):
    """A training that takes too long is stopped, and what it did until then is judged."""
    text = (PROGRAMS / "ill" / "dead_numpy.py").read_text().replace("range(200)", "range(10**9)")
    found = run(text, seconds=1.0)
    assert found.ending == "stopped"
    assert "dead-relus" in [one.name for one in found.findings]


def test_a_notebook_is_named_by_its_cells(workers, tmp_path):
    """In a notebook, a place is a cell and its line; magics are left out."""
    lines = (PROGRAMS / "ill" / "dead_numpy.py").read_text().splitlines(keepends=True)
    text = joined([(1, "%matplotlib inline\n" + "".join(lines[:6])), (2, "".join(lines[6:]))])
    found = diagnose(text, "train.ipynb", tmp_path, workers, 30.0)
    place = next(one.place for one in found.findings if one.name == "dead-relus")
    assert place == "the notebook, cell 2, line 8"


def test_a_program_that_cannot_be_read_is_refused_with_its_line(run):
    """A syntax error is told as everywhere."""
    with pytest.raises(ProgramError, match="line 2"):
        run("x = 1\nif x\n")


def test_a_program_that_ends_its_process_is_told(run):
    """Nothing can be said of it, and no traceback is shown."""
    with pytest.raises(ProgramError, match="ended its process"):
        run("import os\nos._exit(3)")


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"entries": 5, "tables": "x"},
        {"entries": {"fit": [{"logs": 3}], "tape": [{}], "loop": [7], "judged": [{"X": "a"}]}, "tables": [{}]},
        {"entries": {"fit": [{"logs": {"loss": ["a"]}, "X": 0, "y": 0}]}, "tables": [{"prints": np.zeros(3), "rows": 1}]},
        {"error": "\x1b[31mred", "error line": "x", "printed": 5},
    ],
    ids=["nothing", "no lists", "other entries", "other tables", "odd texts"],
)
def test_evidence_of_any_form_is_survived(said):
    """A worker's evidence is a stranger's: whatever its form, a diagnosis comes out, and no control code in it."""
    found = judged(said, "x = 1\n", "train.py")
    assert found.findings == ()
    assert "\x1b" not in found.error


def test_consequences_are_not_told():
    """What another symptom explains is left out; the worst is first; each is told once."""
    signs = [Sign(Symptom(name, "s"), "train.py", 1) for name in ("learns-nothing", "dead-relus", "metric-of-the-wrong-kind")]
    assert [sign.symptom.name for sign in chosen([*signs, signs[1]])] == ["dead-relus", "metric-of-the-wrong-kind"]


def test_advice_hides_only_what_exists():
    """The table of consequences names symptoms that have advice."""
    assert set(HIDDEN_BY) | set().union(*HIDDEN_BY.values()) <= set(ADVICE)


def test_folders_to_read_survive_a_journey_as_json():
    """A budget that was sent as JSON is the same budget."""
    budget = Budget(reads=("/data",))
    assert Budget(**json.loads(json.dumps(asdict(budget)))) == budget


def test_folder_may_be_missing(workers):
    """A program that has no folder runs all the same."""
    assert diagnose("print(1)", "train.py", None, workers, 10.0).printed == "1"
    assert Path("train.py").exists() is False
