"""Postponed imports: a worker has scikit-learn sooner, and every number is the same."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.sandbox.budget import Budget
from autograder.sandbox.postponed import MODULES, Part, Postponed
from autograder.sandbox.workers import Forked

HANDLER = "autograder.sandbox.probe:serve"
SEEN = """
import json, sys
from autograder.sandbox.warm import warm

if sys.argv[1] == "warmed":
    warm(["sklearn.model_selection"])
came = sorted({"scipy.stats", "numpy.f2py", "pandas"}.intersection(sys.modules))
import numpy as np
from sklearn.covariance import EllipticEnvelope
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import label_ranking_average_precision_score
from sklearn.model_selection import GridSearchCV
from sklearn.preprocessing import PowerTransformer, QuantileTransformer
from sklearn._loss.link import MultinomialLogit

X, y = load_iris(return_X_y=True)
search = GridSearchCV(LogisticRegression(), {"C": [1.0, 0.1, 10.0]}, cv=3).fit(X, y)
found = [
    search.cv_results_["rank_test_score"],
    search.cv_results_["mean_test_score"],
    label_ranking_average_precision_score(np.eye(3)[y], search.predict_proba(X)),
    QuantileTransformer(n_quantiles=20, output_distribution="normal").fit_transform(X),
    PowerTransformer().fit_transform(X),
    EllipticEnvelope(random_state=0).fit(X).predict(X),
    MultinomialLogit().link(search.predict_proba(X)),
]
import scipy, scipy.stats, numpy.testing
from scipy.stats import rankdata
whole = scipy.stats is sys.modules["scipy.stats"] and rankdata is scipy.stats.rankdata and rankdata.__module__.startswith("scipy.stats")
numpy.testing.assert_array_equal(rankdata([3, 1, 2]), [3, 1, 2])
print(json.dumps([came, [np.asarray(one).tolist() for one in found], whole]))
"""


def seen(how):
    """What a program sees with scikit-learn imported in one of two ways."""
    done = subprocess.run([sys.executable, "-c", SEEN, how], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_every_number_is_the_same():
    """Whatever uses a function that was postponed gets the function itself; who imports its module afterwards, the module."""
    came, found, whole = seen("warmed")
    assert came == []
    assert whole
    assert found == seen("plainly")[1]


@pytest.fixture
def stand_in(monkeypatch):
    """A stand-in for a module of Python, with one function that it gives before the module is imported."""
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    found = Postponed("colorsys", frozenset({"rgb_to_hsv"}))
    yield found
    found.step_down()


def test_a_function_imports_its_module_when_it_is_called(stand_in):
    """Until then, nobody has waited for it."""
    from colorsys import rgb_to_hsv

    assert isinstance(rgb_to_hsv, Part)
    assert sys.modules["colorsys"] is stand_in
    assert rgb_to_hsv(1.0, 0.0, 0.0) == (0.0, 1.0, 1.0)
    assert sys.modules["colorsys"] is not stand_in


def test_who_asks_for_another_name_gets_the_module_at_once(stand_in):
    """A version that imports more than is known imports the module, as ever."""
    from colorsys import rgb_to_hls

    assert rgb_to_hls.__module__ == "colorsys"
    assert importlib.import_module("colorsys") is not stand_in


def test_a_stand_in_that_has_stepped_down_hands_on(stand_in):
    """Who keeps it has the module by it."""
    stand_in.step_down()
    assert "colorsys" not in sys.modules
    assert stand_in.rgb_to_hsv(1.0, 0.0, 0.0) == (0.0, 1.0, 1.0)
    assert sys.modules["colorsys"] is not stand_in


def has_the_rest(pid):
    """Whether a process has imported what was postponed."""
    return "/scipy/stats/" in Path(f"/proc/{pid}/maps").read_text()


linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads what a process has mapped from /proc")


@linux
@pytest.mark.parametrize("few", [True, False], ids=["few", "many"])
def test_many_workers_find_the_rest_imported(few):
    """For a class, no worker has to import what was postponed; for one submission, nobody waits for it."""
    with Forked(HANDLER, few=few) as workers:
        workers.warm(["sklearn.base"])
        with workers.start(Budget()) as worker:
            assert worker.layers.in_force
            assert has_the_rest(workers.pid) is not few


def test_what_is_postponed_exists():
    """Each name is a function of its module."""
    for name, parts in MODULES.items():
        module = pytest.importorskip(name) if name == "pandas" else importlib.import_module(name)
        assert all(callable(getattr(module, part)) for part in parts)
