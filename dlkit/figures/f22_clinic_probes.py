"""Figure 22: a second look at the ten programs of hw7: gradients, units and answers.

It runs each program once, and one of them forty times: about 5 seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dlkit import datasets
from dlkit.figures.style import BLACK, BLUE, LIGHT, ORANGE, canvas, styled

LARGEST = 1e6
DRAWS = 40
ODD = (0, 5, 10, 20, 40)


@styled
def clinic_probes(clinic: ModuleType, progress: Callable[[str], None] | None = None) -> Figure:
    """One panel for each program: the size of its gradient, or what else tells how it works.

    Args:
        clinic: a module with hw7's ten programs.
        progress: called with a line after each program.
    """
    tell = progress or (lambda line: None)
    figure, axes = canvas(9.6, 15.0, 5, 2)
    probes: dict[str, Callable[[Axes, ModuleType], str]] = {
        "price_flats": lambda ax, module: _gradient(ax, module, "price_flats"),
        "trace_wave": lambda ax, module: _gradient(ax, module, "trace_wave"),
        "sort_wines": _columns,
        "read_signs": lambda ax, module: _gradient(ax, module, "read_signs"),
        "screen_patients": _shares,
        "grade_apples": _one_apple,
        "filter_letters": _coins,
        "spot_beams": _awake,
        "sort_stamps": lambda ax, module: _gradient(ax, module, "sort_stamps"),
        "read_sensors": _scaled,
    }
    for number, (ax, (name, probe)) in enumerate(zip(axes, probes.items(), strict=True), 1):
        with np.errstate(all="ignore"):
            what = probe(ax, clinic)
        ax.set_title(f"{number}. {name}: {what}")
        tell(f"{number} of {len(probes)}: {name}")
    figure.suptitle("A second look at the ten programs")
    return figure


def _gradient(ax: Axes, clinic: ModuleType, name: str) -> str:
    """The norm of the gradient at each step, as the program's own chart has it."""
    X, X_new, y, _ = datasets.clinic(name)
    sizes = np.asarray(getattr(clinic, name)(X, y, X_new)["gradient"], float)
    sizes = np.where(np.isfinite(sizes), np.minimum(sizes, LARGEST), LARGEST)
    if sizes.max() >= LARGEST:
        sizes = sizes[: int(np.argmax(sizes >= LARGEST)) + 1]
        ax.set_yscale("log")
    else:
        ax.set_ylim(0, 1.1 * sizes.max())
    ax.plot(np.arange(1, len(sizes) + 1), sizes, color=BLUE, linestyle="-", marker="o" if len(sizes) < 30 else "")
    ax.set_xlabel("epoch" if name == "read_signs" else "step")
    ax.set_ylabel("norm of the gradient")
    return "size of the gradient"


def _columns(ax: Axes, clinic: ModuleType) -> str:
    """How much of the first gradient belongs to each column of the data as it comes."""
    X, _, y, _ = datasets.clinic("sort_wines")
    slopes = X.T @ (np.full((len(y), 3), 1 / 3) - np.eye(3)[y]) / len(y)
    ax.bar(np.arange(X.shape[1]), np.linalg.norm(slopes, axis=1), color=BLUE, edgecolor=BLACK)
    ax.set_yscale("log")
    ax.set_xticks(np.arange(X.shape[1]), ["alcohol", "acid", "magnes.", "proline"])
    ax.set_ylabel("size of the slope")
    return "the first gradient"


def _shares(ax: Axes, clinic: ModuleType) -> str:
    """Whom it gets right, of each group."""
    X, X_new, y, y_new = datasets.clinic("screen_patients")
    right = clinic.screen_patients(X, y, X_new)["predictions"] == y_new
    shares = [right[y_new == group].mean() for group in (0, 1)]
    ax.bar([0, 1], shares, color=[LIGHT, ORANGE], edgecolor=BLACK, hatch="//")
    for place, share in enumerate(shares):
        ax.text(place, share / 2, f"{share:.0%}", ha="center", bbox={"facecolor": "white", "edgecolor": "none"})
    ax.set_xticks([0, 1], ["healthy, let go", "ill, called"])
    ax.set_ylim(0, 1.05)
    ax.set_ylabel("share of right answers")
    return "who is right"


