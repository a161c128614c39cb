"""hw1: what a student predicts before the perceptron's results are seen."""

import numpy as np

from autograder import Choice, Curve, Number, Predictions

AND, OR, XOR = np.array([0, 0, 0, 1]), np.array([0, 1, 1, 1]), np.array([0, 1, 1, 0])


def mistakes(hw1, y, epochs=50, **options):
    """The mistakes of each epoch on the four rows, with these labels."""
    return hw1.train_perceptron(hw1.AND_X, y, max_epochs=epochs, **options)[1]


def xor_mistakes(hw1):
    """The mistakes on XOR in epochs 1, 2, 3, 6 and 12."""
    found = mistakes(hw1, XOR, epochs=12)
    return [found[epoch - 1] for epoch in (1, 2, 3, 6, 12)]


def separable(hw1):
    """How many of the 16 Boolean functions of two inputs the rule learns without a mistake in the end."""
    tables = [np.array([number >> row & 1 for row in range(4)]) for number in range(16)]
    return sum(mistakes(hw1, y, epochs=100)[-1] == 0 for y in tables)


def nearest_row(hw1):
    """How near the border of AND the nearest row is, as the size of its weighted sum."""
    w, _ = hw1.train_perceptron(hw1.AND_X, AND)
    return float(np.abs(hw1.fold_bias(hw1.AND_X) @ w).min())


def reversed_rows(hw1):
    """Whether the rows of AND in reverse order give the same weights, and how many mistakes are left."""
    w, _ = hw1.train_perceptron(hw1.AND_X, AND)
    back, left = hw1.train_perceptron(hw1.AND_X[::-1].copy(), AND[::-1].copy())
    return bool(np.allclose(w, back)), left[-1]


def plane_at_one_corner(hw1):
    """What the least-squares plane through the four rows of XOR says at (1, 0)."""
    w, b = hw1.linear_regression_fit(hw1.AND_X, XOR.astype(float))
    return float(np.array([1.0, 0.0]) @ np.asarray(w) + b)


def rate_changes(hw1):
    """How many epochs AND takes with lr=1 and with lr=0.25."""
    return len(mistakes(hw1, AND)), len(mistakes(hw1, AND, lr=0.25))


def through_units(hw1):
    """How far the best plane is from XOR's labels, behind 20 random units that only add up, and behind 20 with a threshold."""
    rng = np.random.default_rng(0)
    W, b = rng.normal(size=(20, 2)), rng.normal(size=20)
    sums = hw1.AND_X @ W.T + b  # (4, 20)
    fired = np.stack([hw1.perceptron_predict(hw1.AND_X, *unit) for unit in zip(W, b, strict=True)], axis=1)
    return furthest(hw1, sums), furthest(hw1, fired.astype(float))


def furthest(hw1, features):
    """The largest distance of the fitted plane from a label of XOR."""
    w, b = hw1.linear_regression_fit(features, XOR.astype(float))
    return float(np.max(np.abs(features @ w + b - XOR)))


predictions = Predictions(
    [
        Number(
            "or-epochs",
            ask="`train_perceptron` starts at zero weights with lr=1 and visits the four rows of OR in order. "
            "In which epoch does it make no mistake for the first time? (For AND, see the table in the handout.)",
            found=lambda hw1: len(mistakes(hw1, OR)),
            needs=("train_perceptron",),
            low=1,
            high=50,
            within=1,
            figure="perceptron_mistakes",
            place="0 x",
            why="OR needs a smaller change than AND: three of its rows say 1, and the first of these already moves the border.",
        ),
        Curve(
            "xor-mistakes",
            ask="The same on XOR: how many of the four rows are wrong when they are visited, in epochs 1, 2, 3, 6 and 12?",
            found=xor_mistakes,
            needs=("train_perceptron",),
            at=(1, 2, 3, 6, 12),
            x="epoch",
            y="mistakes on 4 rows",
            low=0,
            high=4,
            within=0.5,
            figure="perceptron_mistakes",
            place="0",
            why="No line separates XOR, so some row is always wrong; and each update that mends one row breaks the next.",
        ),
        Choice(
            "learning-rate",
            ask="You train on AND once more, with lr=0.25 in place of 1. How many epochs does it take?",
            found=rate_changes,
            needs=("train_perceptron",),
            options={
                "more epochs than with lr=1": lambda found: found[1] > found[0],
                "the same number": lambda found: found[1] == found[0],
                "fewer": lambda found: found[1] < found[0],
            },
            said="lr=1: {0[0]} epochs, lr=0.25: {0[1]}",
            why="From zero weights, lr only scales all weights, and the sign of the weighted sum does not change.",
        ),
        Choice(
            "touching-the-border",
            ask="AND is learned. How far from the border is the nearest of the four rows?",
            found=nearest_row,
            needs=("fold_bias", "train_perceptron"),
            options={
                "it lies exactly on the border": lambda sum: sum == 0,
                "near it, but not on it": lambda sum: 0 < sum < 1,
                "as far as possible: the border has the widest margin": lambda sum: sum >= 1,
            },
            said="the smallest weighted sum is {:g}",
            figure="perceptron_boundaries",
            why="Training stops at the first epoch without a mistake, and a row of class 0 on the border is no mistake. "
            "The support vector machine looks for the widest margin; the perceptron does not.",
        ),
        Choice(
            "rows-in-reverse",
            ask="You train on AND with the four rows in reverse order. What comes out?",
            found=reversed_rows,
            needs=("train_perceptron",),
            options={
                "the same weights": lambda found: found[0] and found[1] == 0,
                "other weights, and no mistake either": lambda found: not found[0] and found[1] == 0,
                "it does not come to rest": lambda found: found[1] > 0,
            },
            why="Many lines separate AND. Each row uses the weights that the row before it left behind, so the order decides "
            "which line is found.",
        ),
        Number(
            "separable-functions",
            ask="There are 16 Boolean functions of two inputs: 16 ways to label the four rows. "
            "How many of them does `train_perceptron` learn without a mistake?",
            found=separable,
            needs=("train_perceptron",),
            low=0,
            high=16,
            within=0.5,
            figure="perceptron_boundaries",
            why="All but XOR and its opposite: only these two have their classes on the two diagonals.",
        ),
        Number(
            "plane-through-xor",
            ask="You fit a plane to XOR with `linear_regression_fit`, labels 0 and 1. What does it say at (1, 0)?",
            found=plane_at_one_corner,
            needs=("linear_regression_fit",),
            low=-1,
            high=2,
            within=0.05,
            why="By symmetry, no direction helps: the best plane is flat and says 1/2 everywhere.",
        ),
        Choice(
            "units-in-between",
            ask="You put 20 units with random weights between the inputs and the plane, and fit the plane to what they say. "
            "Once the units only add up, w . x + b; once they have the threshold of (1). Which plane gives the labels of XOR?",
            found=through_units,
            needs=("perceptron_predict", "linear_regression_fit"),
            options={
                "both: 20 units are enough": lambda found: max(found) < 0.01,
                "only the one behind units that add up": lambda found: found[0] < 0.01 <= found[1],
                "only the one behind units with a threshold": lambda found: found[1] < 0.01 <= found[0],
                "neither: their weights are random": lambda found: min(found) >= 0.01,
            },
            said="furthest from a label: {0[0]:.2g} behind sums, {0[1]:.2g} behind thresholds",
            why="A sum of sums is again a sum: without a bend, any number of layers is one plane. Each unit with a threshold cuts "
            "the plane in two, and from such pieces XOR can be put together, even if the cuts are random.",
        ),
    ]
)
