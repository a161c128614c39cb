"""hw2: the XOR multi-layer perceptron (lecture blocks "More Layers" to "Gradient Descent").

One network in three notations: by hand with the slide's deltas, by automatic differentiation, and in Keras.
The equations are numbered as in the handout, assignments/hw2/README.md.
"""

from __future__ import annotations

from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf

XOR_X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])  # the four rows of {0, 1}^2
XOR_Y = np.array([0.0, 1.0, 1.0, 0.0])  # 1 where exactly one input is 1
NAMES = ("w1", "w2", "w3", "w4", "w5", "w6", "b1", "b2", "b3")  # the parameters of the 2-2-1 network


def forward_221(x: np.ndarray, p: dict) -> dict:
    """Forward pass of the slide's 2-2-1 tanh network for ONE sample.

    Definition: h1 = x1 w1 + x2 w2 + b1;  h2 = x1 w3 + x2 w4 + b2;  u1 = tanh h1;  u2 = tanh h2;
        f = u1 w5 + u2 w6 + b3   (the output is linear).   (eq. 1-3)
    Args: x (2,); p dict with keys w1..w6, b1..b3 (floats).
    Returns: dict with float entries h1, h2, u1, u2, f (the cache of the backward pass).
    """
    raise NotImplementedError


def half_squared_error(f: float, y: float) -> float:
    """The slide's error for one sample: E = 1/2 (f - y)^2.   (eq. 4)

    Args: f the network's answer, y the target (floats). Returns: a float.
    """
    raise NotImplementedError


def backward_221(x: np.ndarray, y: float, p: dict, cache: dict) -> tuple[dict, dict]:
    """Backward pass of the slide's 2-2-1 network for one sample, with the slide's deltas.

    d1 to d5 are the derivatives of E with respect to f, u1, u2, h1 and h2. Derive them and the nine gradients (eq. 5-12);
    for hints: dlkit hint hw2 backward_221.

    Args: x (2,), y float, p parameters, cache = forward_221(x, p).
    Returns: (grads with keys w1..w6, b1..b3; deltas with keys d1..d5), floats.
    Constraints: the chain rule by hand: no GradientTape, no numerical_gradient; p and cache are not modified.
    """
    raise NotImplementedError


def numerical_gradient(fn: Callable, theta: np.ndarray, eps: float = 1e-5) -> np.ndarray:
    """Central-difference gradient of a scalar function, for checking backprop.

    Derive the formula (eq. 13); for hints: dlkit hint hw2 numerical_gradient. Each coordinate moves by eps to either side.

    Args: fn: callable(array) -> float; theta float array of any shape. Returns: array of theta's shape.
    Edge cases: theta must be left exactly as it was (restore after perturbing); 0-d and 2-d theta.
    """
    raise NotImplementedError


def gd_step(params: dict, grads: dict, lr: float) -> dict:
    """One gradient-descent step on every parameter: w(t+1) = w(t) - lr * dE/dw.   (eq. 14)

    Returns: a NEW dict with the same keys (weights and biases alike); params is not modified.
    """
    raise NotImplementedError


def train_xor(params: dict, lr: float = 0.1, epochs: int = 1000) -> tuple[dict, list[float]]:
    """Full-batch gradient descent of the 2-2-1 network on XOR from given initial parameters.

    Definition: per epoch: E_total = sum over the 4 rows of XOR_X of E; gradient = SUM of the four sample
        gradients, all taken at the same parameters; one gd_step. history[t] = E_total BEFORE update t.
    Returns: (final params, history of length epochs).
    Constraints: uses forward_221, backward_221, gd_step; deterministic.
    """
    raise NotImplementedError


