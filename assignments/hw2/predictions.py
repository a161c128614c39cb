"""hw2: what a student predicts before the results of the XOR network are seen."""

from functools import cache

import numpy as np

from autograder import Choice, Curve, Number, Predictions

G1 = (-0.3, 0.2, -0.2, 0.2, 0.3, -1.0, 0.6, 1.0, 0.0)
S1 = (-0.5, -0.4, 0.6, -0.8, 0.2, 0.5, -0.6, -0.9, -0.5)
ALIKE = (0.4, -0.3, 0.4, -0.3, 0.5, 0.5, 0.1, 0.1, 0.0)
EPOCHS = 500
STARTS = 30
AT = (20, 80, 150, 200, 300)


@cache
def trained(hw2, start, epochs=EPOCHS, lr=0.1):
    """The parameters and the errors after training from a start."""
    return hw2.train_xor(dict(zip(hw2.NAMES, start, strict=True)), lr=lr, epochs=epochs)


def outputs(hw2, p):
    """The output for each row of XOR."""
    return np.array([float(hw2.forward_221(x, p)["f"]) for x in hw2.XOR_X])


def rows_right(hw2, p):
    """How many rows lie on their side of 1/2, by at least a little."""
    return int(np.sum((outputs(hw2, p) - 0.5) * (2 * hw2.XOR_Y - 1) > 0.05))


def from_s1(hw2):
    """How many rows are right at the end of S1, and the error."""
    p, history = trained(hw2, S1)
    return rows_right(hw2, p), float(history[-1])


def from_g1(hw2):
    """The summed error from G1 at some epochs."""
    _, history = trained(hw2, G1)
    return [history[epoch] for epoch in AT]


def class_0_in_hidden_space(hw2):
    """How far apart (0, 0) and (1, 1) are in (u1, u2), after training from G1."""
    p, _ = trained(hw2, G1)
    first, second = (hw2.forward_221(np.array(x), p) for x in ((0.0, 0.0), (1.0, 1.0)))
    return float(np.hypot(first["u1"] - second["u1"], first["u2"] - second["u2"]))


def learned(hw2, draw):
    """The percentage of random starts from which all four rows are right in the end."""
    starts = [tuple(draw(np.random.default_rng(seed))) for seed in range(STARTS)]
    found = [rows_right(hw2, hw2.train_xor(dict(zip(hw2.NAMES, s, strict=True)), lr=0.1, epochs=EPOCHS)[0]) for s in starts]
    return 100 * float(np.mean([right == 4 for right in found]))


@cache
def from_glorot(hw2):
    """The percentage that learns XOR from Glorot's starts."""
    a, c = np.sqrt(6 / 4), np.sqrt(6 / 3)
    return learned(hw2, lambda rng: [*rng.uniform(-a, a, 4), *rng.uniform(-c, c, 2), 0.0, 0.0, 0.0])


@cache
def from_near_zero(hw2):
    """The percentage that learns XOR from starts close to zero."""
    return learned(hw2, lambda rng: rng.normal(0, 0.01, 9))


def between_equal_units(hw2):
    """The largest difference between two hidden units that started alike."""
    p, _ = trained(hw2, ALIKE, epochs=300)
    pairs = (("w1", "w3"), ("w2", "w4"), ("b1", "b2"), ("w5", "w6"))
    return float(max(abs(p[one] - p[other]) for one, other in pairs))


def largest_error(hw2, units):
    """The largest error of a fit of sin 2x + 0.3 x on [-3, 3] by some tanh units in fixed places."""
    x = np.linspace(-3, 3, 200)
    y = np.sin(2 * x) + 0.3 * x
    w = np.full(units, 2.5)
    b = -w * np.linspace(-3.5, 3.5, units)
    f = np.tanh(np.outer(x, w) + b) @ hw2.fit_output_weights(x, y, w, b)
    return float(np.abs(f - y).max())


def errors_by_epsilon(hw2):
    """How far central differences are from the slope of sin, for eps from 0.1 down to 1e-14, at the worst of five places."""
    theta = np.array([0.3, 0.7, 1.0, 1.9, 2.6])

    def error(eps):
        slopes = hw2.numerical_gradient(lambda theta: float(np.sum(np.sin(theta))), theta.copy(), eps)
        return float(np.max(np.abs(slopes - np.cos(theta))))

    return [error(10.0**-place) for place in range(1, 15)]


def slope_at_the_corner(hw2):
    """What central differences say of max(0, theta) at 0."""
    return float(hw2.numerical_gradient(lambda theta: float(max(0.0, theta[0])), np.zeros(1))[0])


