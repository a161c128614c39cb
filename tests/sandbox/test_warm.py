"""Warming: what is done to a library once, before anybody's code runs in a fork."""

from __future__ import annotations

import sys
from types import SimpleNamespace

from autograder.sandbox.warm import _share_kernels


def test_variables_of_one_shape_ask_for_the_same_kernel(monkeypatch):
    """Variables of one shape and two names ask TensorFlow for the same handle, however often the process is warmed."""
    asked = []
    ops = SimpleNamespace(var_handle_op=lambda **named: asked.append(named))
    ops.var_handle_op.__module__ = "tensorflow.python.ops.gen_resource_variable_ops"
    monkeypatch.setitem(sys.modules, "tensorflow.python.ops.gen_resource_variable_ops", ops)
    _share_kernels()
    once = ops.var_handle_op
    _share_kernels()
    assert ops.var_handle_op is once
    for name in ("dense/kernel/", "dense_1/kernel/"):
        ops.var_handle_op(dtype="float32", shape=(2, 3), shared_name="", debug_name=name, name=name)
    assert [{key: value for key, value in one.items() if key != "name"} for one in asked] == 2 * [
        {"dtype": "float32", "shape": (2, 3), "shared_name": "", "debug_name": ""}
    ]
