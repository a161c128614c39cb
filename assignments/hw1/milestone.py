"""hw1: what shows that the perceptron learns what a line can separate, and nothing else."""

import numpy as np

from autograder import Learned, Milestone, Plane, Step
from dlkit import datasets

AND, OR, XOR = np.array([0, 0, 0, 1]), np.array([0, 1, 1, 1]), np.array([0, 1, 1, 0])
SIDE = np.linspace(-0.5, 1.5, 41)
NOISE = 0.1  # its standard deviation
GRID = np.stack(np.meshgrid(SIDE, SIDE), axis=-1).reshape(-1, 2)


def gates(hw1):
    """Train on AND and on OR; the mistakes of the last epoch, both together."""
    curves = {}
    pictures = []
    for name, y in (("AND", AND), ("OR", OR)):
        w, curves[name] = hw1.train_perceptron(hw1.AND_X, y)
        classes = hw1.perceptron_predict(GRID, w[1:], w[0]).reshape(SIDE.size, SIDE.size)
        pictures.append(Plane(f"what it learned of {name}", SIDE, SIDE, classes, hw1.AND_X, y))
    for epoch in range(max(map(len, curves.values()))):
        yield epoch + 1, {name: mistakes[epoch] for name, mistakes in curves.items() if epoch < len(mistakes)}
    return Learned(sum(mistakes[-1] for mistakes in curves.values()), pictures)


def stuck(hw1):
    """Train on XOR; the fewest mistakes in any epoch."""
    _, mistakes = hw1.train_perceptron(hw1.AND_X, XOR, max_epochs=50)
    for epoch, wrong in enumerate(mistakes, 1):
        yield epoch, {"XOR": wrong}
    return min(mistakes)


def two_layers(hw1):
    """How many of the four rows of XOR two layers of perceptrons get right."""
    classes = hw1.xor_from_gates((GRID > 0.5).astype(float)).reshape(SIDE.size, SIDE.size)
    plane = Plane("what three perceptrons say, inputs rounded", SIDE, SIDE, classes, hw1.AND_X, XOR)
    return Learned(int(np.sum(hw1.xor_from_gates(hw1.AND_X) == XOR)), [plane])


def clouds(hw1):
    """Two clouds of points: the share of new points that is on the right side of the learned line."""
    X_train, X_test, y_train, y_test = datasets.blobs(distance=3.0)
    w, mistakes = hw1.train_perceptron(X_train, y_train, max_epochs=30)
    for epoch, wrong in enumerate(mistakes, 1):
        yield epoch, {"mistakes in training": wrong}
    side = np.linspace(-4, 4, 41)
    points = np.array([(across, up) for up in side for across in side])
    classes = hw1.perceptron_predict(points, w[1:], w[0]).reshape(side.size, side.size)
    plane = Plane("the learned line, and new points", side, side, classes, X_test, y_test)
    return Learned(float(np.mean(hw1.perceptron_predict(X_test, w[1:], w[0]) == y_test)), [plane])


def line(hw1):
    """Fit a line to noisy points; its error on new ones, per variance of the noise. The true line would have about 1."""
    rng = np.random.default_rng(0)
    x = rng.uniform(-1, 1, size=(120, 1))
    y = 2 * x[:, 0] - 1 + NOISE * rng.normal(size=120)
    w, b = hw1.linear_regression_fit(x[:60], y[:60])
    return float(np.mean((x[60:] @ w + b - y[60:]) ** 2) / NOISE**2)


milestone = Milestone(
    [
        Step(
            "learns-and-or",
            shows="The learning rule finds a line for AND and one for OR.",
            run=gates,
            needs=("perceptron_predict", "train_perceptron"),
            measures="mistakes in the last epochs of both",
            at_most=0,
            form="{:g}",
            y="mistakes on 4 rows",
            hint="If the mistakes never reach 0, check the sign of y - yhat in `perceptron_step`.",
        ),
        Step(
            "stuck-on-xor",
            shows="On XOR it makes mistakes for ever: no line separates the two classes.",
            run=stuck,
            needs=("train_perceptron",),
            measures="fewest mistakes in one of 50 epochs",
            at_least=1,
            form="{:g}",
            y="mistakes on 4 rows",
            hint="An epoch without a mistake on XOR is impossible. Check how mistakes are counted.",
        ),
        Step(
            "two-layers-do",
            shows="Two layers of perceptrons compute XOR, with weights chosen by hand.",
            run=two_layers,
            needs=("gate_weights", "xor_from_gates"),
            measures="rows of XOR that are right, of 4",
            at_least=4,
            form="{:g}",
        ),
        Step(
            "separates-clouds",
            shows="The line that it finds is right about points that it has not seen.",
            run=clouds,
            needs=("perceptron_predict", "train_perceptron"),
            measures="share of new points that are right",
            at_least=0.95,
            form="{:.1%}",
            y="mistakes in training",
        ),
        Step(
            "fits-a-line",
            shows="Least squares finds the line behind noisy points; what is left is the noise.",
            run=line,
            needs=("linear_regression_fit",),
            measures="error on new points, per variance of the noise",
            at_most=1.5,
            form="{:.2f}",
            hint="1 is what the noise alone costs. Draw your line: is it too steep, too flat, too high or too low?",
        ),
    ]
)
