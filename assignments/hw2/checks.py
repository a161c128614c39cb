"""hw2: the XOR multi-layer perceptron, its gradients and its training.

Inputs are drawn anew for each seed. Values have two decimals, so that a call can be copied; nothing is drawn at 0,
where some right forms of an activation have a corner.
"""

from __future__ import annotations

import numpy as np

from autograder import (
    Architecture,
    Assignment,
    Case,
    Forbid,
    ForbidLoops,
    Gradients,
    Outputs,
    Require,
    Training,
    Trajectory,
    draw,
)

WEIGHTS = ("w1", "w2", "w3", "w4", "w5", "w6", "b1", "b2", "b3")

# The handout's worked example, and starts from which gradient descent solves XOR (course facts, 4.2).
WORKED = ((0.5, -0.7, 0.9, 0.3, 1.1, 0.8, 0.1, -0.2, 0.4), (1.5, -0.8), 0.9)
STARTS = {
    "start G1": (-0.3, 0.2, -0.2, 0.2, 0.3, -1.0, 0.6, 1.0, 0.0),
    "start G2": (-1.0, 0.7, -0.5, 0.3, 0.0, 0.6, 0.8, 0.8, 0.0),
    "start G3": (0.0, -0.5, -0.9, 0.4, 0.6, 0.1, 0.3, -0.7, 0.1),
}


def named(values):
    """Nine numbers as the parameters of the 2-2-1 network."""
    return dict(zip(WEIGHTS, (float(value) for value in values), strict=True))


# Cases -------------------------------------------------------------------------------------------------------------


def logits(rng):
    return {
        "float64": {"z": draw(rng, 6, high=4)},
        "float32": {"z": draw(rng, 5, high=4).astype(np.float32)},
        "matrix": {"z": draw(rng, 2, 3, high=4)},
        "single number": {"z": draw(rng, high=3)},
        "large": {"z": np.append(draw(rng, 2), [-900.0, -120.0, 95.0, 1e4])},
        "large float32": {"z": np.append(draw(rng, 2), [-1e4, -150.0, -95.0, 90.0, 1e4]).astype(np.float32)},
        "zero": Case({"z": np.append(draw(rng, 2), 0.0)}, gradient=False),  # |z| forms have a corner there: value only
    }


def activations(rng):
    kinds = {name: {"name": name, "z": draw(rng, 2, 3, high=3)} for name in ("sigmoid", "tanh", "relu")}
    return kinds | {
        "linear": Case({"name": "linear", "z": draw(rng, 2, 3)}, trivial=True),
        "relu at 0": {"name": "relu", "z": rng.permutation(np.append(draw(rng, 9), [0.0, -0.5, 0.5]))},
        "sigmoid, |z| = 800": Case({"name": "sigmoid", "z": np.append(draw(rng, 2), [-800.0, 800.0])}, quiet=True),
        "tanh, |z| = 800": Case({"name": "tanh", "z": np.append(draw(rng, 2), [-800.0, 800.0])}, quiet=True),
        "whole numbers": {"name": "tanh", "z": rng.permutation([-2, -1, 1, 2, 3])[:3]},
        "unknown name": Case({"name": "swish", "z": draw(rng, 2)}, raises="ValueError", trivial=True),
    }


def errors(rng):
    f, y = (float(value) for value in draw(rng, 2))
    above, below = (float(value) for value in np.round(rng.uniform(0.3, 3.0, 2), 2))
    above += 0.5 if abs(above + 2 * y - 1) < 0.2 else 0.0  # where f + y is 1, f^2 - y^2 and f - y are the same
    return {
        "too large": {"f": round(y + above, 2), "y": y},
        "too small": {"f": f, "y": round(f + below, 2)},
        "no error": Case({"f": f, "y": f}, trivial=True),
    }


def samples(rng):
    p, x, _ = WORKED
    drawn = {f"sample {i}": {"x": draw(rng, 2), "p": named(draw(rng, 9))} for i in (1, 2, 3)}
    near = np.round(np.array(p) * rng.uniform(0.8, 1.2, 9), 2)  # the handout's example itself is answered in the handout
    return {"near the worked example": {"x": np.round(np.array(x) * rng.uniform(0.8, 1.2, 2), 2), "p": named(near)}} | drawn


