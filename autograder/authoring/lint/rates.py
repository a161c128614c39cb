"""A rate with its uncertainty: 0 of 3 and 0 of 300 are not the same."""

from __future__ import annotations

from math import sqrt

Z = 1.959964  # of a standard normal, 95 % lie within


def wilson(found: int, tried: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share, (0, 1) where nothing was tried.

        centre ± half, with n tries, share p, z = 1.96:
        centre = (p + z²/2n) / (1 + z²/n),   half = z sqrt(p (1 - p) / n + z²/4n²) / (1 + z²/n)

    >>> tuple(round(bound, 3) for bound in wilson(0, 100))
    (0.0, 0.037)
    """
    if not tried:
        return 0.0, 1.0
    share, scale = found / tried, 1 + Z**2 / tried
    centre = (share + Z**2 / (2 * tried)) / scale
    half = Z * sqrt(share * (1 - share) / tried + Z**2 / (4 * tried**2)) / scale
    return max(0.0, centre - half), min(1.0, centre + half)


def rate(found: int, tried: int) -> str:
    """A rate as people read it: "2 of 50 (4.0 %, 95 % interval 1.1 to 13.5 %)"."""
    if not tried:
        return "nothing was tried"
    low, high = wilson(found, tried)
    return f"{found} of {tried} ({100 * found / tried:.1f} %, 95 % interval {100 * low:.1f} to {100 * high:.1f} %)"
