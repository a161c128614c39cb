"""hw4: what a student predicts before the results on capacity and cross-validation are seen."""

from functools import cache

import numpy as np

from autograder import Choice, Curve, Number, Predictions

DEGREES = (1, 3, 6, 9, 11)
SIZES = (1, 2, 3, 5, 9)


def points(seed, n=12, noise=0.2):
    """Noisy points of sin 3x on [-1, 1]."""
    rng = np.random.default_rng(seed)
    x = np.sort(rng.uniform(-1, 1, n))
    return x, np.sin(3 * x) + rng.normal(0, noise, n)


@cache
def capacity(hw4):
    """Train and test errors of degrees 0 to 11, for 50 data sets of 12 points: (50, 2, 12)."""
    curves = [hw4.capacity_curve(*points(seed), *points(seed + 1000, 200), list(range(12))) for seed in range(50)]
    return np.asarray(curves, dtype=float)


@cache
def sizes(hw4):
    """Train and test errors of a line through m of ten points, for 200 data sets: (200, 2, 9)."""
    curves = []
    for seed in range(200):
        rng = np.random.default_rng(seed)
        x = rng.uniform(-1, 1, 10)
        curves.append(hw4.train_size_curve(x, 0.5 + x + rng.normal(0, 0.25, 10), 1, list(range(1, 10))))
    return np.asarray(curves, dtype=float)


@cache
def best_degree(hw4):
    """The degree that 5-fold cross-validation chooses most often, for 40 data sets of 20 points."""
    chosen = [int(hw4.select_degree(*points(seed, 20, 0.25), [1, 3, 6, 9], 5, 0)[0]) for seed in range(40)]
    return max(set(chosen), key=chosen.count)


def rises(hw4):
    """How often a higher degree has a higher training error, of 50 times 10 steps up to degree 10."""
    train = capacity(hw4)[:, 0, :11]
    return int(np.sum(np.diff(train, axis=1) > 1e-9))


def test_over_train(hw4):
    """How many times as large the test error of degree 10 is as its training error, for the points of the figure."""
    x, y = points(31)
    coef = hw4.fit_polynomial(x, y, 10)
    x_test, y_test = points(1031, 200)
    train, test = (float(np.mean((hw4.predict_polynomial(coef, a) - b) ** 2)) for a, b in ((x, y), (x_test, y_test)))
    return test / train


def spread(hw4):
    """How wide the middle half of the test errors is with 9 points to train on, over how wide it is with 5."""
    low, high = np.quantile(sizes(hw4)[:, 1], [0.25, 0.75], axis=0)
    return float((high[8] - low[8]) / (high[4] - low[4]))


@cache
def leaked(hw4):
    """The accuracy on pure noise, in percent, where the columns were chosen with all labels before the folds."""
    from sklearn.neighbors import KNeighborsClassifier

    scores = []
    for seed in range(5):
        rng = np.random.default_rng(seed)
        X, y = rng.normal(size=(60, 2000)), np.repeat([0, 1], 30)
        differences = np.abs(X[y == 0].mean(0) - X[y == 1].mean(0))
        best = np.argsort(differences)[-10:]
        for train, val in hw4.kfold_indices(60, 5, seed):
            X_train, X_val = hw4.standardize(X[train][:, best], X[val][:, best])
            scores.append(KNeighborsClassifier(5).fit(X_train, y[train]).score(X_val, y[val]))
    return 100 * float(np.mean(scores))


@cache
def best_penalty(hw4):
    """The penalty with the smallest median test error at degree 11."""

    def error(lam):
        found = []
        for seed in range(20):
            coef = hw4.fit_polynomial(*points(seed), 11, lam)
            x, y = points(seed + 1000, 200)
            found.append(np.mean((hw4.predict_polynomial(coef, x) - y) ** 2))
        return float(np.median(found))

    return min((0.0, 1e-8, 1e-3, 1.0), key=error)


