"""What a loss curve shows: it is not finite, grows, jumps, hardly moves, or leaves the validation behind.

The signs follow those that UMLAUT (Schoop et al., CHI 2021) and AutoTrainer (Zhang et al., ICSE 2021) watch for; the numbers
at which we speak are our own.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from autograder.symptoms.symptom import Floats, Symptom, floats, number, percent

FEW = 5  # losses, below which a curve has no shape
GROWN = 2.0  # times the first loss
TURNS = 0.4  # of the steps on which a smooth curve may turn
SLIGHT = 0.1  # of the loss, that is hardly any progress
SWING = 0.25  # of the loss, from one epoch to the next
BIG_STEP = 0.2  # of the weights' size, in one update
FORGETS = 1.5  # times the best validation loss


def not_finite(losses: ArrayLike, what: str = "the loss") -> Symptom | None:
    """The loss, or a weight, becomes nan or infinite.

    Args:
        losses: one for each epoch or step, shape (n,).
        what: what the numbers are.
    """
    curve = floats(losses).reshape(-1)
    bad = np.flatnonzero(~np.isfinite(curve))
    if not bad.size:
        return None
    first = int(bad[0])
    before = f" after {number(curve[first - 1])}" if first else ""
    return Symptom(
        "loss-not-finite",
        f"{what} becomes {curve[first]}{before}, at number {first + 1} of {len(curve)}",
        {"first": first + 1, "losses": len(curve)},
    )


def diverges(losses: ArrayLike) -> Symptom | None:
    """The loss grows: it ends far above where it began, or leaps by orders of magnitude first.

    Args:
        losses: one for each epoch or step, shape (n,), finite.
    """
    curve = _finite(losses)
    if len(curve) < 3 or curve[0] <= 0:
        return None
    third = max(1, len(curve) // 3)
    start, end, peak = curve[0], float(np.median(curve[-third:])), float(curve.max())
    if end > GROWN * start:
        sentence = f"the loss grows: it begins at {number(start)} and ends near {number(end)}"
    elif peak > 100 * start and end > 0.2 * start:
        sentence = f"the loss leaps from {number(start)} to {number(peak)} before it comes back"
    else:
        return None
    return Symptom("learning-rate-too-high", sentence, {"start": start, "end": end, "peak": peak})


def oscillates(losses: ArrayLike, ordinary: float = SWING) -> Symptom | None:
    """The loss jumps up and down, by a large part of itself, and gets nowhere.

    Args:
        losses: one for each epoch, or means over a few steps, shape (n,).
        ordinary: how large a part is still ordinary; single batches jump more than epochs.
    """
    curve = _finite(losses)
    if len(curve) < 2 * FEW:
        return None
    tail = curve[len(curve) // 3 :]
    level = float(np.median(tail))
    steps = np.diff(tail)
    turns = float((np.sign(steps[1:]) * np.sign(steps[:-1]) < 0).mean())
    swing = float(np.median(np.abs(steps))) / level if level > 0 else 0.0
    stuck = level > 0.3 * curve[0] and float(tail[-3:].mean()) > 0.6 * float(tail[:3].mean())
    if turns < TURNS or swing < ordinary or not stuck:
        return None
    return Symptom(
        "learning-rate-too-high",
        f"the loss jumps by {percent(swing)} of itself from one to the next and stays near {number(level)}",
        {"turns": turns, "swing": swing, "level": level},
    )


def steps_too_big(update_sizes: ArrayLike, weight_sizes: ArrayLike, losses: ArrayLike) -> Symptom | None:
    """Each update changes the weights by a large part of their size, and the loss does not fall.

        |W_{t+1} - W_t| / |W_t|

    Args:
        update_sizes: the norm of each update, shape (n,).
        weight_sizes: the norm of the weights before it, shape (n,).
        losses: shape (m,).
    """
    curve, sizes, weights = _finite(losses), floats(update_sizes).reshape(-1), floats(weight_sizes).reshape(-1)
    ratios = sizes[: len(weights)] / np.maximum(weights[: len(sizes)], 1e-12)
    if len(curve) < 3 or not ratios.size or not np.isfinite(ratios).all():
        return None
    typical = float(np.median(ratios))
    third = max(1, len(curve) // 3)
    if typical < BIG_STEP or np.median(curve[-third:]) < 0.7 * curve[0]:
        return None
    return Symptom(
        "learning-rate-too-high",
        f"an update changes the weights by {percent(typical)} of their size, and the loss does not fall",
        {"update ratio": typical, "start": float(curve[0]), "end": float(curve[-1])},
    )


def hardly_moves(losses: ArrayLike, baseline: float | None = None) -> Symptom | None:
    """The loss falls steadily, and so slowly that it would need hundreds of times as long.

    Args:
        losses: one for each epoch, or means over a few steps, shape (n,).
        baseline: the loss of the best constant answer, if it is known; a loss far below it has learnt.
    """
    curve = _finite(losses)
    if len(curve) < FEW or curve[0] <= 0:
        return None
    fall = (curve[0] - curve[-1]) / curve[0]
    half = len(curve) // 2
    early, late = curve[0] - curve[half], curve[half] - curve[-1]
    steady = early > 0 and late >= 0.5 * early * (len(curve) - 1 - half) / half
    down = float((np.diff(curve) < 0).mean())
    if not (0 < fall < SLIGHT and steady and down >= 0.7):
        return None
    if baseline is not None and curve[-1] < 0.5 * baseline:
        return None
    return Symptom(
        "learning-rate-too-low",
        f"the loss falls steadily but hardly at all: from {curve[0]:.5g} to {curve[-1]:.5g}, by {percent(fall)}",
        {"start": float(curve[0]), "end": float(curve[-1]), "fall": float(fall), "steady": down},
    )


def better_rate(ends: ArrayLike, rates: ArrayLike, used: float, start: float) -> Symptom | None:
    """The same steps from the same weights, with another learning rate, get much further.

    Args:
        ends: the loss after these steps for each rate, shape (n,); nan where it diverged.
        rates: the learning rates, shape (n,).
        used: the program's own rate, one of `rates`.
        start: the loss before the first step.
    """
    after, tried = floats(ends).reshape(-1), floats(rates).reshape(-1)
    if len(after) != len(tried) or not (np.isfinite(start) and start > 0):
        return None
    own = np.flatnonzero(np.isclose(tried, used))
    if not own.size or not np.isfinite(after).any():
        return None
    mine, best = after[own[0]], int(np.nanargmin(np.where(np.isfinite(after), after, np.inf)))
    gained = (start - after[best]) / start
    mine_gained = (start - mine) / start if np.isfinite(mine) else -np.inf
    if gained < 0.2 or mine_gained > 0.25 * gained or best == own[0]:
        return None
    name = "learning-rate-too-high" if tried[best] < used else "learning-rate-too-low"
    reached = number(mine) if np.isfinite(mine) else "nan"
    return Symptom(
        name,
        f"the learning rate is {number(used)}: the same first steps take the loss from {number(start)} to {reached}, "
        f"and with {number(tried[best])} to {number(after[best])}",
        {"rate": used, "better rate": float(tried[best]), "loss": float(mine), "better loss": float(after[best])},
    )


def no_better_than_guessing(losses: ArrayLike, baseline: float) -> Symptom | None:
    """The training loss ends where the best constant answer is.

    Args:
        losses: one for each epoch, shape (n,).
        baseline: the loss of that answer (see `guessing_loss`).
    """
    curve = _finite(losses)
    if len(curve) < FEW or baseline <= 0:
        return None
    end, middle = float(np.median(curve[-3:])), float(curve[len(curve) // 2])
    if end < 0.93 * baseline or middle - end > 0.02 * baseline:  # it has learnt, or is on its way
        return None
    return Symptom(
        "learns-nothing",
        f"after {len(curve)} epochs the training loss is {number(end)}; always giving the same answer has {number(baseline)}",
        {"end": end, "baseline": baseline},
    )


def overfits(train: ArrayLike, validation: ArrayLike) -> Symptom | None:
    """The validation loss has been rising for long while the training loss falls.

    Args:
        train: training losses, shape (n,).
        validation: validation losses of the same epochs, shape (n,).
    """
    ours, theirs = _finite(train), _finite(validation)
    if len(theirs) < 2 * FEW or len(ours) != len(theirs):
        return None
    best = int(theirs.argmin())
    end, lowest = float(np.median(theirs[-3:])), float(theirs[best])
    rising = end > FORGETS * lowest and best < 0.7 * len(theirs)
    if not (rising and ours[-1] < 0.8 * ours[best] and end > 2 * ours[-1] and end - lowest > 0.1):
        return None
    return Symptom(
        "overfitting",
        f"the validation loss is lowest in epoch {best + 1} ({number(lowest)}) and rises to {number(end)}, "
        f"while the training loss falls to {number(float(ours[-1]))}",
        {"best epoch": best + 1, "lowest": lowest, "end": end, "train": float(ours[-1])},
    )


def _finite(values: ArrayLike) -> Floats:
    """The curve, or nothing of it where it is not finite: that is for `not_finite` to say."""
    curve = floats(values).reshape(-1)
    return curve if np.isfinite(curve).all() else curve[:0]
