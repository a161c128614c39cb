"""The reference of hw5 against TensorFlow's and Keras's own functions, and the lecture's identities."""

from __future__ import annotations

import itertools
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from tensors import normal, with_gradients

from dlkit import course

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def hw5() -> ModuleType:
    """The reference of hw5."""
    return course.load(ROOT / "solutions" / "hw5" / "regularization.py")


def test_the_penalties_are_keras_regularizers(hw5: ModuleType) -> None:
    """Keras's L1(1), L2(1) and L1L2 have neither a mean nor a factor 1/2."""
    import keras

    weights = [normal(3, 4, dtype="float32"), normal(4, 2, dtype="float32")]
    for ours, regularizer in (
        (hw5.l1_penalty(weights), keras.regularizers.L1(1.0)),
        (hw5.l2_penalty(weights), keras.regularizers.L2(1.0)),
        (hw5.elastic_net_penalty(weights, 0.3), keras.regularizers.L1L2(0.3, 0.7)),
    ):
        assert float(ours) == pytest.approx(float(sum(regularizer(w) for w in weights)), rel=1e-5)
    assert [float(penalty([])) for penalty in (hw5.l1_penalty, hw5.l2_penalty, hw5.huber_penalty)] == [0, 0, 0]


def test_the_gradient_of_the_absolute_value_is_0_at_0(hw5: ModuleType) -> None:
    """sign(W), with sign(0) = 0."""
    import tensorflow as tf

    w = tf.constant([-2.0, 0.0, 0.5])
    with tf.GradientTape() as tape:
        tape.watch(w)
        R = hw5.l1_penalty([w])
    assert tape.gradient(R, w).numpy().tolist() == [-1, 0, 1]


@pytest.mark.parametrize("delta", [0.4, 1.0, 2.5])
def test_huber_is_keras_loss(hw5: ModuleType, delta: float) -> None:
    """The sum of keras.losses.Huber against 0; the gradient is clip(w, -delta, delta)."""
    import keras
    import tensorflow as tf

    w = normal(5, 4)
    value, gradient = with_gradients(lambda w: hw5.huber_penalty([w], delta), w)
    huber = keras.losses.Huber(delta=delta, reduction="sum", dtype="float64")(
        tf.zeros((20, 1), tf.float64), tf.reshape(w, (20, 1))
    )
    assert value == pytest.approx(float(huber), rel=1e-6)
    np.testing.assert_allclose(gradient / np.random.default_rng(7).uniform(0.5, 1.5, ()), np.clip(w, -delta, delta))


@pytest.mark.parametrize(("kind", "l1", "l2"), [("l2", 0.0, 0.02), ("l1", 0.02, 0.0)])
def test_regularized_loss_is_kerass_loss_plus_model_losses(hw5: ModuleType, kind: str, l1: float, l2: float) -> None:
    """A model with kernel regularisers has the same total loss in Keras; the rows twice change nothing."""
    import keras
    import tensorflow as tf

    x, y = normal(6, 4, dtype="float32"), tf.constant([0, 1, 2, 2, 1, 0])
    model = hw5.build_regularized_mlp(4, 3, (5,), l1=l1, l2=l2)
    loss_fn = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    theirs = float(loss_fn(y, model(x)) + sum(model.losses))
    assert float(hw5.regularized_loss(model, x, y, 0.02, kind)) == pytest.approx(theirs, rel=1e-5)
    twice = hw5.regularized_loss(model, tf.concat([x, x], 0), tf.concat([y, y], 0), 0.02, kind)
    assert float(twice) == pytest.approx(theirs, rel=1e-5)
    assert float(hw5.regularized_loss(model, x, y, 0.0, kind)) == pytest.approx(float(loss_fn(y, model(x))), rel=1e-5)


def test_both_dropouts_agree_up_to_the_scale(hw5: ModuleType) -> None:
    """Inverted dropout is the slide's divided by the probability to keep, in both modes."""
    x = normal(4, 5)
    for training in (True, False):
        slide = hw5.slide_dropout(x, 0.4, training, seed=3)
        np.testing.assert_allclose(hw5.inverted_dropout(x, 0.4, training, seed=3), slide / 0.6)