def samples_with_cache(rng):
    """As `samples`, with targets and the cache of the forward pass (matrix form of the handout's eq. 1-3)."""
    cases = {}
    for name, case in samples(rng).items():
        x, p = case["x"], case["p"]
        W, b = np.array([p["w1"], p["w2"], p["w3"], p["w4"]]).reshape(2, 2), np.array([p["b1"], p["b2"]])
        h = W @ x + b
        u = np.tanh(h)
        f = u @ np.array([p["w5"], p["w6"]]) + p["b3"]
        cache = dict(zip(("h1", "h2", "u1", "u2", "f"), (float(value) for value in (*h, *u, f)), strict=True))
        y = WORKED[2] if name == "near the worked example" else float(draw(rng))
        cases[name] = {"x": x, "y": y, "p": p, "cache": cache}
    return cases


def points(rng):
    """Points at which to take differences. theta is handed over as a writable copy: restoring it is allowed."""
    return {
        name: Case({"theta": theta, **more}, writable=("theta",))
        for name, theta, more in (
            ("vector", draw(rng, 4), {}),
            ("matrix", draw(rng, 2, 3), {}),
            ("single number", draw(rng), {}),
            ("larger eps", draw(rng, 3), {"eps": 0.05}),
        )
    }


def batches(rng):
    drawn = {name: {"X": draw(rng, n, 2), "Y": draw(rng, n), "p": named(draw(rng, 9))} for name, n in (("batch", 3), ("five rows", 5), ("one row", 1))}
    return drawn | {"no rows": Case({"X": np.zeros((0, 2)), "Y": np.zeros(0), "p": named(draw(rng, 9))}, trivial=True)}


def steps(rng):
    def named_as(*names):
        return dict(zip(names, draw(rng, len(names)).tolist(), strict=True))

    grads = named(draw(rng, 9))
    return {
        "nine parameters": {"params": named(draw(rng, 9)), "grads": grads, "lr": 0.3},
        "small step": {"params": named(draw(rng, 9)), "grads": grads, "lr": 0.01},
        "other names": {"params": named_as("slope", "offset"), "grads": named_as("offset", "slope"), "lr": 0.25},
    }


def near(rng, start):
    """Close enough to a start that solves XOR to solve it too, and on a path of its own."""
    return named(np.round(np.array(start) + rng.uniform(-0.02, 0.02, 9), 3))


def first_epochs(rng):
    drawn = named(draw(rng, 9, high=0.9))
    return (
        {"two epochs": {"params": drawn, "lr": 0.1, "epochs": 2}, "another lr": {"params": drawn, "lr": 0.03, "epochs": 5}}
        | {name: {"params": near(rng, start), "lr": 0.1, "epochs": 9} for name, start in STARTS.items()}
        | {"no epoch": Case({"params": drawn, "lr": 0.1, "epochs": 0}, trivial=True)}
    )


def paths(rng):
    solving = {f"{name}, 500 epochs": {"params": near(rng, start), "lr": 0.1, "epochs": 500} for name, start in STARTS.items()}
    return solving | {"default lr and epochs": {"params": near(rng, STARTS["start G2"])}}


def layers(rng):
    def case(n, d, h, k, dtype=np.float64):
        return {"X": draw(rng, n, d).astype(dtype), "w": draw(rng, h, d + 1).astype(dtype), "v": draw(rng, k, h).astype(dtype)}

    return {
        "float32": case(4, 3, 2, 1, np.float32),  # first, since a call of a few rows is read sooner than one of 24
        "batch": case(24, 2, 4, 3),
        "square": case(3, 2, 3, 3),  # N = d + 1 = H: a missing transpose does not raise
        "one sample": case(1, 2, 3, 2),
        "no samples": Case(case(0, 2, 3, 2), trivial=True),
    }


def curves(rng):
    def case(n, h):
        x = np.linspace(-2, 2, n)
        y = np.sin(2 * x) + 0.5 * rng.normal(size=n)
        w, b = np.linspace(1, 2, h) * rng.choice([-1, 1], h), np.linspace(-2, 2, h) + rng.uniform(-0.2, 0.2, h)
        return {name: np.round(value, 2) for name, value in (("x", x), ("y", y), ("w", w), ("b", b))}

    return {"40 points, 5 units": case(40, 5), "12 points, 3 units": case(12, 3), "more units than points": case(4, 9)}


def networks(rng):
    x = draw(rng, 4, 2).astype(np.float32)
    return {
        "2 hidden units": {"hidden": 2, "activation": "tanh", "seed": 0, "x": x},
        "5 hidden units": {"hidden": 5, "activation": "tanh", "seed": 4, "x": x},
        "relu": {"hidden": 3, "activation": "relu", "seed": 1, "x": x},
        "sigmoid": {"hidden": 4, "activation": "sigmoid", "seed": 2, "x": x},
        "default size and activation": {"seed": 3, "x": x},
    }


