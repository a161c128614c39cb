"""Figure 5: how often a small network learns XOR (lecture block "Gradient Descent": where to start).

The numbers were measured by `measure` below, 1,000 random starts for each, and are kept here because measuring all of them
takes ten seconds. `python -m dlkit.figures.f05_xor_success_rate` measures them again and prints them in this form.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from dlkit.figures.style import BLACK, BLUE, GREY, ORANGE, canvas, styled

Array = NDArray[np.float64]
STARTS = 1000

# The slide's 2-2-1 network (tanh, linear output, E = 1/2 (f - y)^2, mean gradient): starts that learned XOR, of 1,000,
# after each number of epochs; by learning rate, from Glorot starts; the last from normal starts with
# standard deviation 0.01.
EPOCHS = (50, 100, 200, 500, 1000, 2000, 5000)
BY_EPOCH: dict[str, tuple[int, ...]] = {
    "rate 0.1": (18, 60, 169, 501, 737, 809, 858),
    "rate 0.3": (102, 295, 563, 787, 835, 866, 894),
    "rate 1": (202, 412, 710, 823, 848, 871, 896),
    "rate 0.3, start near 0": (0, 0, 0, 0, 0, 0, 0),
}

# A sigmoid output and binary cross-entropy, momentum 0.9, 500 epochs; learning rate 0.5 (ReLU: 0.1): by hidden units.
HIDDEN = (1, 2, 3, 4, 6, 8)
BY_HIDDEN: dict[str, tuple[int, ...]] = {
    "tanh": (0, 560, 927, 992, 1000, 1000),
    "sigmoid": (0, 747, 983, 1000, 1000, 1000),
    "relu": (0, 195, 400, 578, 794, 903),
}

ACTIVATIONS: dict[str, tuple[Callable[[Array], Array], Callable[[Array], Array]]] = {  # value; slope, from the value
    "tanh": (np.tanh, lambda u: 1 - u**2),
    "sigmoid": (lambda z: 0.5 * (1 + np.tanh(z / 2)), lambda u: u * (1 - u)),
    "relu": (lambda z: np.maximum(z, 0), lambda u: (u > 0).astype(float)),
}


@styled
def xor_success_rate() -> Figure:
    """Left: the slide's network, by epochs. Right: by hidden units, for three activations."""
    figure, (left, right) = canvas(9.6, 4.6, 1, 2, sharey=True)
    looks = ((ORANGE, "--", "s"), (BLUE, "-", "o"), (BLACK, ":", "^"), (GREY, "-.", "D"))
    for (label, counts), (colour, dash, marker) in zip(BY_EPOCH.items(), looks, strict=False):
        left.plot(EPOCHS, np.array(counts) / STARTS, color=colour, linestyle=dash, marker=marker, label=label)
    left.set_xscale("log")
    left.set_xticks(EPOCHS, [f"{n:,}" for n in EPOCHS], rotation=45)
    left.minorticks_off()
    left.set_xlabel("epochs")
    left.set_ylabel("share of 1,000 starts")
    left.set_ylim(-0.04, 1.06)
    left.legend(loc="lower right", bbox_to_anchor=(1.02, 0.06))
    best = max(counts[-1] for counts in BY_EPOCH.values())
    left.set_title(f"The 2-2-1 network: at most {best / STARTS:.0%}\nafter {EPOCHS[-1]:,} epochs")
    for (label, counts), (colour, dash, marker) in zip(BY_HIDDEN.items(), looks, strict=False):
        right.plot(HIDDEN, np.array(counts) / STARTS, color=colour, linestyle=dash, marker=marker, label=label)
    right.set_xticks(HIDDEN)
    right.set_xlabel("hidden units")
    right.legend(loc="lower right")
    tanh = dict(zip(HIDDEN, BY_HIDDEN["tanh"], strict=True))
    right.set_title(
        f"tanh, 500 epochs: 2 units {tanh[2] / STARTS:.0%},\n3 units {tanh[3] / STARTS:.0%}, 8 units {tanh[8] / STARTS:.0%}"
    )
    figure.suptitle("Share of random starts from which XOR is learned (4 of 4 rows right)")
    return figure


