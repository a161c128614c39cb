"""`dlkit new` and `dlkit lint`: an author begins an assignment and is told what it lacks."""

from __future__ import annotations

import json

import pytest

from autograder.assignment import SpecError
from autograder.authoring.lint import RULES
from autograder.authoring.scaffold import functions_in
from dlkit.commands.authoring import RULE_NAMES

MODULE = '''\
"""Distances."""

import numpy as np


def distances(A: np.ndarray, B: np.ndarray, p: float = 2.0) -> np.ndarray:
    """All distances between rows.

    Args: A (n_samples, d), B (n_others, d). Returns: (n_samples, n_others).
    """
    return (np.abs(A[:, None] - B[None]) ** p).sum(axis=-1) ** (1 / p)


def nearest(A: np.ndarray, B: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The nearest row of B for each row of A, and how far it is.

    Parameters
    ----------
    A : array of shape (n_samples, d)
    B : array of shape (n_others, d)
    """
    found = _all(A, B)
    index = found.argmin(axis=1)
    return index, found.min(axis=1)


def apply(fn, A: np.ndarray) -> np.ndarray:
    """fn of every row.

    Args: A (n, d).
    """
    return np.stack([fn(row) for row in A])


def _all(A, B):
    return distances(A, B)
'''


def cases(text: str) -> dict[str, str]:
    """The guessed cases of a function."""
    (function,) = functions_in(text, "file.py")
    return dict(function.cases)


@pytest.fixture
def author(tmp_path, dlkit):
    """A folder with a reference in it, and the command line there."""
    (tmp_path / "distances.py").write_text(MODULE, encoding="utf-8")

    def run(*arguments):
        return dlkit(*arguments, cwd=tmp_path)

    return run


def test_a_new_assignment_grades_and_says_what_is_next(author, tmp_path):
    """The reference earns everything at once, the stub nothing, and lint tells what the guesses lack."""
    made = author("new", "hw7", "--from", "distances.py")
    assert made.returncode == 0, made.stderr
    assert "distances.py, line 27: no cases for `apply` could be guessed: `fn` has neither" in made.stdout
    assert made.stdout.splitlines()[-1].startswith("Next: `dlkit lint assignments/hw7`")
    assert "| **all 2** | **100** | |" in (tmp_path / "assignments/hw7/README.md").read_text(encoding="utf-8")
    right = author("grade", "hw7", "--submission", "distances.py", "--json", "-")
    assert json.loads(right.stdout)["score"] == 100
    stub = author("grade", "hw7", "--json", "-")
    assert json.loads(stub.stdout)["score"] == 0

    rules = ("handout", "predictions", "milestone", "reference", "template")
    lint = author("lint", "hw7", *(word for rule in rules for word in ("--only", rule)), "--json", "lint.json")
    assert lint.returncode == 0, lint.stdout
    found = json.loads((tmp_path / "lint.json").read_text(encoding="utf-8"))["assignments/hw7"]
    assert [(report["rule"], report["findings"]) for report in found] == [(rule, []) for rule in rules]
    assert "the results of 1 of 1 questions" in found[1]["summary"]
    assert "the reference reaches 1 of 1 steps, and the stub none" in found[2]["summary"]
    for name, text in {"checks.py": "stretch=True", "milestone.py": "core only", "README.md": "$ dlkit milestone hw7"}.items():
        assert text in (tmp_path / "assignments/hw7" / name).read_text(encoding="utf-8"), name


def test_nothing_is_overwritten(author, tmp_path):
    """An assignment that exists stays as it is."""
    (tmp_path / "solutions" / "hw7").mkdir(parents=True)
    refused = author("new", "hw7", "--from", "distances.py")
    assert refused.returncode == 2
    assert "solutions/hw7 already exists, and dlkit does not overwrite it" in refused.stderr
    assert not (tmp_path / "assignments").exists()


@pytest.mark.parametrize(
    "name, file, text, expected",
    [
        ("hw 7", "a.py", MODULE, "names that Python can import"),
        ("hw7", "checks.py", MODULE, "Rename the reference"),
        ("hw7", "a.py", "def f(:\n", "must be Python. Received: invalid syntax (line 1)"),
        ("hw7", "a.py", "x = 1\n", "has no public function"),
        ("hw7", "a.py", "\ndef f(x):\n    return x\n", "a.py, line 2: `f` has no docstring"),
    ],
)
def test_what_cannot_be_a_reference_is_refused_in_a_sentence(name, file, text, expected, dlkit, tmp_path):
    """With the line, and before anything is written."""
    (tmp_path / file).write_text(text, encoding="utf-8")
    refused = dlkit("new", name, "--from", file, cwd=tmp_path)
    assert refused.returncode == 2
    assert expected in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not (tmp_path / "assignments").exists()


