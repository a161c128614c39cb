"""Each way to cheat oneself in cross-validation has a sentence of its own."""

from __future__ import annotations

import pytest

BEFORE = """
def cross_val_scores(build_fn, X, y, k=5, seed=0):
    from sklearn.model_selection import KFold, StratifiedKFold
    {before}
    scores = []
    for tr, va in {split}:
        {scale}
        {model}
        {fit}
        scores.append({score})
    return {answer}
"""
HONEST = {
    "before": "pass",
    "split": "StratifiedKFold(k, shuffle=True, random_state=seed).split(X, y)",
    "scale": "X_tr, X_va = standardize(X[tr], X[va])",
    "model": "model = build_fn()",
    "fit": "model.fit(X_tr, y[tr])",
    "score": "np.mean(model.predict(X_va) == y[va])",
    "answer": "np.array(scores)",
}
MISTAKES = {
    "fitted on everything": ({"fit": "model.fit(np.r_[X_tr, X_va], np.r_[y[tr], y[va]])"}, "fit saw all 60 rows, the validation rows among them"),
    "one model again": ({"before": "model = build_fn()", "model": "pass"}, "one model was fitted again for several folds"),
    "fitted once": ({"before": "model = build_fn().fit(standardize(X)[0], y)", "model": "pass", "fit": "pass"}, "fit was called once; expected one call for each"),
    "never asked for": ({"model": "from sklearn.neighbors import KNeighborsClassifier as K; model = K(3)"}, "fit was called 0 times"),
    "scaler before the split": ({"before": "X = standardize(X)[0]", "scale": "X_tr, X_va = X[tr], X[va]"}, "was the scaler fitted outside of the fold?"),
    "no scaler": ({"scale": "X_tr, X_va = X[tr], X[va]"}, "the training part was not standardized"),
    "validation with its own statistics": ({"scale": "X_tr, X_va = standardize(X[tr])[0], standardize(X[va])[0]"}, "standardized with its own statistics"),
    "validation left raw": ({"scale": "X_tr, X_va = standardize(X[tr])[0], X[va]"}, "the training part was standardized, but the validation part was not"),
    "validation with all statistics": ({"scale": "X_tr, X_va = standardize(X[tr])[0], standardize(X)[0][va]"}, "not standardized with the training part's statistics"),
    "sample standard deviation": ({"scale": "m, s = X[tr].mean(0), X[tr].std(0, ddof=1); X_tr, X_va = (X[tr] - m) / s, (X[va] - m) / s"}, "a standard deviation of 0.98"),
    "centred only": ({"scale": "m = X[tr].mean(0); X_tr, X_va = X[tr] - m, X[va] - m"}, "the training columns have mean 0, but a standard deviation of"),
    "not stratified": ({"split": "KFold(k, shuffle=True, random_state=seed).split(X)"}, "other class shares than a stratified split"),
    "another seed": ({"split": "StratifiedKFold(k, shuffle=True, random_state=seed + 1).split(X, y)"}, "look at its seed and at its shuffling"),
    "not shuffled": ({"split": "StratifiedKFold(k).split(X, y)"}, "look at its seed and at its shuffling"),
    "exchanged": ({"split": "[(b, a) for a, b in StratifiedKFold(k, shuffle=True, random_state=seed).split(X, y)]"}, "are the two exchanged?"),
    "labels of other rows": ({"fit": "model.fit(X_tr, y[tr][::-1])"}, "fit received other labels than those of its rows"),
    "training accuracy": ({"score": "np.mean(model.predict(X_tr) == y[tr])"}, "predict never saw the validation rows"),
    "first model asked for all": ({"model": "model = build_fn(); first = model if not scores else first", "score": "np.mean(first.predict(X_va) == y[va])"}, "given to another fold's model"),
    "unfitted model asked": ({"score": "np.mean(build_fn().predict(X_va) == y[va])"}, "predict was called on a model that was never fitted"),
    "mean of the scores": ({"answer": "np.mean(scores)"}, "the shape is (); expected (5,)"),
    "share of errors": ({"answer": "1 - np.array(scores)"}, "every fit saw what it may see, but the scores differ"),
    "nothing": ({"answer": "None"}, "it is None; expected an array of shape (5,)"),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_dishonest_cross_validation_is_told_what_is_wrong(name, courses):
    """The message of the first case names the broken promise, not only the scores."""
    change, words = MISTAKES[name]
    course = courses("hw4")
    source = course.replacing("cross_val_scores", BEFORE.format(**HONEST | change))
    result = course.grade(source, only=["cross_val_scores"])
    assert words in result.checks[0].message
    assert result.checks[0].score == 0


def test_a_constant_column_that_is_divided_by_zero_is_named(courses):
    """Scikit-learn would refuse nan itself; an estimator that takes it is told by the grader."""
    course = courses("hw4")
    scale = "m, s = X[tr].mean(0), X[tr].std(0); X_tr, X_va = (X[tr] - m) / s, (X[va] - m) / s"
    source = course.replacing("cross_val_scores", BEFORE.format(**HONEST | {"scale": scale}))
    result = course.grade(source, only=["cross_val_scores"])
    (check,) = result.checks
    assert 0 < check.score < 10
    assert check.first_wrong.name == "a constant column"
    assert "NaN" in check.first_wrong.message or "nan" in check.first_wrong.message


def test_the_honest_form_keeps_every_point(courses):
    """What the mistakes are made from is right."""
    course = courses("hw4")
    source = course.replacing("cross_val_scores", BEFORE.format(**HONEST))
    result = course.grade(source, only=["cross_val_scores"])
    assert result.bonus == 10