def _one_apple(ax: Axes, clinic: ModuleType) -> str:
    """How far one and the same apple is from both centres, with odd apples in the box."""
    X, X_new, y, _ = datasets.clinic("grade_apples")
    rng = np.random.default_rng(0)
    odd = np.column_stack([rng.uniform(150, 210, max(ODD)), rng.uniform(300, 900, max(ODD))])
    boxes = [np.vstack([X_new, odd[:count]]) for count in ODD]
    all_seen = np.array([clinic.grade_apples(X, y, box)["distances"][: len(X_new)] for box in boxes])
    moved = np.flatnonzero(all_seen[0].argmin(axis=1) != all_seen[-1].argmin(axis=1))
    seen = all_seen[:, moved[0] if len(moved) else 0]  # an apple that gets another sort, if there is one
    ax.plot(ODD, seen[:, 0], color=BLUE, linestyle="-", marker="o", label="to sort 0")
    ax.plot(ODD, seen[:, 1], color=ORANGE, linestyle="--", marker="s", label="to sort 1")
    ax.set_xlabel("odd apples in the same box")
    ax.set_ylabel("distance of one apple")
    ax.set_ylim(bottom=0)
    ax.legend(loc="best")
    return "one apple"


def _coins(ax: Axes, clinic: ModuleType) -> str:
    """The accuracy in its report where all labels are tosses of a coin, so that nothing can be learned."""
    reported = []
    for seed in range(DRAWS):
        X, X_test, y, y_test = datasets.clinic("filter_letters", seed=seed)
        rng = np.random.default_rng([seed, 1])  # not the generator of the data, whose first numbers are the labels
        coins, test_coins = rng.integers(2, size=len(y)), rng.integers(2, size=len(y_test))
        reported.append(clinic.filter_letters(X, coins, X_test, test_coins)["accuracy"])
    counts, _, _ = ax.hist(reported, bins=np.linspace(0.4, 0.65, 26).tolist(), color=BLUE, edgecolor=BLACK)
    ax.set_ylim(0, 1.5 * float(np.max(counts)))
    ax.axvline(0.5, color=BLACK, linestyle=":", label="a guess")
    ax.axvline(np.mean(reported), color=ORANGE, linestyle="--", label="mean of its reports")
    ax.set_xlabel("accuracy in its report")
    ax.set_ylabel(f"of {DRAWS} runs")
    ax.legend(loc="upper left")
    return "labels by coin"


def _awake(ax: Axes, clinic: ModuleType) -> str:
    """The share of units of each hidden layer that are above 0 for some point."""
    X, X_new, y, _ = datasets.clinic("spot_beams")
    model = clinic.spot_beams(X, y)["model"]
    found, shares = X_new.astype(np.float32), []
    for layer in model.layers[:-1]:
        found = layer(found)
        shares.append(float(np.mean((np.asarray(found) > 0).any(axis=0))))
    ax.bar(np.arange(len(shares)), shares, color=BLUE, edgecolor=BLACK)
    for place, share in enumerate(shares):
        ax.text(place, share + 0.03, f"{share:.0%}", ha="center")
    ax.set_xticks(np.arange(len(shares)), [f"hidden layer {place + 1}" for place in range(len(shares))])
    ax.set_ylim(0, 1.15)
    ax.set_ylabel("share above 0 somewhere")
    return "its units"


def _scaled(ax: Axes, clinic: ModuleType) -> str:
    """The mean of each sensor, and the mean that the first layer remembers of it."""
    X, _, y, _ = datasets.clinic("read_sensors")
    layer = clinic.read_sensors(X, y)["model"].layers[0]
    remembered = np.ravel(getattr(layer, "moving_mean", getattr(layer, "mean", np.zeros(X.shape[1]))))
    places = np.arange(X.shape[1])
    ax.bar(places - 0.2, X.mean(axis=0), 0.4, color=LIGHT, edgecolor=BLACK, label="of the sensor")
    ax.bar(places + 0.2, remembered, 0.4, color=ORANGE, edgecolor=BLACK, hatch="//", label="in the first layer")
    ax.set_xlabel("sensor")
    ax.set_ylabel("mean")
    ax.set_ylim(-5, 130)
    ax.legend(loc="upper right")
    return "two means"
