"""CrossValidation: equal scores are not enough; each way to cheat oneself has its own message."""

from __future__ import annotations

import pytest
from support import ROOT, Course

from autograder.outcome import Outcome

FOLDS = ROOT / "tests" / "courses" / "folds" / "assignments" / "folds"


@pytest.fixture(scope="module")
def folds(cache, light):
    """The assignment about folds."""
    course = Course(FOLDS, cache, light)
    yield course
    course.references.close()


DISHONEST = {
    "scaler fitted on all rows": (
        [("scaler = StandardScaler().fit(X[train])", "scaler = StandardScaler().fit(X)")],
        "was the scaler fitted outside of the fold?",
    ),
    "not standardized": (
        [("scaler.transform(X[train])", "X[train]"), ("scaler.transform(X[test])", "X[test]")],
        "the training part was not standardized",
    ),
    "own statistics": (
        [("scaler.transform(X[test])", "StandardScaler().fit_transform(X[test])")],
        "the validation part was standardized with its own statistics",
    ),
    "raw validation part": (
        [("scaler.transform(X[test])", "X[test]")],
        "the training part was standardized, but the validation part was not",
    ),
    "one model for all": (
        [("    scores = []\n", "    scores = []\n    model = build_fn()\n"), ("        model = build_fn()\n", "")],
        "every fold needs a fresh one",
    ),
    "validation rows in fit": (
        [("X[train]), y[train]", "X), y")],
        "fit saw all 44 rows, the validation rows among them; expected 33",
    ),
    "not stratified": (
        [
            (
                "StratifiedKFold(k, shuffle=True, random_state=seed)",
                "__import__('sklearn.model_selection').model_selection.KFold(k)",
            )
        ],
        "other class shares than a stratified split gives",
    ),
    "another seed": ([("random_state=seed", "random_state=seed + 1")], "fit saw other rows than the split asked for"),
    "shuffled labels": (
        [("model.fit(scaler.transform(X[train]), y[train])", "model.fit(scaler.transform(X[train]), 2 - y[train])")],
        "other labels than those of its rows",
    ),
    "one fit": (
        [("        scores.append", "        if scores: return np.zeros(k)\n        scores.append")],
        "fit was called 2 times; expected one call for each of the 4 folds",
    ),
    "errors, not accuracies": ([("== y[test]", "!= y[test]")], "every fit saw what it may see, but the scores differ"),
    "the mean": ([("np.array(scores)", "np.mean(scores)")], "the scores are not as asked for: the shape is (); expected (4,)"),
}


@pytest.mark.parametrize("changes, sentence", DISHONEST.values(), ids=DISHONEST)
def test_each_dishonesty_has_its_message(folds, changes, sentence):
    """Leakage, a model used again and a scaler outside of the fold are named for what they are."""
    source = folds.source
    for old, new in changes:
        assert old in source
        source = source.replace(old, new)
    result = folds.check("cross_val_scores", source)
    assert result.outcome is Outcome.FAILED
    assert sentence in result.message


HONEST = {
    "as the reference": [],
    "scikit-learn itself": [
        (
            "    scores = []\n",
            "    from sklearn.model_selection import cross_val_score\n    from sklearn.pipeline import make_pipeline\n"
            "    return cross_val_score(make_pipeline(StandardScaler(), build_fn()), X, y,"
            " cv=StratifiedKFold(k, shuffle=True, random_state=seed))\n    scores = []\n",
        )
    ],
    "by hand": [("scaler.transform(X[test])", "(X[test] - X[train].mean(0)) / X[train].std(0)")],
    "training score on the way": [
        ("        scores.append", "        model.predict(scaler.transform(X[train]))\n        scores.append")
    ],
    "rows in reverse": [("        scaler =", "        train, test = train[::-1], test[::-1]\n        scaler =")],
}


@pytest.mark.parametrize("changes", HONEST.values(), ids=HONEST)
def test_every_honest_way_passes(folds, changes):
    """scikit-learn's own function and other honest styles get full marks."""
    source = folds.source
    for old, new in changes:
        assert old in source
        source = source.replace(old, new)
    result = folds.check("cross_val_scores", source)
    assert (result.outcome, result.message) == (Outcome.PASSED, "")
