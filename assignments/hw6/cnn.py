"""hw6: convolutional networks (lecture blocks "Scanning for Patterns" to "Recap", and "A Brief Introduction to PyTorch").

One perceptron that scans a picture becomes a convolution layer; with pooling it becomes the lecture's Net, here in Keras,
with its training loop, its test loop, its weights and its normalisation.
The equations are numbered as in the handout, assignments/hw6/README.md.
"""

from __future__ import annotations

import keras
import numpy as np
import tensorflow as tf


def conv_output_size(n: int, kernel: int, stride: int = 1, padding: str = "valid") -> int:
    """Length of one axis after a convolution or pooling window.

    "valid": the number of places at which the whole window fits; "same": of those at which it can begin. Derive both
    (eq. 1); for hints: dlkit hint hw6 conv_output_size.

    Args: n, kernel, stride positive ints; padding "valid" or "same". Returns: int.
    Edge cases: kernel > n with "valid" -> ValueError; unknown padding -> ValueError.
    """
    raise NotImplementedError


def conv_param_count(kernel: tuple[int, int], in_channels: int, out_channels: int, bias: bool = True) -> int:
    """Trainable numbers of a convolution layer.   (eq. 2)

    5x5, 1 -> 20 without bias: the slide's 500. Derive the formula; for hints: dlkit hint hw6 conv_param_count.


    Args: kernel (kh, kw); in_channels, out_channels; bias: whether there are biases. Returns: int.
    """
    raise NotImplementedError


# Stretch, for bonus points: the number to compare with.
def dense_param_count(n_in: int, n_out: int, bias: bool = True) -> int:
    """Trainable numbers of a fully connected layer.   (eq. 3)

    10^6 pixels -> 10^6 units without bias: the slide's 10^12.

    Args: n_in, n_out; bias: whether there are biases. Returns: int.
    """
    raise NotImplementedError


def scan_perceptron(image: np.ndarray, w: np.ndarray, b: float) -> np.ndarray:
    """Slide ONE small perceptron over the image and arrange its outputs "in form of the original picture".

    Definition: out[i, j] = 1 if sum(w * image[i:i+kh, j:j+kw]) + b > 0 else 0, for every full window.   (eq. 4)
    Args: image (H, W), w (kh, kw), b scalar. Returns: (H-kh+1, W-kw+1) int64. The template is not flipped.
    Edge cases: non-square image and template; kernel as large as the image -> (1, 1).
    """
    raise NotImplementedError


def conv2d(x: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor, stride: int = 1, padding: str = "valid") -> tf.Tensor:
    """Multi-channel 2-D convolution layer (cross-correlation, as in Keras and PyTorch), NHWC.

    Definition: y[n,i,j,o] = bias[o] + sum_{a,c,k} x[n, s*i+a, s*j+c, k] * kernel[a,c,k,o], s = stride;   (eq. 5)
        "same": as few zeros around an axis of length n as give ceil(n/stride) places; an odd one stands after.   (eq. 6)
    Derive the number of zeros; for hints: dlkit hint hw6 conv2d.

    Args: x (N,H,W,Cin), kernel (kh,kw,Cin,Cout), bias (Cout,). Returns: (N,H',W',Cout), dtype of x, differentiable.
    Constraints: TensorFlow slicing/matmul/einsum/pad; no tf.nn.conv*, tf.nn.convolution, keras.layers, keras.ops.conv.
    Edge cases: even kernel with "same" (asymmetric pad), stride 2 with odd size, kh != kw, Cin > 1, N = 0.
    """
    raise NotImplementedError


def max_pool2d(x: tf.Tensor, size: int = 2, stride: int | None = None) -> tf.Tensor:
    """Max pooling without padding, NHWC; stride defaults to size (F.max_pool2d(x, 2, 2)).

    Definition: y[n,i,j,k] = max_{0 <= a,c < size} x[n, s*i+a, s*j+c, k], s = stride.   (eq. 7)
    Args: x (N,H,W,C). Returns: (N,H',W',C), dtype of x, differentiable.
    Constraints: TensorFlow ops; no tf.nn.max_pool*, keras.layers.
    Edge cases: odd height/width (the last row/column is dropped), negative inputs (no zero padding), stride < size,
        channels pooled independently.
    """
    raise NotImplementedError


# Stretch, for bonus points: pooling over the whole image.
def object_present(maps: np.ndarray, threshold: float = 0.0) -> np.ndarray:
    """"Is there such an object in the image?" - location no longer matters.

    Definition: for every image, 1 if ANY location of its score map exceeds threshold (global max > threshold).   (eq. 8)
    Args: maps (N, H, W). Returns: (N,) int64.
    Edge cases: a response equal to the threshold does not count; the threshold may be negative.
    """
    raise NotImplementedError