def xor_table(rng):
    """8 hidden units learn XOR from every one of 1,000 seeds (course facts, 4.3); 2 would from every other one.

    What is predicted are points near the corners, in another order: their labels stay in the grader. The last two differ, so
    that a row that repeats the one before is wrong.
    """
    X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=np.float32)
    y = np.array([[0], [1], [1], [0]], dtype=np.float32)
    some = rng.permutation(np.append(np.arange(4), rng.integers(0, 4, 14)))
    corners = np.append(some, rng.permutation([1, 3]))
    near = (X[corners] + np.round(rng.uniform(-0.05, 0.05, (20, 2)), 3)).astype(np.float32)
    return {"8 hidden units": {"hidden": 8, "seed": int(rng.integers(100)), "X": X, "y": y, "X_test": near, "y_test": y[corners]}}


# Calls that need more than the function's arguments; they run in the worker ------------------------------------------


ROUNDING = 1e-9  # what += eps, -= 2 * eps and += eps may leave of a coordinate


def differences(module, theta, **eps):
    """The gradient of a function with mixed second and third derivatives, and how many coordinates moved at once."""
    weights = np.arange(1.0, theta.size + 1).reshape(theta.shape)
    moved, distances = [], []

    def fn(at):
        at = np.asarray(at, dtype=float)
        moved.append(int(np.sum(np.abs(at - start) > ROUNDING)))
        distances.append(float(np.max(np.abs(at - start))))
        return float(np.sum(weights * at**3) + np.sum(at) ** 2)

    start = theta.copy()
    gradient = module.numerical_gradient(fn, theta, **eps)
    return {
        "gradient": gradient,
        "coordinates moved at once": max(moved, default=0),
        "how far a coordinate is moved": float(np.round(max(distances, default=0.0), 9)),
    }


def predictions(v, x, y, w, b):
    """What the output weights v predict at x; and, where many weights predict the same, how long v is."""
    predicted = np.tanh(np.outer(x, w) + b) @ v
    return np.append(predicted, np.linalg.norm(v)) if len(w) > len(x) else predicted


def nine_floats(module, **inputs):
    """The gradients, of which none may be left a tensor: one that is comes back as this text."""
    import tensorflow as tf

    found = module.tape_gradients_221(**inputs)
    if not isinstance(found, dict):
        return found
    return {name: "a TensorFlow tensor" if tf.is_tensor(value) else value for name, value in found.items()}


ACTIVATIONS = (
    "keras.activations", "keras.ops.sigmoid", "tf.sigmoid", "tf.nn.sigmoid", "tf.math.sigmoid",
    "tf.math.log_sigmoid", "tf.nn.silu", "tf.nn.swish",  # from which it is one step: exp(log_sigmoid(z)), silu(z) / z
)  # fmt: skip

# In each epoch at least one call of each, and not one before a loop that does without them.
PARTS = tuple(
    Require(name, times="epochs", why="the loop is made of the functions above it")
    for name in ("forward_221", "backward_221", "gd_step")
)

