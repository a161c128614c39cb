"""hw4: what shows that cross-validation finds a model that does well on new points."""

import numpy as np

from autograder import Milestone, Step
from dlkit import datasets

DEGREES = tuple(range(13))
NOISE = 0.25
LAMBDAS = (1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1.0)


def chosen_degree(hw4):
    """Choose the degree by cross-validation; the error of that polynomial on new points, per variance of the noise."""
    x, x_new, y, y_new = datasets.polynomial(30, noise=NOISE)
    best, scores = hw4.select_degree(x, y, DEGREES, k=5, seed=0)
    _, new = hw4.capacity_curve(x, y, x_new, y_new, DEGREES)
    for place, degree in enumerate(DEGREES):
        yield degree, {"cross-validation": float(scores[place]), "new points": float(new[place])}
    found = hw4.predict_polynomial(hw4.fit_polynomial(x, y, best), x_new)
    return float(np.mean((found - y_new) ** 2) / NOISE**2)


def too_much(hw4):
    """Degree 11 through twelve points: its error on new points, as a multiple of that of the best degree."""
    x, x_new, y, y_new = datasets.polynomial(12, noise=0.2)
    train, new = hw4.capacity_curve(x, y, x_new, y_new, range(12))
    for degree in range(12):
        yield degree, {"training": max(float(train[degree]), 1e-12), "new points": float(new[degree])}
    return float(new[11] / np.min(new))


def penalty(hw4):
    """The same twelve points and degree 11 with a penalty: the smallest error on new points, per error without one."""
    x, x_new, y, y_new = datasets.polynomial(12, noise=0.2)

    def error(lam):
        found = hw4.predict_polynomial(hw4.fit_polynomial(x, y, 11, lam=lam), x_new)
        return float(np.mean((found - y_new) ** 2))

    without, errors = error(0.0), []
    for lam in LAMBDAS:
        errors.append(error(lam))
        yield float(np.log10(lam)), {"with the penalty": errors[-1], "without": without}
    return min(errors) / without


def folds(hw4):
    """Logistic regression on the digits: the mean accuracy over five folds, each standardised by itself."""
    from sklearn.linear_model import LogisticRegression

    X, _, y, _ = datasets.digits()
    of_folds = []
    for fold, (train, val) in enumerate(hw4.kfold_indices(600, 5, seed=0), 1):
        X_train, X_val = hw4.standardize(X[train], X[val])
        model = LogisticRegression(C=0.1, max_iter=200).fit(X_train, y[train])
        of_folds.append(float(model.score(X_val, y[val])))
        yield fold, {"accuracy": of_folds[-1]}
    return float(np.mean(of_folds))


milestone = Milestone(
    [
        Step(
            "chooses-a-degree",
            shows="The degree that cross-validation chooses does nearly as well on new points as the noise allows.",
            run=chosen_degree,
            needs=("fit_polynomial", "predict_polynomial", "capacity_curve", "select_degree"),
            measures="error of the chosen degree on new points, per variance of the noise",
            at_most=1.5,
            form="{:.2f}",
            x="degree",
            y="mean squared error",
            log=True,
            hint="1 is what the noise alone costs. Look whether the two curves have their lowest points close together.",
        ),
        Step(
            "too-much-capacity",
            shows="A polynomial that goes through all points is far off between them.",
            run=too_much,
            needs=("capacity_curve",),
            measures="error of degree 11 on new points, as a multiple of the best degree's",
            at_least=20,
            form="{:.2g}",
            x="degree",
            y="mean squared error",
            log=True,
            hint="The training error must fall with the degree. If it rises at high degrees, `fit_polynomial` loses precision.",
        ),
        Step(
            "penalty-helps",
            shows="A small penalty on the coefficients takes most of that error away, at the same degree.",
            run=penalty,
            needs=("fit_polynomial", "predict_polynomial"),
            measures="error with the best penalty, per error without",
            at_most=0.1,
            form="{:.2g}",
            x="log10 of the penalty",
            y="mean squared error",
            log=True,
        ),
        Step(
            "cross-validates-digits",
            shows="The same folds tell how well any model will do: here a linear one, on handwritten digits.",
            run=folds,
            needs=("kfold_indices", "standardize"),
            measures="mean accuracy over five folds",
            at_least=0.9,
            form="{:.1%}",
            x="fold",
            y="accuracy",
            imports=("sklearn.linear_model",),
        ),
    ]
)
