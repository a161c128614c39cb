"""Shortcuts: what TensorFlow and Keras do less often in a warmed process, with the same results."""

from __future__ import annotations

import functools
import importlib.util
import inspect
import json
import os
import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from autograder.sandbox import shortcuts
from autograder.sandbox.shortcuts import _set_plainly, _share_kernels, getfullargspec, signature

SEEDS = (0, 7, -3, 2**31 - 3, 2**31 - 2, 2**31 + 6, 2**40)
BOTH_WAYS = """
import json, sys
import keras, numpy as np, tensorflow as tf
from autograder.sandbox.shortcuts import take_shortcuts

traced = []

class Traced(keras.layers.Dense):
    def call(self, x):
        if not tf.executing_eagerly() and not isinstance(x, keras.KerasTensor):
            traced.append(self.units)
        return super().call(x)

class OwnStep(keras.Sequential):
    def train_step(self, data):
        self.found_built = self.optimizer.built
        return super().train_step(data)

def build(kind=keras.Sequential):
    layers = [keras.layers.Dense(5, "tanh", kernel_initializer=keras.initializers.GlorotUniform(3)), keras.layers.Dropout(0.3, seed=4)]
    return kind([keras.Input((3,)), *layers, Traced(2, kernel_initializer=keras.initializers.HeNormal(5))])

def fitted(**options):
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(20, 3)).astype("f4"), rng.integers(0, 2, 20)
    keras.utils.set_random_seed(1)
    model = build()
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(0.1, momentum=0.9), loss, **options)
    traced.clear()
    losses = model.fit(x, y, batch_size=8, epochs=3, verbose=0).history["loss"]
    return {
        "losses": losses, "weights": [w.tolist() for w in model.get_weights()], "traces": len(traced),
        "slots": [[v.path.partition("/")[0], v.path.rpartition("/")[2]] for v in model.optimizer.variables],
    }

def own_step():
    model = build(OwnStep)
    model.compile("sgd", "mse")
    model.fit(np.ones((4, 3)), np.ones((4, 2)), verbose=0)
    return model.found_built

def seen(seeds):
    keras.utils.clear_session()  # so that names are counted from the start
    draws = [keras.random.uniform((3,), seed=seed).numpy().tolist() for seed in seeds]
    try:
        keras.random.uniform((3,), seed=2**70)
        too_large = ""
    except Exception as error:
        too_large = f"{type(error).__name__}: {error}"
    return {
        "draws": draws, "too large": too_large, "fit": fitted(), "several steps": fitted(steps_per_execution=2),
        "eager": fitted(run_eagerly=True), "own step": own_step(), "config": build().layers[0].get_config(),
        "built first": "shortcuts" in keras.Sequential._make_function.__module__,
    }

before = seen(json.loads(sys.argv[1]))
take_shortcuts()
take_shortcuts()
print(json.dumps([before, seen(json.loads(sys.argv[1]))], default=str))
"""


@pytest.fixture(scope="module")
def both_ways() -> tuple[dict[str, Any], dict[str, Any]]:
    """What the same program sees before and after shortcuts are taken."""
    quiet = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-c", BOTH_WAYS, json.dumps(SEEDS)]
    done = subprocess.run(command, env=quiet, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL)
    before, after = json.loads(done.stdout.splitlines()[-1])
    return before, after


@pytest.mark.parametrize("way", ["fit", "several steps", "eager"])
def test_a_fit_gives_the_same_numbers(both_ways, way):
    """Losses and weights are the same to the last bit, and so are the names of what the optimizer keeps."""
    before, after = (one[way] for one in both_ways)
    assert {**before, "traces": 0} == {**after, "traces": 0}


@pytest.mark.parametrize("way", ["fit", "several steps"])
def test_a_fit_traces_its_step_once(both_ways, way):
    """A model's layers are traced once for a fit, and twice where the first trace makes the optimizer's variables."""
    if not both_ways[1]["built first"]:
        pytest.skip("this version of Keras has no place for the shortcut")
    before, after = (one[way]["traces"] for one in both_ways)
    assert (before, after) == (2, 1)