# Stretch, for bonus points: preparing data.
def normalize_images(images: np.ndarray, mean: float = 0.1307, std: float = 0.3081) -> np.ndarray:
    """ToTensor + Normalize of the slide, for Keras: uint8 (N,28,28) -> float32 (N,28,28,1).

    Definition: (images/255 - mean)/std; 0 -> -0.4242, 255 -> 2.8215.   (eq. 9)
    Args: images (N, H, W) uint8. Returns: (N, H, W, 1) float32.
    Edge cases: uint8 arithmetic must not wrap; channel axis LAST; the input is not modified.
    """
    raise NotImplementedError


def build_cnn(input_shape: tuple = (28, 28, 1), num_classes: int = 10, filters: tuple = (20, 50), dense: int = 500) -> keras.Model:
    """The slide's PyTorch Net in Keras: conv 20@5x5 - relu - pool 2 - conv 50@5x5 - relu - pool 2 - fc 500 - relu - fc 10.

    Args: input_shape (H, W, C), channels last; num_classes; filters of the two convolutions; units of the first fc layer.
    Returns: a built keras.Sequential, which need not be compiled, with logits output (no softmax, as F.cross_entropy wants).
    """
    raise NotImplementedError


def train_epoch(
    model: keras.Model, batches: list, loss_fn, optimizer, epoch: int, log_interval: int = 10, log=print
) -> float:
    """One epoch of the slide's train() with tf.GradientTape and its log line.

    Definition: for batch_idx, (x, y): loss = loss_fn(y, model(x, training=True)), apply gradients; INSIDE the loop, if
        batch_idx % log_interval == 0: log('Train Epoch: {} [{}/{} ({:.0f}%)]\\tLoss: {:.6f}') with epoch,
        batch_idx * len(first batch), number of samples, 100 * batch_idx / number of batches, loss.   (eq. 10)
    Args: model; batches: list of (x, y); loss_fn(y, model's answer) -> mean loss of a batch; optimizer: a Keras optimizer;
        epoch: its number, for the log; log: called with one line of text.
    Returns: mean loss per SAMPLE over the epoch (last batch may be smaller), a float.   (eq. 11)
    """
    raise NotImplementedError


def evaluate_model(model: keras.Model, batches: list) -> tuple[float, float]:
    """The slide's test(): average loss and accuracy over a whole test set.

    Definition: sum over batches of the SUMMED cross-entropy (logits, integer labels), divided by the number of
        samples; correct = argmax == label.   (eq. 12)
    Args: model with logits output; batches: list of (x, y), y integer labels.
    Returns: (average loss, accuracy in 0..1) floats. model called with training=False; weights and BN state unchanged.
    Edge cases: last batch smaller (mean of batch means is wrong); empty list -> ValueError.
    """
    raise NotImplementedError


# Stretch, for bonus points: a tool: weights from another library.
def torch_to_keras_weights(state: dict, pooled_shape: tuple = (4, 4, 50)) -> list[np.ndarray]:
    """Translate the slide's state_dict (mnist_cnn.pt as numpy arrays) to model.set_weights order.

    Definition: conv weight (out, in, kh, kw) -> (kh, kw, in, out); linear weight (out, in) -> (in, out);
        fc1 additionally re-ordered from the (C, H, W) flattening of PyTorch to the (H, W, C) flattening of Keras.   (eq. 13)
    Args: state with keys conv1.weight, conv1.bias, conv2.*, fc1.*, fc2.*; pooled_shape (H, W, C) before Flatten.
    Returns: list of 8 arrays [conv1 kernel, bias, conv2 kernel, bias, fc1 kernel, bias, fc2 kernel, bias].
    """
    raise NotImplementedError


# Stretch, for bonus points: preparing an experiment.
def shift_images(X: np.ndarray, dy: int, dx: int) -> np.ndarray:
    """Move every image dy rows down and dx columns right, filling with zeros (no wrap-around).

    Args: X (N, H, W, C); dy, dx may be negative. Returns: same shape and dtype, X unchanged.
    Edge cases: |dy| >= H or |dx| >= W -> all zeros; dy = dx = 0.
    """
    raise NotImplementedError


# Stretch, for bonus points: a tool: the model in a file.
def save_and_reload(model: keras.Model, path: str) -> keras.Model:
    """Save the trained model (torch.save of the slide) to `path` ("*.keras") and return a NEW model loaded from it.

    Args: model; path: the file to write. Returns: the model that the file holds.
    """
    raise NotImplementedError
