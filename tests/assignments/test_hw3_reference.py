"""The reference of hw3 against TensorFlow's and Keras's own functions, and the lecture's numbers."""

from __future__ import annotations

import math
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from tensors import normal, with_gradients

from dlkit import course

ROOT = Path(__file__).parent.parent.parent
RAVINE = np.array([1.0, 25.0])


@pytest.fixture(scope="module")
def hw3() -> ModuleType:
    """The reference of hw3."""
    return course.load(ROOT / "solutions" / "hw3" / "optimization.py")


def assert_same(ours: list[Any], theirs: list[Any], rtol: float = 1e-10) -> None:
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(one, other, rtol=rtol, atol=1e-12)


@pytest.mark.parametrize("alpha", [0.0, 0.01, 0.3, 2.0])
def test_leaky_relu_is_tensorflows(hw3: ModuleType, alpha: float) -> None:
    """Values and gradients for slopes below 1; above 1, where TensorFlow takes a maximum, by hand."""
    import tensorflow as tf

    z = normal(4, 5)
    theirs = with_gradients(lambda z: tf.nn.leaky_relu(z, alpha) if alpha < 1 else tf.nn.relu(z) - alpha * tf.nn.relu(-z), z)
    assert_same(with_gradients(lambda z: hw3.leaky_relu(z, alpha), z), theirs, rtol=1e-6)


def test_the_slope_of_leaky_relu_at_0_is_alpha(hw3: ModuleType) -> None:
    """The stub's convention at the corner."""
    import tensorflow as tf

    z = tf.zeros(1, tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(z)
        y = hw3.leaky_relu(z, 0.3)
    assert tape.gradient(y, z).numpy() == pytest.approx(0.3)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_softplus_is_tensorflows(hw3: ModuleType, dtype: str) -> None:
    """Values and gradients, up to |z| = 1000."""
    import tensorflow as tf

    z = tf.concat([normal(20, dtype=dtype), tf.constant([-1000.0, -90.0, 90.0, 1000.0], dtype)], 0)
    ours, theirs = with_gradients(hw3.softplus, z), with_gradients(tf.math.softplus, z)
    assert ours[0].dtype == dtype
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-7)


def test_hard_tanh_is_the_lectures_bound(hw3: ModuleType) -> None:
    """max(-1, min(1, z)), with slope 1 inside and 0 outside."""
    z = normal(40)
    value, gradient = with_gradients(hw3.hard_tanh, z)
    inside = np.abs(z.numpy()) < 1
    np.testing.assert_allclose(value, np.where(inside, z, np.sign(z)))
    assert (np.flatnonzero(gradient) == np.flatnonzero(inside)).all()


def test_rbf_is_scikit_learns_kernel(hw3: ModuleType) -> None:
    """exp(-gamma ||z - w||^2) with gamma = 1 / sigma^2."""
    from sklearn.metrics.pairwise import rbf_kernel

    z, w = normal(4, 3), normal(5, 3)
    np.testing.assert_allclose(hw3.rbf(z, w, 1.7), rbf_kernel(z, w, gamma=1 / 1.7**2), rtol=1e-10)


def test_rbf_of_a_template_is_1_with_gradient_0(hw3: ModuleType) -> None:
    """A perfect match is a maximum, and no nan."""
    z = normal(1, 3)
    value, dz, dw = with_gradients(lambda z, w: hw3.rbf(z, w, 0.8), z, z + 0)
    assert value == 1
    assert not dz.any()
    assert not dw.any()


@pytest.mark.parametrize("shape", [(5,), (3, 4), (4, 4), (2, 3, 5), (3, 1)])
def test_softmax_is_tensorflows(hw3: ModuleType, shape: tuple[int, ...]) -> None:
    """Values and gradients for any number of axes."""
    import tensorflow as tf

    z = normal(*shape)
    assert_same(with_gradients(hw3.softmax, z), with_gradients(tf.nn.softmax, z))
    np.testing.assert_allclose(hw3.softmax(z + 30.0), hw3.softmax(z), rtol=1e-10)


def test_softmax_survives_large_logits(hw3: ModuleType) -> None:
    """+-1000 gives probabilities and finite gradients."""
    import tensorflow as tf

    z = tf.constant([[1000.0, -1000.0, 999.0], [-1000.0, -1001.0, -999.0]])
    for one, other in zip(with_gradients(hw3.softmax, z), with_gradients(tf.nn.softmax, z), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-7)