def test_scipy_fills_in_no_docstrings():
    """A distribution is ready sooner, with the same numbers; its docstring has names in the places of texts."""
    code = "from autograder.sandbox.warm import warm; warm(['sklearn.base']); from scipy.stats import norm; "
    code += "print(norm.cdf(0.0), norm(1, 2).mean(), '%(before_notes)s' in norm.__doc__)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    if importlib.util.find_spec("scipy._lib.doccer") is None:
        pytest.skip("this version of SciPy has no place for the shortcut")
    assert done.stdout.split() == ["0.5", "1.0", "True"]


def test_a_shortcut_that_fails_is_not_taken(monkeypatch):
    """A version of Keras that nobody has tried costs a shortcut, and no grading."""
    taken = []
    monkeypatch.setattr(shortcuts, "_share_kernels", lambda: 1 / 0)
    monkeypatch.setattr(shortcuts, "_seed_plainly", lambda: taken.append("seeds"))
    shortcuts.take_shortcuts()
    assert taken == ["seeds"]


def test_a_training_step_of_ones_own_finds_the_optimizer_as_it_was(both_ways):
    """Only where Keras's own step runs is the optimizer built first."""
    before, after = both_ways
    assert before["own step"] is after["own step"] is False


def test_a_seed_gives_the_same_numbers(both_ways):
    """Small, negative and large seeds draw what they drew before; one that is too large is refused in the same words."""
    before, after = both_ways
    assert before["draws"] == after["draws"]
    assert len({str(one) for one in after["draws"]}) == len(SEEDS) - 1  # 2^31 - 2 is 0 for Keras
    assert before["too large"] == after["too large"] != ""


def test_a_layer_knows_its_arguments(both_ways):
    """What a layer was made with is in its configuration, as before."""
    before, after = both_ways
    assert before["config"].pop("name") and after["config"].pop("name")
    assert before["config"] == after["config"]


def _plain(a, b=2, *, c=None):
    return a, b, c


def _listed(a=[]):  # noqa: B006 - what a default may be
    return a


class _Caller:
    def call(self, x, training=None):
        return x, training


@pytest.mark.parametrize(
    "function",
    [
        _plain,
        _listed,
        _Caller().call,
        _Caller,
        functools.wraps(_plain)(lambda *values: values),
        functools.partial(_plain, 1),
        len,
    ],
    ids=["function", "mutable default", "method", "class", "wrapped", "partial", "builtin"],
)
def test_a_signature_is_that_of_inspect(function):
    """A remembered signature is the one that Python gives, the second time as the first."""
    for _ in range(2):
        assert signature(function) == inspect.signature(function)
        assert getfullargspec(function) == inspect.getfullargspec(function)


def test_a_signature_follows_a_changed_default():
    """A function whose defaults are changed has another signature."""

    def function(a=1):
        return a

    assert signature(function).parameters["a"].default == 1
    function.__defaults__ = (2,)
    assert signature(function).parameters["a"].default == 2


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


SCIPY_BRIEFLY = """
import sys
from autograder.sandbox.warm import warm
warm(["scipy.stats"])
import inspect
from scipy import stats
import scipy._lib._array_api as arrays
print(inspect.signature(stats.zscore), round(float(stats.zscore([1.0, 2.0, 4.0])[2]), 9), stats.mode([3, 1, 3]).mode)
print(stats.zscore.__doc__.startswith("Compute the z score."), "Array API" in stats.zscore.__doc__)
print(arrays.FunctionDoc.__module__)
"""
SCIPY_PLAINLY = SCIPY_BRIEFLY.replace('warm(["scipy.stats"])', "")


def test_scipy_computes_the_same_with_its_docstrings_as_they_are_written():
    """Where SciPy does not rewrite its docstrings, signatures and numbers are the same; only its note on array libraries is missing."""
    said = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.splitlines()
        for code in (SCIPY_BRIEFLY, SCIPY_PLAINLY)
    ]
    assert said[0][0] == said[1][0]
    assert said[0][1:] == ["True False", "autograder.sandbox.shortcuts"]


def test_nothing_of_scipy_is_imported_for_what_does_not_use_it():
    """A worker for functions of NumPy alone does not pay for SciPy."""
    code = "import sys; from autograder.sandbox.warm import warm; warm(['numpy']); sys.exit('scipy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
