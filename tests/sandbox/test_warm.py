"""Warming: what is done to a library once, before anybody's code runs in a fork."""

from __future__ import annotations

import sys
from types import SimpleNamespace

from autograder.sandbox.warm import _set_plainly, _share_kernels


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


def test_a_layer_tracks_what_may_hold_weights_and_nothing_else(monkeypatch):
    """A layer is asked to track a list, but no number or text; a property of its class still gets what is set."""
    tracked, given = [], []

    class Layer:
        def __setattr__(self, name, value):
            tracked.append(name)
            object.__setattr__(self, name, value)

        rate = property(lambda self: given[-1], lambda self, value: given.append(value))

    Layer.__setattr__.__module__ = "keras.src.layers.layer"
    monkeypatch.setitem(sys.modules, "keras.src.layers.layer", SimpleNamespace(Layer=Layer))
    _set_plainly()
    once = Layer.__setattr__
    _set_plainly()
    assert Layer.__setattr__ is once
    layer = Layer()
    layer.units, layer.title, layer.rate, layer.blocks = 3, "hidden", 0.5, []
    assert tracked == ["blocks"]
    assert (vars(layer), given) == ({"units": 3, "title": "hidden", "blocks": []}, [0.5])