predictions = Predictions(
    [
        Choice(
            "best-degree",
            ask="20 noisy points come from sin 3x on [-1, 1] (noise 0.25). `select_degree` compares the degrees 1, 3, 6 and 9 "
            "by 5-fold cross-validation. In 40 such data sets, which degree wins most often?",
            found=best_degree,
            needs=("select_degree",),
            options={
                "degree 1": lambda degree: degree == 1,
                "degree 3": lambda degree: degree == 3,
                "degree 6": lambda degree: degree == 6,
                "degree 9": lambda degree: degree == 9,
            },
            said="degree {}",
            figure="capacity_curve",
            why="Degree 1 cannot bend. The higher degrees can, but they also follow the noise, and each fold notices that.",
        ),
        Curve(
            "test-error-by-degree",
            ask="You fit 12 of these points with polynomials. What is the mean squared error on 200 new points, for degrees 1, 3, 6, 9 "
            "and 11? (The median of 50 data sets; the noise alone gives 0.04.)",
            found=lambda hw4: np.median(capacity(hw4)[:, 1], axis=0)[list(DEGREES)],
            needs=("capacity_curve",),
            at=DEGREES,
            x="degree",
            y="test MSE",
            low=0,
            high=1e12,
            factor=10,
            figure="capacity_curve",
            place="0",
            why="It falls while the polynomial learns to bend, and rises when it follows the noise. With degree 11, twelve "
            "coefficients go through all twelve points, and swing far out between them.",
        ),
        Number(
            "training-error-rises",
            ask="In these 50 data sets, you raise the degree from 0 to 10, one by one: 500 steps. "
            "In how many of them does the *training* error rise?",
            found=rises,
            needs=("capacity_curve",),
            low=0,
            high=500,
            within=0.5,
            figure="capacity_curve",
            why="In none: a polynomial of degree n is also one of degree n + 1. So the training error never tells when to stop.",
        ),
        Number(
            "test-over-training-error",
            ask="For one set of 12 points, degree 10 fits well. How many times as large is its error on 200 new points "
            "as its error on the 12 points?",
            found=test_over_train,
            needs=("fit_polynomial", "predict_polynomial"),
            low=0.1,
            high=1e9,
            factor=10,
            figure="polynomials",
            why="Eleven coefficients can nearly pass through twelve points, whatever they are. That is learning by heart.",
        ),
        Curve(
            "test-error-by-size",
            ask="Of ten noisy points of a line (noise variance 0.06), m train a straight line and the others test it. "
            "What is the median test MSE for m = 1, 2, 3, 5 and 9?",
            found=lambda hw4: np.median(sizes(hw4)[:, 1], axis=0)[[size - 1 for size in SIZES]],
            needs=("train_size_curve",),
            at=SIZES,
            x="points to train on",
            y="test MSE",
            low=0,
            high=100,
            factor=2,
            figure="train_size",
            place="0",
            why="More points to train on make a better line. The median at m = 9 is below the noise, because a single point tests.",
        ),
        Choice(
            "how-sure",
            ask="You repeat this for 200 data sets, and look at the middle half of their test errors. From 5 points to train on to 9, "
            "the line becomes better. What becomes of the width of that middle half?",
            found=spread,
            needs=("train_size_curve",),
            options={
                "it shrinks by more than a third, as the line becomes better": lambda ratio: ratio < 0.67,
                "it stays nearly as wide": lambda ratio: 0.67 <= ratio <= 1.1,
                "it becomes more than a tenth wider": lambda ratio: ratio > 1.1,
            },
            said="it is {:.2g} times as wide with 9 as with 5",
            figure="train_size",
            why="The line is better with 9 points, but a single point tests it, so you know less about how good it is. "
            "Cross-validation tests on every point once.",
        ),
        Number(
            "leaked-columns",
            ask="From 2,000 columns of pure noise you choose the 10 that best match the labels of 60 samples. Then you "
            "cross-validate 5 nearest neighbours on these 10 columns, with your folds and your scaler. What accuracy do you report? "
            "(Guessing gives 50 %.)",
            found=leaked,
            needs=("kfold_indices", "standardize"),
            low=0,
            high=100,
            unit="%",
            within=10,
            said="{:.0f} %, the mean of 5 draws",
            imports=("sklearn.neighbors", "sklearn.model_selection"),
            why="The columns were chosen with the labels of all samples, those of the validation folds included. "
            "Choose them again inside each fold, and the accuracy is that of guessing.",
        ),
        Choice(
            "best-penalty",
            ask="You fit 12 points with degree 11 and a penalty `lam`. Which one has the smallest median error on new points?",
            found=best_penalty,
            needs=("fit_polynomial", "predict_polynomial"),
            options={
                "none: lam = 0": lambda lam: lam == 0,
                "lam = 0.00000001": lambda lam: lam == 1e-8,
                "lam = 0.001": lambda lam: lam == 1e-3,
                "lam = 1": lambda lam: lam == 1,
            },
            said="lam = {:g}",
            why="A small penalty keeps the coefficients from growing without end, and still lets the polynomial bend. "
            "A large one makes it flat.",
        ),
    ]
)
