"""Two packages that write the same files: where both are installed, it is said, and what to do."""

from __future__ import annotations

from importlib.machinery import ModuleSpec

import pytest
from click.testing import CliRunner
from support import ROOT

from autograder.sandbox import installed, probe
from dlkit.cli import main


@pytest.fixture
def site(tmp_path, monkeypatch):
    """Lists packages as installed in a folder; TensorFlow is found there."""
    spec = ModuleSpec("tensorflow", None, origin=str(tmp_path / "tensorflow" / "__init__.py"))
    monkeypatch.setattr(installed.importlib.util, "find_spec", lambda name: spec)
    monkeypatch.setattr(installed, "installer", lambda: "pip install")
    monkeypatch.setattr(installed, "build", lambda: "tensorflow-cpu")

    def listed(*packages):
        for package in packages:
            (tmp_path / f"{package}.dist-info").mkdir()

    return listed


@pytest.mark.parametrize(
    ("packages", "wrong", "remedy"),
    [
        (
            ["tensorflow-2.21.0", "tensorflow_cpu-2.22.0rc0", "keras-3.15.1"],
            "tensorflow 2.21.0 and tensorflow-cpu 2.22.0rc0 are installed over each other",
            "remove both: pip uninstall --yes tensorflow tensorflow-cpu. Then install one: pip install tensorflow-cpu",
        ),
        (
            ["tensorflow-2.22.0rc0", "keras-3.15.1", "keras_nightly-3.16.0.dev2026102704"],
            "keras 3.15.1 and keras-nightly 3.16.0.dev2026102704 are installed over each other",
            "remove both: pip uninstall --yes keras keras-nightly. Then install one: pip install tensorflow",
        ),
    ],
    ids=["TensorFlow", "Keras"],
)
def test_packages_over_each_other_are_named(site, packages, wrong, remedy):
    """With their versions, and with the commands that mend it."""
    site(*packages)
    said, way = installed.mixed()
    assert said == f"{wrong}: their files are mixed, so grades may be wrong"
    assert way == remedy


@pytest.mark.parametrize(
    "packages",
    [["tensorflow_cpu-2.21.0", "keras-3.15.1"], ["tensorflow-2.21.0", "tensorflow_cpu-2.21.0"], []],
    ids=["one", "two of one version", "none that is listed"],
)
def test_what_does_no_harm_is_not_named(site, packages):
    """One package of each, or two of one version."""
    site(*packages)
    assert installed.mixed() is None


def test_the_doctor_and_a_grading_that_needs_it_say_so(monkeypatch, tmp_path):
    """In a sentence on stderr; an assignment that needs no TensorFlow says nothing. The doctor still calls the system safe."""
    monkeypatch.setattr(installed, "mixed", lambda: ("a and b are mixed", "remove both: pip uninstall a b"))
    monkeypatch.setattr(probe, "mixed", installed.mixed)
    monkeypatch.chdir(ROOT)
    (tmp_path / "xor_mlp.py").write_text("def sigmoid(z:\n")
    (tmp_path / "generalization.py").write_text("def f(:\n")
    said = {
        name: CliRunner().invoke(main, ["grade", name, "--submission", str(tmp_path), "--no-warm"]).stderr
        for name in ("hw2", "hw4")
    }
    assert said["hw2"].startswith("dlkit: a and b are mixed. To mend it, remove both: pip uninstall a b.\n")
    assert "mixed" not in said["hw4"]
    found = next(iter(probe.about_packages()))
    assert (found.word, found.fine, found.needed) == ("mixed", False, False)