predictions = Predictions(
    [
        Choice(
            "xor-from-s1",
            ask="You train from start S1 with lr=0.1 for 500 epochs. Does the network learn XOR?",
            found=from_s1,
            needs=("forward_221", "train_xor"),
            options={
                "yes: all four rows end on the right side of 1/2": lambda found: found[0] == 4,
                "three rows do": lambda found: found[0] == 3,
                "two rows do; the other two stay at 1/2": lambda found: found[0] == 2,
                "no: the error grows": lambda found: found[1] > 1,
            },
            said="{0[0]} of 4 rows right, E = {0[1]:.3f}",
            figure="xor_surface",
            why="The way from S1 ends where no direction leads down: two rows share the value 1/2, and each costs 1/8. "
            "This is neither a bug nor a bad learning rate.",
        ),
        Curve(
            "error-from-g1",
            ask="From start G1 (lr=0.1), E is 2.95 at first, in epoch 0. How large is E at the start of epochs 20, 80, 150, 200 and 300?",
            found=from_g1,
            needs=("train_xor",),
            at=AT,
            x="epoch",
            y="summed error E",
            low=0,
            high=3,
            within=0.15,
            figure="xor_surface",
            place="3",
            why="A few steps bring E near 1/2, where all outputs are near 1/2. There, the gradients of the four rows nearly cancel. "
            "Only when the hidden units have grown apart does E fall again.",
        ),
        Choice(
            "class-0-in-hidden-space",
            ask="After training from G1, you draw the four rows as the hidden units see them, at (u1, u2). "
            "Where are the two rows of class 0, (0, 0) and (1, 1)?",
            found=class_0_in_hidden_space,
            needs=("forward_221", "train_xor"),
            options={
                "as far apart as before, more than 1": lambda distance: distance > 1,
                "about half as far apart, 0.4 to 1": lambda distance: 0.4 <= distance <= 1,
                "close together, less than 0.4": lambda distance: distance < 0.4,
            },
            said="they are {:.2f} apart",
            figure="xor_surface",
            why="That is what the hidden layer is for: it moves the classes until one straight line separates them.",
        ),
        Number(
            "share-of-starts",
            ask="You train from 30 random starts, 500 epochs each, with lr=0.1. The weights are uniform between about -1.3 and "
            "1.3, the biases 0. From what percentage of the starts are all four rows right in the end?",
            found=from_glorot,
            needs=("forward_221", "train_xor"),
            low=0,
            high=100,
            unit="%",
            within=12,
            said="{:.0f} % of 30 starts",
            figure="xor_success_rate",
            seconds=120,
            why="Two hidden units are just enough for XOR, so about one start in four ends in a place like S1's. The figure counts 1,000 starts: "
            "more units help more than more epochs.",
        ),
        Choice(
            "starts-near-zero",
            ask="You train from 30 starts close to zero: all nine parameters are normal with standard deviation 0.01. "
            "How many learn XOR in 500 epochs with lr=0.1?",
            found=from_near_zero,
            needs=("forward_221", "train_xor"),
            options={
                "nearly all": lambda percent: percent > 75,
                "about half": lambda percent: 25 <= percent <= 75,
                "a few": lambda percent: 0 < percent < 25,
                "none": lambda percent: percent == 0,
            },
            said="{:.0f} % of 30 starts",
            figure="xor_success_rate",
            seconds=120,
            why="Near zero, tanh is as good as a straight line, so the whole network is one. A line does best on XOR "
            "if it answers 1/2 everywhere, and there it stays.",
        ),
        Choice(
            "equal-units",
            ask="Both hidden units start with exactly the same weights (w1 = w3, w2 = w4, w5 = w6, b1 = b2). "
            "What has become of them after 300 epochs?",
            found=between_equal_units,
            needs=("train_xor",),
            options={
                "they are still exactly alike": lambda difference: difference < 1e-9,
                "they differ a little": lambda difference: 1e-9 <= difference < 0.1,
                "they have become two different units": lambda difference: difference >= 0.1,
            },
            said="the largest difference is {:.1g}",
            why="Equal units get equal gradients, in every step. So they are one unit, and one unit never learns XOR. "
            "That is why weights start at random.",
        ),
        Choice(
            "ever-smaller-epsilon",
            ask="`numerical_gradient` differentiates sin in float64. You make eps ten times smaller, again and again, from 0.1 down to "
            "1e-14. What does the error do?",
            found=errors_by_epsilon,
            needs=("numerical_gradient",),
            options={
                "it falls all the way": lambda errors: errors[-1] <= 2 * min(errors),
                "it falls at first, and then stays where it is": lambda errors: 2 * min(errors) < errors[-1] <= 100 * min(errors),
                "it falls at first, and then rises again": lambda errors: 100 * min(errors) < min(errors[0], errors[-1]),
                "it rises from the start": lambda errors: errors[0] <= 100 * min(errors) < errors[-1],
            },
            said="{0[0]:.0e} for 0.1, {0[4]:.0e} for 1e-5, {0[13]:.0e} for 1e-14",
            why="The error of the formula falls with eps squared. But both values are rounded to 16 digits, and what rounding "
            "leaves of their difference is divided by 2 eps. So the error grows again when eps is too small.",
        ),
        Number(
            "slope-at-the-corner",
            ask="max(0, theta), a ReLU, has slope 0 to the left of 0, and slope 1 to the right. "
            "What does `numerical_gradient` say at theta = 0?",
            found=slope_at_the_corner,
            needs=("numerical_gradient",),
            low=-1,
            high=2,
            within=0.05,
            why="It draws a line from one side of the corner to the other. TensorFlow says 0 there. So near a corner a gradient "
            "check can fail although nothing is wrong: check at other places, too.",
        ),
        Curve(
            "fit-by-units",
            ask="`fit_output_weights` fits sin 2x + 0.3x on [-3, 3] by tanh units. Each rises at another x, in equal distances. "
            "How large is the largest error with 3, 5, 8, 12 and 20 units? (The curve itself goes from about -1.3 to 1.3.)",
            found=lambda hw2: [largest_error(hw2, units) for units in (3, 5, 8, 12, 20)],
            needs=("fit_output_weights",),
            at=(3, 5, 8, 12, 20),
            x="hidden units",
            y="largest error",
            low=0,
            high=3,
            factor=4,
            figure="universal_approximation",
            why="Universal approximation: with enough units the error falls as low as you like. Only the output weights were "
            "fitted here; to find good hidden weights by descent is another matter.",
        ),
    ]
)