def test_one_hot_is_keras(hw3: ModuleType) -> None:
    """keras.utils.to_categorical, and the slide's example."""
    import keras

    labels = np.array([0, 3, 1, 1])
    ours = hw3.one_hot(labels, 5)
    np.testing.assert_array_equal(ours, keras.utils.to_categorical(labels, 5))
    assert ours.dtype == np.float32
    assert hw3.one_hot(np.array([3]), 5).tolist() == [[0, 0, 0, 1, 0]]
    for wrong in ([5], [-1]):
        with pytest.raises(ValueError, match=r"0\.\.4"):
            hw3.one_hot(np.array(wrong), 5)


def test_the_slides_loss_is_k_binary_cross_entropies(hw3: ModuleType) -> None:
    """K times keras.losses.binary_crossentropy; twice the categorical loss for two classes."""
    import keras
    import tensorflow as tf

    d = tf.one_hot([0, 2, 3, 1, 0], 4, dtype=tf.float64)
    y = tf.nn.softmax(normal(5, 4))
    assert_same(
        with_gradients(lambda y: hw3.slide_cross_entropy(d, y), y),
        with_gradients(lambda y: 4 * keras.losses.binary_crossentropy(d, y), y),
    )
    d, y = d[:, :2], tf.nn.softmax(normal(5, 2))
    d = tf.one_hot([0, 1, 1, 0, 0], 2, dtype=tf.float64)
    np.testing.assert_allclose(hw3.slide_cross_entropy(d, y), 2 * keras.losses.categorical_crossentropy(d, y), rtol=1e-6)


def test_uniform_predictions_give_the_handouts_numbers(hw3: ModuleType) -> None:
    """K = 10: the slide's loss is 3.250830, the categorical one log 10 = 2.302585."""
    import tensorflow as tf

    d = tf.one_hot([3], 10, dtype=tf.float64)
    assert float(hw3.slide_cross_entropy(d, tf.fill([1, 10], tf.constant(0.1, tf.float64)))[0]) == pytest.approx(
        3.250830, abs=1e-6
    )
    assert float(hw3.softmax_cross_entropy(tf.zeros([1, 10]), tf.constant([3]))) == pytest.approx(math.log(10))


@pytest.mark.parametrize("scale", [1.0, 500.0])
def test_softmax_cross_entropy_is_tensorflows(hw3: ModuleType, scale: float) -> None:
    """The mean of tf.nn.sparse_softmax_cross_entropy_with_logits, with gradient (softmax - onehot) / N."""
    import tensorflow as tf

    logits, labels = scale * normal(6, 4), tf.constant([0, 3, 1, 2, 2, 0])
    theirs = with_gradients(
        lambda z: tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=z)), logits
    )
    ours = with_gradients(lambda z: hw3.softmax_cross_entropy(z, labels), logits)
    assert_same(ours, theirs)
    by_hand = (tf.nn.softmax(logits) - tf.one_hot(labels, 4, dtype=tf.float64)) / 6
    np.testing.assert_allclose(ours[1] / np.random.default_rng(7).uniform(0.5, 1.5, ()), by_hand, atol=1e-12)


def test_an_epoch_has_every_sample_once(hw3: ModuleType) -> None:
    """Sizes, pairs and coverage; the order depends on the seed."""
    X, y = np.arange(46.0).reshape(23, 2), np.arange(23)
    batches = list(hw3.minibatches(X, y, 5, seed=1))
    assert [len(b) for _, b in batches] == [5, 5, 5, 5, 3]
    order = np.concatenate([b for _, b in batches])
    np.testing.assert_array_equal(np.concatenate([a for a, _ in batches]), X[order])
    assert sorted(order) == list(range(23)) != list(order)
    assert list(order) != list(np.concatenate([b for _, b in hw3.minibatches(X, y, 5, seed=2)]))