assignment = Assignment(
    title="The XOR network",
    files=["xor_mlp.py"],
    imports=("tensorflow", "keras"),
    checks=[
        Outputs(
            "forward_221", on=samples, points=14, extras=True, rtol=1e-7, order=("h1", "h2", "u1", "u2", "f"),
            hint="Compare with the worked example of the handout, entry by entry (eq. 1-3).",
            why="the network as numbers, from left to right",
        ),
        Outputs(
            "half_squared_error", on=errors, points=4,
            hint="Its derivative with respect to f has to be f - y (handout, eq. 4).",
            why="what is to become small",
        ),
        Outputs(
            "backward_221", on=samples_with_cache, points=24, returns=("grads", "deltas"), order=("deltas", "grads"),
            rtol=1e-7, atol=1e-12,
            rules=(
                Forbid("GradientTape", "numerical_gradient", "tf.gradients", why="write the chain rule out by hand"),
            ),
            hint="Go back one arrow of the figure at a time: what does the next quantity multiply? (eq. 5-12)",
            why="the chain rule, one arrow at a time",
            levels=(
                "Begin at E and go back one circle at a time. Into which circle does this one lead, and how steep is the arrow "
                "between them?",
                "Chain rule: the delta at the head of the arrow times the slope along it (eq. 5-9). A weight's gradient is "
                "the delta at the end of its arrow times the value at its start (eq. 10-12). You need the slope of tanh: "
                "differentiate sinh/cosh.",
                "d1 = dE/df = f - y;  d2 = dE/du1 = d1 w5;  d3 = dE/du2 = d1 w6;  d4 = dE/dh1 = d2 (1 - tanh^2 h1);  d5 = "
                "dE/dh2 = d3 (1 - tanh^2 h2);  dE/db3 = d1, dE/dw5 = d1 u1, dE/dw6 = d1 u2, dE/db1 = d4, dE/dw1 = d4 x1, "
                "dE/dw2 = d4 x2, dE/db2 = d5, dE/dw3 = d5 x1, dE/dw4 = d5 x2.",
            ),
        ),
        Outputs(
            "numerical_gradient", on=points, points=10, call=differences, rtol=1e-6,
            see="numerical_gradient(lambda t: float(np.sum(t**3)), {theta}{eps=})",
            hint="Move one coordinate to either side, then put it back (eq. 13).",
            why="how you find out that a gradient is right",
            levels=(
                "Draw fn over one coordinate. Which straight line through two points of the curve is most like the tangent "
                "in the middle?",
                "Write the Taylor series of fn at theta + eps e_i and at theta - eps e_i, and subtract them. Which terms are "
                "gone? Divide so that g_i is left (eq. 13).",
                "g_i = (fn(theta + eps e_i) - fn(theta - eps e_i)) / (2 eps).",
            ),
        ),
        Outputs(
            "gd_step", on=steps, points=6, rtol=1e-9,
            hint="Against the gradient, every parameter, in a new dict (eq. 14).",
            why="one step downhill",
        ),
        Trajectory(
            "train_xor", on=first_epochs, points=13, returns=("params", "history"), path="history",
            depends=("half_squared_error", "forward_221", "backward_221", "gd_step"),
            rules=PARTS,
            hint="history[0] shows how the error is summed, history[1] which gradient moved the parameters.",
            why="the steps that solve XOR",
        ),
        Trajectory(
            "train_xor", on=paths, points=5, label="path", returns=("params", "history"), path="history",
            depends=("half_squared_error", "forward_221", "backward_221", "gd_step"),
            rules=PARTS,
            hint="The first epochs are asked above; if they are right, look at what an epoch leaves behind for the next.",
        ),
        Gradients(
            "mlp_forward", wrt=("X", "w", "v"), on=layers, points=12,
            rules=(Forbid("keras.layers", "tf.map_fn", "tf.vectorized_map", why="use matrix products"), ForbidLoops("X", why="use matrix products")),
            hint="Write the shapes beside each product: (N, d+1), (d+1, H), (H, K) (eq. 15).",
            why="the same for any number of units, as matrices",
        ),
        Architecture(
            "build_xor_mlp", on=networks, points=9, seeded=True,
            hint="Compare build_xor_mlp(2).summary() with the handout: 9 parameters, sigmoid at the end.",
            why="the same with a library",
        ),
        Training(
            "build_xor_mlp", on=xor_table, points=3, steps=500, learning_rate=0.5, momentum=0.9,
            loss="binary_crossentropy", accuracy=1.0,
            hint="A network that cannot bend its border cannot learn XOR: look at the hidden activation and the start.",
        ),
        Outputs(
            "tape_gradients_221", on=batches, points=5, stretch=True, imports=("tensorflow",), call=nine_floats, see="tape_gradients_221({X}, {Y}, {p})", rtol=1e-7, atol=1e-12,
            rules=(Require("GradientTape"),),
            hint="Everything from the variables to the summed error belongs inside the tape (eq. 16).",
            why="the same nine gradients by a tool",
        ),
        Gradients(
            "sigmoid", wrt=("z",), on=logits, points=4, stretch=True, atol=1e-8,
            rules=(Forbid(*ACTIVATIONS, "keras.layers", why="write it with tf.exp or tf.tanh"),),
            hint="For large |z| look at the gradient as well as at the value: tanh does not overflow (handout, eq. 17).",
            why="a numerical refinement: no overflow in the gradient",
        ),
        Outputs(
            "activation_derivative", on=activations, points=4, stretch=True,
            hint="z is the input of the activation, not its output (handout, eq. 18).",
            why="the slope of tanh again, and three more",
            levels=(
                "Can you write each slope with the value of the activation itself?",
                "Differentiate 1 / (1 + e^-z) and sinh(z) / cosh(z) with the quotient rule, and sort for the function you "
                "began with (eq. 18).",
                "\"sigmoid\": s(1-s), s = sigma(z); \"tanh\": 1 - tanh(z)^2; \"relu\": 1 if z > 0 else 0; \"linear\": 1.",
            ),
        ),
        Outputs(
            "fit_output_weights", on=curves, points=5, stretch=True, through=predictions, rtol=1e-6, atol=1e-9,
            hint="Make the matrix of all u: column i is tanh(w_i x + b_i), with one row for each x (eq. 19).",
            why="an application: least squares in a network",
        ),
    ],
)  # fmt: skip