def test_a_missing_reference_is_refused(dlkit, tmp_path):
    """By its name."""
    refused = dlkit("new", "hw7", "--from", "gone.py", cwd=tmp_path)
    assert (refused.returncode, refused.stderr) == (2, "dlkit: gone.py cannot be read: No such file or directory\n")


def test_lint_exits_with_1_and_explains_on_demand(author, tmp_path):
    """A mutant that is no mistake: the survivors are added to survivors.toml, which wants reasons then."""
    text = 'import numpy as np\n\ndef relu(x):\n    """Not below 0. Args: x (n,)."""\n    return np.where(x > 0, x, 0.0)\n'
    (tmp_path / "relu.py").write_text(text, encoding="utf-8")
    author("new", "hw7", "--from", "relu.py")
    first = author("lint", "hw7", "--only", "mutants", "--explain")
    assert first.returncode == 1
    assert "keeps every point" in first.stdout
    assert first.stderr.rstrip().endswith("survivors.toml: 1 mutant to explain")
    second = author("lint", "hw7", "--only", "mutants")
    assert second.returncode == 1
    assert "each entry must be a text" in " ".join(second.stdout.split())


def test_the_command_line_knows_every_rule():
    """Its choices are written out, so that the help loads nothing."""
    assert tuple(RULES) == RULE_NAMES


def test_a_spec_that_does_not_load_is_a_finding(author, tmp_path):
    """Points that do not add up are the author's to mend: exit status 1, in one sentence."""
    author("new", "hw7", "--from", "distances.py")
    spec = tmp_path / "assignments/hw7/checks.py"
    spec.write_text(spec.read_text(encoding="utf-8").replace("points=50", "points=51", 1), encoding="utf-8")
    found = author("lint", "hw7")
    assert found.returncode == 1
    assert "the checks' points must add up to 100. Received: 101" in found.stdout


@pytest.mark.parametrize(
    "arguments, text, expected",
    [
        ("x", "x (n_samples, n_features)", "np.round(rng.normal(size=(5, 3)), 2)"),
        ("x", "x : ndarray of shape (n, d)", "np.round(rng.normal(size=(5, 3)), 2)"),
        ("x", "x (d + 1,)", "np.round(rng.normal(size=(6,)), 2)"),
        ("x", "x (2, 2)", "np.round(rng.normal(size=(2, 2)), 2)"),
        ("x: tf.Tensor", "x (n,)", "np.round(rng.normal(size=(5,)), 2).astype(np.float32)"),
        ("labels", "labels (n,)", "rng.integers(0, 3, (5,))"),
        ("y", "y (n,) in {0, 1}, integers", "rng.integers(0, 2, (5,))"),
        ("x: int", "", "int(rng.integers(2, 6))"),
        ("x: float", "", "float(np.round(rng.uniform(0.1, 0.9), 2))"),
        ("x: bool", "", "True"),
        ("x: str", 'x: "relu" or "tanh"', '"relu"'),
    ],
)
def test_inputs_are_guessed(arguments, text, expected):
    """From a shape in the docstring, else from the type hint."""
    name = arguments.partition(":")[0]
    assert cases(f'def f({arguments}):\n    """Title.\n\n    Args: {text}\n    """\n')["typical"] == f'{{"{name}": {expected}}}'


def test_shared_axes_have_one_size():
    """What a docstring calls d is d everywhere, and a square case exchanges nothing visibly."""
    found = cases('def f(A, B):\n    """Title.\n\n    Args: A (n, d), B (m, d).\n    """\n')
    assert found["typical"] == '{"A": np.round(rng.normal(size=(5, 3)), 2), "B": np.round(rng.normal(size=(4, 3)), 2)}'
    assert list(found) == ["typical", "square", "one row"]


def test_a_file_without_functions_is_no_reference():
    """One sentence."""
    with pytest.raises(SpecError, match="needs at least one"):
        functions_in("def _f():\n    pass\n", "file.py")


NEIGHBOURS = '''"""Neighbours."""

import numpy as np


class Near:
    """The nearest."""

    def __init__(self, k: int = 3):
        self.k = k

    def fit(self, X):
        """Remember X (n, d)."""
        self.X = X
        return self

    def score(self, X):
        """The sum of distances of rows X (n, d)."""
        return float(np.abs(X - self.X).sum()) + self.k


def strange(model):
    """Something of a model."""
    return model.x


def secret(x):
    return x
'''


def test_methods_are_guessed_with_their_constructor():
    """What returns `self` is judged by what it sets; what reads that is called after it."""
    found = {one.name: one for one in functions_in(NEIGHBOURS, "near.py")}
    assert found["Near.fit"].state == ("X",)
    assert found["Near.score"].before == "fit"
    assert dict(found["Near.score"].cases)["not the defaults"].endswith('"k": 4}')
    assert found["secret"].unknown.startswith("it has no docstring")