@pytest.mark.parametrize("alpha", [0.0, 0.9])
def test_momentum_is_keras_sgd_under_a_changing_learning_rate(hw3: ModuleType, alpha: float) -> None:
    """Keras stores learning rate and momentum as float32, hence 1e-6."""
    import keras

    rng = np.random.default_rng(3)
    w, v = rng.normal(size=4), np.zeros(4)
    variable = keras.Variable(w, dtype="float64")
    optimizer = keras.optimizers.SGD(0.1, momentum=alpha)
    for lr in (0.5, 0.1, 0.01, 0.3):
        grad = rng.normal(size=4)
        optimizer.learning_rate = lr
        optimizer.apply([keras.ops.convert_to_tensor(grad)], [variable])
        w, v = hw3.momentum_step(w, v, grad, lr, alpha)
        np.testing.assert_allclose(w, variable.numpy(), rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize(
    ("lr", "alpha", "steps"),
    [(0.01, 0.0, 791), (0.01, 0.9, 130), (0.03, 0.5, 121), (0.07, 0.5, 43), (0.079, 0.0, 323), (0.081, 0.5, 34)],
)
def test_the_ravine_takes_as_many_steps_as_the_handout_says(hw3: ModuleType, lr: float, alpha: float, steps: int) -> None:
    """Steps until E < 1e-6 from (-4, 1)."""
    path = hw3.descend(lambda w: RAVINE * w, np.array([-4.0, 1.0]), lr, alpha, steps=1000)
    E = (RAVINE * path**2).sum(axis=1) / 2
    assert np.argmax(E < 1e-6) == steps


def test_the_ravine_diverges_beyond_the_limit(hw3: ModuleType) -> None:
    """Without momentum the limit is 2 / 25 = 0.08."""
    path = hw3.descend(lambda w: RAVINE * w, np.array([-4.0, 1.0]), 0.081, steps=200)
    assert abs(path[-1, 1]) > abs(path[0, 1])


def test_train_step_is_train_on_batch(hw3: ModuleType) -> None:
    """Three steps of a model with batch norm, against Keras's own step."""
    import keras
    import tensorflow as tf

    x, y = normal(8, 4, dtype="float32"), tf.constant([0, 1, 2, 0, 1, 2, 2, 0])
    loss_fn = keras.losses.SparseCategoricalCrossentropy(from_logits=True)

    def build() -> Any:
        layers = keras.layers
        model = keras.Sequential([keras.Input((4,)), layers.Dense(5), layers.BatchNormalization(), layers.Dense(3)])
        return model, keras.optimizers.SGD(0.1, momentum=0.9)

    ours, optimizer = build()
    theirs, other = build()
    theirs.set_weights(ours.get_weights())
    theirs.compile(other, loss_fn)
    for _ in range(3):
        loss = hw3.train_step(ours, x, y, loss_fn, optimizer)
        assert isinstance(loss, float)
        assert loss == pytest.approx(float(theirs.train_on_batch(x, y)), rel=1e-5)
        theirs.reset_metrics()
    for one, other_weight in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(one, other_weight, rtol=1e-4, atol=1e-6)


def test_gradients_vanish_in_a_deep_sigmoid_network_and_batch_norm_cures_it(hw3: ModuleType) -> None:
    """First over last hidden kernel: about 1e-6 at depth 10, about 1 with batch norm."""
    import keras
    import tensorflow as tf

    x, y = normal(128, 32, dtype="float32"), tf.constant(np.arange(128) % 10)
    loss_fn = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    ratios = {}
    for name, options in {"plain": {}, "batch norm": {"batch_norm": True}, "skip": {"skip": True}}.items():
        norms = hw3.layer_gradient_norms(hw3.build_deep_mlp(32, 10, 32, "sigmoid", **options), x, y, loss_fn)
        assert norms.shape == (11,)
        ratios[name] = norms[0] / norms[-2]
    assert ratios["plain"] < 1e-4
    assert 0.1 < ratios["batch norm"] < 10
    assert ratios["skip"] > 0.01


def test_deep_mlp_has_the_parameters_of_the_handout(hw3: ModuleType) -> None:
    """Dense, batch norm and skip connections, counted."""
    model = hw3.build_deep_mlp(8, 3, 16, "relu", num_classes=4, batch_norm=True, skip=True)
    kinds = [type(layer).__name__ for layer in model.layers]
    assert (kinds.count("Dense"), kinds.count("BatchNormalization"), kinds.count("Add")) == (4, 3, 2)
    assert model.count_params() == (8 * 16 + 16) + 2 * (16 * 16 + 16) + (16 * 4 + 4) + 3 * 4 * 16
