"""Reads the source of its own functions, its signature and its traceback."""

import inspect
import traceback


def helper(value):
    return value + 1


def attacked(x):
    assert "value + 1" in inspect.getsource(helper)
    assert list(inspect.signature(attacked).parameters) == ["x"]
    try:
        helper(None)
    except TypeError:
        assert "helper(None)" in traceback.format_exc()
    return helper(x)