def test_a_function_that_stops_dlkit_is_named_and_the_rest_is_written(author, tmp_path):
    """Each with its line; the assignment grades without it."""
    (tmp_path / "near.py").write_text(NEIGHBOURS, encoding="utf-8")
    made = author("new", "hw9", "--from", "near.py")
    assert made.returncode == 0, made.stderr
    assert "near.py, line 22: no cases for `strange` could be guessed: `model` has neither" in made.stdout
    assert "near.py, line 27: no cases for `secret` could be guessed: it has no docstring" in made.stdout
    assert "secret" not in (tmp_path / "assignments/hw9/near.py").read_text(encoding="utf-8")
    right = json.loads(author("grade", "hw9", "--submission", "near.py", "--json", "-").stdout)
    assert [(one["name"], one["outcome"]) for one in right["checks"]] == [("Near.fit", "passed"), ("Near.score", "passed")]


@pytest.mark.parametrize(
    "text, why",
    [
        ('def f(x):\n    """Of x."""\n    return x\n', "`x` has neither"),
        ('def f(x):\n    """Of x (n,)."""\n    return y\n', "the reference raises for every guess: NameError"),
    ],
    ids=["no shape", "an error"],
)
def test_where_nothing_can_be_guessed_the_rest_is_still_written(text, why, author, tmp_path):
    """With the status that says that nothing can be graded yet."""
    (tmp_path / "odd.py").write_text(text)
    made = author("new", "hw9", "--from", "odd.py")
    assert made.returncode == 1
    assert "no cases for `f` could be guessed: " + why in made.stdout
    assert "has no check yet. Write one" in made.stdout
    assert (tmp_path / "solutions/hw9/odd.py").is_file()


WITH_A_CLASS = (
    MODULE
    + '''

SCALE = np.sqrt(2.0)
NAMES = ("a", "b")
halve = lambda A: A / 1234


class KMeans:
    """Clusters."""

    def fit(self, X):
        """Of rows (n, d)."""
        self.centres = X[:5] * 1235
        return self

    def predict(self, X):
        return ((X[:, None] - self.centres) ** 1236).argmin(axis=1)
'''
)


def test_a_class_is_stubbed_and_what_else_there_is_is_told(author, tmp_path):
    """No line of a method is in the stub; what is computed is left out, data is kept, and both are said."""
    (tmp_path / "km2.py").write_text(WITH_A_CLASS, encoding="utf-8")
    made = author("new", "hw9", "--from", "km2.py")
    assert made.returncode == 0, made.stderr
    stub = (tmp_path / "assignments/hw9/km2.py").read_text(encoding="utf-8")
    assert "123" not in stub
    assert '        """Of rows (n, d)."""\n        raise NotImplementedError\n' in stub
    assert "`SCALE = np.sqrt(2.0)` is not in the stub: it is computed. If students need it, end the line with" in made.stdout
    assert "`halve = lambda A: A / 1234` is not in the stub: it is code." in made.stdout
    assert "`NAMES = ('a', 'b')` is in the stub. If it gives an answer away" in made.stdout
    right = author("grade", "hw9", "--submission", "km2.py", "--json", "-")
    assert json.loads(right.stdout)["score"] == 100


def test_what_gives_a_solution_away_is_neither_clean_nor_released(author, tmp_path):
    """A line of the reference in the handout: lint finds it, and no kit and no notebook is made."""
    author("new", "hw7", "--from", "distances.py")
    readme = tmp_path / "assignments/hw7/README.md"
    readme.write_text(readme.read_text(encoding="utf-8") + "\nreturn index, found.min(axis=1)\n", encoding="utf-8")
    found = author("lint", "hw7", "--only", "giveaways")
    assert found.returncode == 1
    assert "contains `return index, found.min(axis=1)`, a part of the solution" in " ".join(found.stdout.split())
    refused = author("release", "hw7")
    assert refused.returncode == 2
    assert "No kit was made: hw7/README.md, line " in refused.stderr
    assert not (tmp_path / "kit").exists()
    refused = author("notebook", "hw7")
    assert refused.returncode == 3
    assert "which is part of a solution" in refused.stderr
    assert not list(tmp_path.glob("*.ipynb"))


def test_a_solved_stub_is_not_released_where_there_are_no_solutions(author, tmp_path):
    """The file as it lies in the folder is what students would get."""
    import shutil

    author("new", "hw7", "--from", "distances.py")
    shutil.rmtree(tmp_path / "solutions")
    (tmp_path / "assignments/hw7/distances.py").write_text(MODULE, encoding="utf-8")
    refused = author("release", "hw7")
    assert refused.returncode == 2
    assert "distances.py, line 11 contains `return (np.abs(A[:, None] - B[None]) ** p)" in refused.stderr