def measure(
    hidden: int = 2,
    activation: str = "tanh",
    output: str = "linear",
    lr: float = 0.3,
    momentum: float = 0.0,
    at: tuple[int, ...] = (500,),
    scale: float | None = None,
    starts: int = STARTS,
) -> tuple[int, ...]:
    """How many of `starts` networks, trained side by side, get all four rows of XOR right after each epoch in `at`.

    Args:
        hidden: number of hidden units.
        activation: of the hidden units, a key of ACTIVATIONS.
        output: "linear" with half the squared error, or "sigmoid" with binary cross-entropy. Either way dE/df = f - y.
        lr: learning rate, for the gradient's mean over the four rows.
        momentum: 0 for plain gradient descent.
        at: numbers of epochs, rising.
        scale: standard deviation of normal starts; by default Glorot's uniform start, biases 0.
        starts: number of networks; number i starts from seed i.
    """
    act, slope = ACTIVATIONS[activation]
    X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    y = np.array([0.0, 1.0, 1.0, 0.0])
    rngs = [np.random.default_rng(seed) for seed in range(starts)]
    a, c = np.sqrt(6 / (2 + hidden)), np.sqrt(6 / (hidden + 1))
    if scale is None:
        W = np.stack([rng.uniform(-a, a, (2, hidden)) for rng in rngs])  # (S, 2, H)
        v = np.stack([rng.uniform(-c, c, hidden) for rng in rngs])  # (S, H)
    else:
        W = np.stack([rng.normal(0, scale, (2, hidden)) for rng in rngs])
        v = np.stack([rng.normal(0, scale, hidden) for rng in rngs])
    b, e = np.zeros((starts, 1, hidden)), np.zeros((starts, 1))
    parameters = [W, b, v, e]
    velocities = [np.zeros_like(p) for p in parameters]
    solved = []
    for epoch in range(max(at) + 1):
        u = act(X @ W + b)  # (4, 2) @ (S, 2, H) -> (S, 4, H)
        f = np.einsum("snh,sh->sn", u, v) + e  # (S, 4)
        if epoch in at:
            solved.append(int(np.sum(np.all((f > (0.5 if output == "linear" else 0.0)) == (y > 0.5), axis=1))))
        if output == "sigmoid":
            f = 0.5 * (1 + np.tanh(f / 2))
        df = (f - y) / 4  # (S, 4): the gradient's mean over the rows
        dh = df[..., None] * v[:, None, :] * slope(u)  # (S, 4, H)
        gradients = [X.T @ dh, dh.sum(1, keepdims=True), np.einsum("sn,snh->sh", df, u), df.sum(1, keepdims=True)]
        for p, velocity, gradient in zip(parameters, velocities, gradients, strict=True):
            velocity *= momentum
            velocity += lr * gradient
            p -= velocity
    return tuple(solved)


def main() -> None:
    """Measure the table above again and print it."""
    print("BY_EPOCH = {")
    for label, options in {
        "rate 0.1": {"lr": 0.1},
        "rate 0.3": {"lr": 0.3},
        "rate 1": {"lr": 1.0},
        "rate 0.3, start near 0": {"lr": 0.3, "scale": 0.01},
    }.items():
        print(f'    "{label}": {measure(at=EPOCHS, **options)},', flush=True)  # type: ignore[arg-type]
    print("}\nBY_HIDDEN = {")
    for activation in ACTIVATIONS:
        lr = 0.1 if activation == "relu" else 0.5
        counts = [measure(hidden, activation, "sigmoid", lr, 0.9)[0] for hidden in HIDDEN]
        print(f'    "{activation}": {tuple(counts)},', flush=True)
    print("}")


if __name__ == "__main__":
    main()
