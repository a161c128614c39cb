"""How many a minute, and how long it will go on."""

from __future__ import annotations

import pytest

from autograder.report.pace import Pace


@pytest.fixture
def clock():
    """A clock that goes on when it is told to."""
    return [0.0]


def test_nobody_can_tell_at_the_beginning(clock):
    """A rate of the first seconds would be that of the start."""
    pace = Pace(lambda: clock[0])
    clock[0] = 1.0
    pace.saw(30)
    assert (pace.a_minute, pace.left(100)) == (0.0, "")


def test_the_pace_is_that_of_the_last_minutes(clock):
    """A slow start, and whatever was graded before, tell nothing of what is left."""
    pace = Pace(lambda: clock[0])
    for second in range(600):
        clock[0] += 1.0
        pace.saw(second // 10 if second < 300 else 30 + 2 * (second - 300))
    assert pace.a_minute == pytest.approx(120, rel=0.05)
    assert pace.left(12_000) == "about 1 h 40 min left"
    assert pace.left(0) == ""
