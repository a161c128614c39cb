"""The Keras CNN of hw6 against the lecture's PyTorch Net: same weights, same logits, loss, gradients and training steps.

What PyTorch answers was recorded by scripts/make_torch_parity.py; no PyTorch is needed here.
"""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from safetensors.numpy import load_file

from dlkit import course

ROOT = Path(__file__).parent.parent.parent
FILE = Path(__file__).parent / "torch_net.safetensors"

Arrays = dict[str, np.ndarray]


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """The script that made the file: its seeds, its weights, its sampling."""
    return course.load(ROOT / "scripts" / "make_torch_parity.py")


@pytest.fixture(scope="module")
def torch() -> Arrays:
    """What PyTorch answered."""
    return load_file(FILE)


@pytest.fixture(scope="module")
def cnn() -> ModuleType:
    """The reference of hw6."""
    return course.load(ROOT / "solutions" / "hw6" / "cnn.py")


@pytest.fixture(scope="module")
def seen(script: ModuleType, torch: Arrays, cnn: ModuleType) -> Arrays:
    """The same answers from the Keras model, in PyTorch's names and layouts."""
    import keras
    import tensorflow as tf

    state = script.state_dict()
    model = cnn.build_cnn()
    model.set_weights(cnn.torch_to_keras_weights(state))
    x, y = cnn.normalize_images(torch["images"]), torch["labels"]
    loss_fn = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    optimizer = keras.optimizers.SGD(script.LR, momentum=script.MOMENTUM)
    found: Arrays = {}
    with tf.GradientTape() as tape:
        logits = model(x, training=True)
        loss = loss_fn(y, logits)
    found["logits"], found["loss"] = logits.numpy(), loss.numpy()
    gradients = tape.gradient(loss, model.trainable_variables)
    for name, gradient in in_torch_layout(script.SHAPES, [g.numpy() for g in gradients]).items():
        found[f"gradient/{name}"] = script.sample(gradient)
        found[f"gradient norm/{name}"] = np.linalg.norm(gradient.astype(np.float64))
    found["losses"] = np.array([cnn.train_epoch(model, [(x, y)], loss_fn, optimizer, 1, log=str) for _ in range(script.STEPS)])
    for name, weight in in_torch_layout(script.SHAPES, model.get_weights()).items():
        found[f"after five steps/{name}"] = script.sample(weight)
    found["logits after five steps"] = model(x, training=False).numpy()
    return found


def in_torch_layout(shapes: dict[str, tuple[int, ...]], arrays: list[np.ndarray]) -> Arrays:
    """Keras's eight arrays the way round that PyTorch keeps them: the inverse of `torch_to_keras_weights`."""
    turned: Arrays = {}
    for (name, shape), array in zip(shapes.items(), arrays, strict=True):
        if name == "fc1.weight":
            array = array.reshape(4, 4, 50, -1).transpose(3, 2, 0, 1)  # (h*w*c, units) -> (units, c, h, w)
        elif array.ndim == 4:
            array = array.transpose(3, 2, 0, 1)  # (kh, kw, in, out) -> (out, in, kh, kw)
        turned[name] = (array.T if array.ndim == 2 else array).reshape(shape)
    return turned


def close(seen: Arrays, torch: Arrays, name: str, rtol: float = 1e-5) -> None:
    """Assert that two arrays differ by at most `rtol` of their largest entry."""
    np.testing.assert_allclose(seen[name], torch[name], rtol=0, atol=rtol * np.max(np.abs(torch[name])), err_msg=name)


def test_the_file_is_small(torch: Arrays) -> None:
    """The recorded arrays take less than 300 KB, and hold no weights that a seed can make."""
    assert FILE.stat().st_size < 300_000
    assert max(array.size for array in torch.values()) == torch["images"].size


def test_both_sides_have_the_same_weights(script: ModuleType, torch: Arrays) -> None:
    """The generator gives the weights today that PyTorch was given, 431,080 of them."""
    state = script.state_dict()
    np.testing.assert_allclose(
        [value.astype(np.float64).sum() for value in state.values()], torch["sums of the weights"], rtol=1e-12
    )
    assert sum(value.size for value in state.values()) == 431_080


def test_both_sides_have_the_same_batch(script: ModuleType, torch: Arrays) -> None:
    """Images and labels of the file are the ones that the script draws."""
    images, labels = script.batch()
    np.testing.assert_array_equal(images, torch["images"])
    np.testing.assert_array_equal(labels, torch["labels"])


def test_logits_agree(seen: Arrays, torch: Arrays) -> None:
    """With translated weights the Keras model answers what PyTorch answers."""
    close(seen, torch, "logits")


def test_the_loss_agrees(seen: Arrays, torch: Arrays) -> None:
    """Keras's sparse cross-entropy from logits is F.cross_entropy."""
    np.testing.assert_allclose(seen["loss"], torch["losses"][0], rtol=1e-6)


@pytest.mark.parametrize("layer", ["conv1", "conv2", "fc1", "fc2"])
@pytest.mark.parametrize("part", ["weight", "bias"])
def test_gradients_agree(seen: Arrays, torch: Arrays, layer: str, part: str) -> None:
    """The tape's gradients, turned back to PyTorch's layout, are those of loss.backward()."""
    close(seen, torch, f"gradient/{layer}.{part}", rtol=1e-4)
    np.testing.assert_allclose(seen[f"gradient norm/{layer}.{part}"], torch[f"gradient norm/{layer}.{part}"], rtol=1e-5)


def test_five_steps_of_sgd_give_the_same_losses(seen: Arrays, torch: Arrays) -> None:
    """SGD(0.01, momentum 0.5) takes the same way in both: Keras's and PyTorch's momentum agree while lr stays."""
    np.testing.assert_allclose(seen["losses"], torch["losses"], rtol=1e-5)
    assert torch["losses"][-1] < torch["losses"][0]


@pytest.mark.parametrize("layer", ["conv1", "conv2", "fc1", "fc2"])
@pytest.mark.parametrize("part", ["weight", "bias"])
def test_weights_after_five_steps_agree(seen: Arrays, torch: Arrays, layer: str, part: str) -> None:
    """Every layer has moved to the same place."""
    close(seen, torch, f"after five steps/{layer}.{part}", rtol=2e-6)  # a step of one percent is 1e-5


def test_logits_after_five_steps_agree(seen: Arrays, torch: Arrays) -> None:
    """And so the trained nets answer alike."""
    close(seen, torch, "logits after five steps", rtol=1e-4)


def test_the_order_of_the_flattened_maps_matters(script: ModuleType, torch: Arrays, cnn: ModuleType) -> None:
    """Without the (C, H, W) to (H, W, C) re-ordering of fc1 every shape fits and the logits are wrong."""
    state = script.state_dict()
    weights = cnn.torch_to_keras_weights(state)
    weights[4] = state["fc1.weight"].T
    model = cnn.build_cnn()
    model.set_weights(weights)
    logits = model(cnn.normalize_images(torch["images"])).numpy()
    assert np.abs(logits - torch["logits"]).max() > 0.01
