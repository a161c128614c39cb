"""hw2: what shows that the network of the slide, and its gradients, learn XOR."""

import numpy as np

from autograder import Learned, Milestone, Plane, Step

X, Y = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), np.array([0.0, 1.0, 1.0, 0.0])
NAMES = ("w1", "w2", "w3", "w4", "w5", "w6", "b1", "b2", "b3")
EPOCHS, AT_ONCE = 600, 12


def drawn(seed, scale):
    """Nine parameters of this size."""
    rng = np.random.default_rng(seed)
    return {name: float(scale * rng.normal()) for name in NAMES}


def error(hw2, p):
    """E_total: the sum of the four errors."""
    return float(sum(hw2.half_squared_error(hw2.forward_221(x, p)["f"], y) for x, y in zip(X, Y, strict=True)))


def initial_loss(hw2):
    """E_total with weights near 0, where the network says about 0 for each row."""
    return error(hw2, drawn(0, 0.001))


def gradients(hw2):
    """The largest difference between the gradients by hand and central differences, of a batch at five places."""
    worst = 0.0
    for seed in range(5):
        p = drawn(seed, 1.0)
        by_hand = dict.fromkeys(NAMES, 0.0)
        for x, y in zip(X, Y, strict=True):
            found, _ = hw2.backward_221(x, y, p, hw2.forward_221(x, p))
            by_hand = {name: by_hand[name] + found[name] for name in NAMES}
        theta = np.array([p[name] for name in NAMES])
        slopes = hw2.numerical_gradient(lambda theta: error(hw2, dict(zip(NAMES, map(float, theta), strict=True))), theta)
        worst = max(worst, float(np.max(np.abs(slopes - [by_hand[name] for name in NAMES]))))
    return worst


def solves_xor(hw2):
    """Train from one start, some epochs at a time, and look at what the network says between the four rows."""
    p = drawn(1, 0.8)
    for epoch in range(0, EPOCHS, AT_ONCE):
        p, history = hw2.train_xor(p, lr=0.1, epochs=AT_ONCE)
        yield epoch + 1, {"E_total": history[0]}
    side = np.linspace(-0.5, 1.5, 49)
    said = [[float(hw2.forward_221(np.array([x1, x2]), p)["f"]) > 0.5 for x1 in side] for x2 in side]
    plane = Plane("the trained network: 1 where f > 1/2", side, side, np.array(said), X, Y)
    return Learned(error(hw2, p), [plane])


def curve_fit(hw2):
    """The largest error of 20 tanh units with the best output weights on sin 3x."""
    x = np.linspace(-1, 1, 200)
    y = np.sin(3 * x)
    rng = np.random.default_rng(0)
    w, b = rng.normal(size=20) * 3, rng.normal(size=20) * 2
    v = hw2.fit_output_weights(x, y, w, b)
    return float(np.max(np.abs(np.tanh(np.outer(x, w) + b) @ v - y)))


milestone = Milestone(
    [
        Step(
            "initial-loss",
            shows="Before training, the network says about 0 for each row, and the error is what you can work out by hand.",
            run=initial_loss,
            needs=("half_squared_error", "forward_221"),
            measures="E_total with weights near 0",
            at_least=0.99,
            at_most=1.01,
            hint="With all weights near 0, f is near 0. Work out the four errors for f = 0 and add them up.",
        ),
        Step(
            "gradient-check",
            shows="Your gradients by the chain rule are those that central differences find.",
            run=gradients,
            needs=("half_squared_error", "forward_221", "backward_221", "numerical_gradient"),
            measures="largest difference between the two",
            at_most=1e-6,
            form="{:.2g}",
            hint="Compare one gradient after the other: the first that differs shows the delta that is wrong.",
        ),
        Step(
            "solves-xor",
            shows="Gradient descent finds weights with which two hidden units solve XOR.",
            run=solves_xor,
            needs=("half_squared_error", "forward_221", "backward_221", "gd_step", "train_xor"),
            measures="E_total after training",
            at_most=0.01,
            y="E_total",
            log=True,
            hint="If the curve is flat from the start, check the sign of the step in `gd_step`.",
        ),
        Step(
            "fits-a-curve",
            shows="With enough hidden units, the best output weights draw almost any curve.",
            run=curve_fit,
            needs=("fit_output_weights",),
            measures="largest error of 20 units on sin 3x",
            at_most=0.01,
            form="{:.2g}",
        ),
    ]
)