def test_inverted_dropout_is_keras_dropout(hw5: ModuleType) -> None:
    """The same values 0 and 1 / (1 - rate), the identity at test time, the mean kept over 200 masks."""
    import keras
    import tensorflow as tf

    x, layer = tf.ones((100, 50)), keras.layers.Dropout(0.25, seed=1)
    ours, theirs = hw5.inverted_dropout(x, 0.25, True).numpy(), layer(x, training=True).numpy()
    np.testing.assert_allclose(np.unique(ours), np.unique(theirs))
    assert ours.mean() == pytest.approx(1, abs=0.05)
    np.testing.assert_array_equal(hw5.inverted_dropout(x, 0.25, False), layer(x, training=False))
    small = normal(3, 4)
    mean = np.mean([hw5.inverted_dropout(small, 0.25, True, seed=seed) for seed in range(200)], axis=0)
    np.testing.assert_allclose(mean / small, np.ones((3, 4)), atol=0.25)


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("shape", [(6, 3), (4, 4), (1, 3)])
def test_batch_norm_is_keras_layer(hw5: ModuleType, shape: tuple[int, int], training: bool) -> None:
    """Output, gradients and moving statistics of keras.layers.BatchNormalization."""
    import keras
    import tensorflow as tf

    rng = np.random.default_rng(2)
    x, gamma, beta = normal(*shape), *(tf.constant(rng.uniform(0.5, 2, shape[1])) for _ in range(2))
    state = {"mean": tf.constant(rng.normal(size=shape[1])), "var": tf.constant(rng.uniform(0.5, 2, shape[1]))}
    layer = keras.layers.BatchNormalization(momentum=0.9, dtype="float64")
    layer.build(shape)
    layer.set_weights([gamma.numpy(), beta.numpy(), state["mean"].numpy(), state["var"].numpy()])

    ours = with_gradients(lambda *a: hw5.batch_norm(*a, state, training, momentum=0.9)[0], x, gamma, beta)
    theirs = with_gradients(lambda x: layer(x, training=training), x)
    np.testing.assert_allclose(ours[0], theirs[0], rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(ours[1], theirs[1], rtol=1e-6, atol=1e-9)
    _, new = hw5.batch_norm(x, gamma, beta, state, training, momentum=0.9)
    np.testing.assert_allclose(new["mean"], layer.moving_mean, rtol=1e-6)
    np.testing.assert_allclose(new["var"], layer.moving_variance, rtol=1e-6)
    if training:  # the mean is taken out, so a column of dx sums to 0
        np.testing.assert_allclose(ours[1].sum(axis=0), np.zeros(shape[1]), atol=1e-12)


def test_stochastic_depth_at_test_is_the_mean_over_gates(hw5: ModuleType) -> None:
    """p_l times the open block plus 1 - p_l times the closed one; p_last = 1 is the plain block."""
    x, branch = normal(2, 3), normal(3, 3)[:2]
    for layer in (1, 3, 5):
        p = 1 - layer / 5 * (1 - 0.4)
        gates = [hw5.stochastic_depth(x, branch, layer, 5, 0.4, True, gate=gate) for gate in (1.0, 0.0)]
        np.testing.assert_allclose(hw5.stochastic_depth(x, branch, layer, 5, 0.4, False), p * gates[0] + (1 - p) * gates[1])
    np.testing.assert_allclose(hw5.stochastic_depth(x, branch, 3, 5, 1.0, False), x + branch)


def test_the_slides_test_rule_is_the_geometric_mean_of_all_dropout_masks(hw5: ModuleType) -> None:
    """Exactly so for a softmax regression: all 2^8 masks against the input times 1/2."""
    rng = np.random.default_rng(1)
    x, W, b = rng.normal(size=(5, 8)), rng.normal(size=(8, 3)), rng.normal(size=3)

    def softmax(z: Any) -> Any:
        e = np.exp(z - z.max(axis=-1, keepdims=True))
        return e / e.sum(axis=-1, keepdims=True)

    models = np.stack([softmax((x * mask) @ W + b) for mask in itertools.product([0, 1], repeat=8)])
    np.testing.assert_allclose(hw5.geometric_mean_ensemble(models), softmax((0.5 * x) @ W + b), rtol=1e-12)


def test_the_geometric_mean_is_scipys(hw5: ModuleType) -> None:
    """scipy.stats.gmean, normalised; 500 models do not underflow, and one model can rule a class out."""
    from scipy.stats import gmean

    probs = np.random.default_rng(0).dirichlet(np.ones(3), size=(4, 5))
    expected = gmean(probs, axis=0)
    np.testing.assert_allclose(hw5.geometric_mean_ensemble(probs), expected / expected.sum(axis=-1, keepdims=True))
    np.testing.assert_allclose(hw5.geometric_mean_ensemble(np.full((500, 2, 4), 1e-3)), np.full((2, 4), 0.25))
    assert hw5.geometric_mean_ensemble(np.array([[[0.5, 0.5]], [[1.0, 0.0]]])).tolist() == [[1.0, 0.0]]


def test_the_models_have_as_many_parameters_as_a_plain_mlp(hw5: ModuleType) -> None:
    """Neither penalties nor dropout have parameters."""
    count = (8 * 6 + 6) + (6 * 4 + 4) + (4 * 3 + 3)
    assert hw5.build_regularized_mlp(8, 3, (6, 4)).count_params() == count
    assert hw5.build_dropout_mlp(8, 3, (6, 4), rate=0.3).count_params() == count


def test_a_dropout_model_is_random_in_training_only(hw5: ModuleType) -> None:
    """Inference is deterministic."""
    x, model = normal(4, 8, dtype="float32"), hw5.build_dropout_mlp(8, 3, (64,), rate=0.4)
    assert np.array_equal(model(x, training=False), model(x, training=False))
    assert not np.array_equal(model(x, training=True), model(x, training=True))


def test_the_regularised_weights_cost_what_the_docstring_says(hw5: ModuleType) -> None:
    """sum(model.losses) = l1 sum|W| + l2 sum W^2 over the kernels."""
    model = hw5.build_regularized_mlp(8, 3, (6,), l1=0.01, l2=0.02)
    kernels = [v.value for v in model.trainable_variables if v.path.endswith("kernel")]
    expected = 0.01 * hw5.l1_penalty(kernels) + 0.02 * hw5.l2_penalty(kernels)
    assert float(sum(model.losses)) == pytest.approx(float(expected), rel=1e-5)