def mlp_forward(X: tf.Tensor, w: tf.Tensor, v: tf.Tensor) -> tf.Tensor:
    """One hidden layer in the slide's matrix notation, y = v tanh(w x), for a whole batch.

    Definition: fold x_0 = 1 into every row of X; u = tanh(w x~); y = v u. No output bias (as on the slide).
        (eq. 15)
    Args: X (N, d), w (H, d+1) - column 0 is the bias -, v (K, H); one float dtype for all.
    Returns: (N, K) tensor of that dtype, differentiable with respect to X, w and v.
    Constraints: TensorFlow matrix products, no loop over samples or units, no keras.layers.
    Edge cases: N = 0 -> (0, K); N == d+1 == H (square: a missing transpose does not raise).
    """
    raise NotImplementedError


def build_xor_mlp(hidden: int = 2, activation: str = "tanh", seed: int = 0) -> keras.Model:
    """The XOR network in Keras: 2 inputs -> hidden units -> 1 sigmoid probability.

    Definition: Input((2,)), Dense(hidden, activation), Dense(1, "sigmoid"); the kernels start from initializers with a
        seed, such as GlorotUniform(seed) and GlorotUniform(seed + 1).
    Returns: built keras.Sequential, which need not be compiled; (2*hidden + hidden) + (hidden + 1) parameters: 9 for hidden=2.
    Edge cases: same seed -> same initial weights; different seeds -> different.
    """
    raise NotImplementedError


# Stretch, for bonus points: the same nine gradients by a tool.
def tape_gradients_221(X: np.ndarray, Y: np.ndarray, p: dict) -> dict:
    """The same nine gradients by automatic differentiation, summed over a batch.

    Definition: gradients of E_total = sum_i 1/2 (f(x_i) - y_i)^2 (the slide sums over the samples).   (eq. 16)
    Args: X (N, 2), Y (N,), p dict of floats. Returns: dict of 9 Python floats.
    Constraints: tf.GradientTape, float64; f written with TensorFlow ops.
    Edge cases: N = 0 -> all zeros (not None).
    """
    raise NotImplementedError


# Stretch, for bonus points: a numerical refinement: no overflow in the gradient.
def sigmoid(z: tf.Tensor) -> tf.Tensor:
    """Logistic function, element-wise, differentiable by tf.GradientTape and safe for every finite z.

    Definition: sigma(z) = 1 / (1 + e^-z) = (1 + tanh(z/2)) / 2.   (eq. 17)
    Args: z any shape, float32 or float64. Returns: same shape and dtype.
    Constraints: TensorFlow ops only (no numpy, no .numpy()); no tf.sigmoid, tf.nn.sigmoid,
        tf.math.log_sigmoid or tf.nn.silu, nothing of keras.activations.
    Edge cases: |z| up to 1e4 in float32: values 0/1, gradient 0 - never nan (1/(1+exp(-z)) has a nan GRADIENT
        below z = -89 although its value is right). Advice only, not graded: a form with tf.abs has gradient 0
        at exactly z = 0, so the grader never probes gradients at exactly 0.
    """
    raise NotImplementedError


# Stretch, for bonus points: the slope of tanh again, and three more.
def activation_derivative(name: str, z: np.ndarray) -> np.ndarray:
    """Derivative of an activation with respect to its INPUT z (the pre-activation), element-wise.

    Derive the slopes (eq. 18); for hints: dlkit hint hw2 activation_derivative.

    Args: name "sigmoid", "tanh", "relu" or "linear"; z array of any shape. Returns: array of floats, of the shape of z.
    Edge cases: |z| = 800 must give 0 without overflow warnings; relu'(0) = 0; unknown name -> ValueError.
    """
    raise NotImplementedError


# Stretch, for bonus points: an application: least squares in a network.
def fit_output_weights(x: np.ndarray, y: np.ndarray, w: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Universal approximation in one dimension: best output weights for fixed hidden units.

    Definition: f(x) = sum_i v_i tanh(w_i x + b_i); v = argmin sum_n (f(x_n) - y_n)^2 (least squares,
        minimum norm when not unique).   (eq. 19)
    Args: x (N,), y (N,), w (H,), b (H,). Returns: v (H,).
    """
    raise NotImplementedError
