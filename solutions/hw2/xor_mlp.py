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
    h1 = x[0] * p["w1"] + x[1] * p["w2"] + p["b1"]
    h2 = x[0] * p["w3"] + x[1] * p["w4"] + p["b2"]
    u1, u2 = np.tanh(h1), np.tanh(h2)
    f = u1 * p["w5"] + u2 * p["w6"] + p["b3"]
    return {"h1": h1, "h2": h2, "u1": u1, "u2": u2, "f": f}


def half_squared_error(f: float, y: float) -> float:
    """The slide's error for one sample: E = 1/2 (f - y)^2.   (eq. 4)

    Args: f the network's answer, y the target (floats). Returns: a float.
    """
    return 0.5 * (f - y) ** 2


def backward_221(x: np.ndarray, y: float, p: dict, cache: dict) -> tuple[dict, dict]:
    """Backward pass of the slide's 2-2-1 network for one sample, with the slide's deltas.

    d1 to d5 are the derivatives of E with respect to f, u1, u2, h1 and h2. Derive them and the nine gradients (eq. 5-12);
    for hints: dlkit hint hw2 backward_221.

    Derivation: d1 = dE/df = f - y;  d2 = dE/du1 = d1 w5;  d3 = dE/du2 = d1 w6;
        d4 = dE/dh1 = d2 (1 - tanh^2 h1);  d5 = dE/dh2 = d3 (1 - tanh^2 h2);   (eq. 5-9)
        dE/db3 = d1, dE/dw5 = d1 u1, dE/dw6 = d1 u2, dE/db1 = d4, dE/dw1 = d4 x1, dE/dw2 = d4 x2, dE/db2 = d5,
        dE/dw3 = d5 x1, dE/dw4 = d5 x2.   (eq. 10-12; dE/dw2 is missing on the slide)
    Args: x (2,), y float, p parameters, cache = forward_221(x, p).
    Returns: (grads with keys w1..w6, b1..b3; deltas with keys d1..d5), floats.
    Constraints: the chain rule by hand: no GradientTape, no numerical_gradient; p and cache are not modified.
    """
    d1 = cache["f"] - y
    d2 = d1 * p["w5"]
    d3 = d1 * p["w6"]
    d4 = d2 * (1 - np.tanh(cache["h1"]) ** 2)
    d5 = d3 * (1 - np.tanh(cache["h2"]) ** 2)
    grads = dict(
        w1=d4 * x[0], w2=d4 * x[1],
        w3=d5 * x[0], w4=d5 * x[1],
        w5=d1 * cache["u1"], w6=d1 * cache["u2"],
        b1=d4, b2=d5, b3=d1,
    )  # fmt: skip  # a weight's gradient: the delta at its end times the value at its start
    return grads, {"d1": d1, "d2": d2, "d3": d3, "d4": d4, "d5": d5}


def numerical_gradient(fn: Callable, theta: np.ndarray, eps: float = 1e-5) -> np.ndarray:
    """Central-difference gradient of a scalar function, for checking backprop.

    Derive the formula (eq. 13); for hints: dlkit hint hw2 numerical_gradient. Each coordinate moves by eps to either side.

    Derivation: g_i = (fn(theta + eps e_i) - fn(theta - eps e_i)) / (2 eps).   (eq. 13)
    Args: fn: callable(array) -> float; theta float array of any shape. Returns: array of theta's shape.
    Edge cases: theta must be left exactly as it was (restore after perturbing); 0-d and 2-d theta.
    """
    theta = np.array(theta, dtype=float)  # a copy: the caller's array stays as it is
    grad = np.zeros_like(theta)
    for i in np.ndindex(theta.shape):
        old = theta[i]
        theta[i] = old + eps
        plus = fn(theta.copy())
        theta[i] = old - eps
        minus = fn(theta.copy())
        theta[i] = old
        grad[i] = (plus - minus) / (2 * eps)
    return grad


def gd_step(params: dict, grads: dict, lr: float) -> dict:
    """One gradient-descent step on every parameter: w(t+1) = w(t) - lr * dE/dw.   (eq. 14)

    Returns: a NEW dict with the same keys (weights and biases alike); params is not modified.
    """
    return {k: params[k] - lr * grads[k] for k in params}


def train_xor(params: dict, lr: float = 0.1, epochs: int = 1000) -> tuple[dict, list[float]]:
    """Full-batch gradient descent of the 2-2-1 network on XOR from given initial parameters.

    Definition: per epoch: E_total = sum over the 4 rows of XOR_X of E; gradient = SUM of the four sample
        gradients, all taken at the same parameters; one gd_step. history[t] = E_total BEFORE update t.
    Returns: (final params, history of length epochs).
    Constraints: uses forward_221, backward_221, gd_step; deterministic.
    """
    p = dict(params)
    history = []
    for _ in range(epochs):
        error, total = 0.0, dict.fromkeys(p, 0.0)
        for x, y in zip(XOR_X, XOR_Y, strict=True):  # every sample sees the same p
            cache = forward_221(x, p)
            error += half_squared_error(cache["f"], y)
            grads, _ = backward_221(x, y, p, cache)
            for k in total:
                total[k] += grads[k]
        history.append(float(error))
        p = gd_step(p, total, lr)
    return p, history


def mlp_forward(X: tf.Tensor, w: tf.Tensor, v: tf.Tensor) -> tf.Tensor:
    """One hidden layer in the slide's matrix notation, y = v tanh(w x), for a whole batch.

    Definition: fold x_0 = 1 into every row of X; u = tanh(w x~); y = v u. No output bias (as on the slide).
        (eq. 15)
    Args: X (N, d), w (H, d+1) - column 0 is the bias -, v (K, H); one float dtype for all.
    Returns: (N, K) tensor of that dtype, differentiable with respect to X, w and v.
    Constraints: TensorFlow matrix products, no loop over samples or units, no keras.layers.
    Edge cases: N = 0 -> (0, K); N == d+1 == H (square: a missing transpose does not raise).
    """
    ones = tf.ones([tf.shape(X)[0], 1], dtype=X.dtype)  # (N, 1)
    Xf = tf.concat([ones, X], axis=1)  # (N, 1), (N, d) -> (N, d+1)
    u = tf.tanh(Xf @ tf.transpose(w))  # (N, d+1) @ (d+1, H) -> (N, H)
    return u @ tf.transpose(v)  # (N, H) @ (H, K) -> (N, K)


def build_xor_mlp(hidden: int = 2, activation: str = "tanh", seed: int = 0) -> keras.Model:
    """The XOR network in Keras: 2 inputs -> hidden units -> 1 sigmoid probability.

    Definition: Input((2,)), Dense(hidden, activation), Dense(1, "sigmoid"); the kernels start from initializers with a
        seed, such as GlorotUniform(seed) and GlorotUniform(seed + 1).
    Returns: built keras.Sequential, which need not be compiled; (2*hidden + hidden) + (hidden + 1) parameters: 9 for hidden=2.
    Edge cases: same seed -> same initial weights; different seeds -> different.
    """
    init = keras.initializers.GlorotUniform
    return keras.Sequential([
        keras.Input((2,)),
        keras.layers.Dense(hidden, activation=activation, kernel_initializer=init(seed)),  # (N, 2) -> (N, hidden)
        keras.layers.Dense(1, activation="sigmoid", kernel_initializer=init(seed + 1)),  # (N, hidden) -> (N, 1)
    ])  # fmt: skip


# Stretch, for bonus points: the same nine gradients by a tool.
def tape_gradients_221(X: np.ndarray, Y: np.ndarray, p: dict) -> dict:
    """The same nine gradients by automatic differentiation, summed over a batch.

    Definition: gradients of E_total = sum_i 1/2 (f(x_i) - y_i)^2 (the slide sums over the samples).   (eq. 16)
    Args: X (N, 2), Y (N,), p dict of floats. Returns: dict of 9 Python floats.
    Constraints: tf.GradientTape, float64; f written with TensorFlow ops.
    Edge cases: N = 0 -> all zeros (not None).
    """
    v = {k: tf.Variable(p[k], dtype=tf.float64) for k in NAMES}
    x1, x2 = tf.constant(X[:, 0], tf.float64), tf.constant(X[:, 1], tf.float64)  # (N,), (N,)
    with tf.GradientTape() as tape:
        u1 = tf.tanh(x1 * v["w1"] + x2 * v["w2"] + v["b1"])  # (N,)
        u2 = tf.tanh(x1 * v["w3"] + x2 * v["w4"] + v["b2"])  # (N,)
        f = u1 * v["w5"] + u2 * v["w6"] + v["b3"]  # (N,)
        loss = tf.reduce_sum(0.5 * (f - tf.constant(Y, tf.float64)) ** 2)  # (N,) -> ()
    grads = tape.gradient(loss, v)
    return {k: float(grads[k]) for k in NAMES}


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
    return 0.5 * (1.0 + tf.tanh(0.5 * z))  # tanh saturates instead of overflowing, and so does its derivative


# Stretch, for bonus points: the slope of tanh again, and three more.
def activation_derivative(name: str, z: np.ndarray) -> np.ndarray:
    """Derivative of an activation with respect to its INPUT z (the pre-activation), element-wise.

    Derive the slopes (eq. 18); for hints: dlkit hint hw2 activation_derivative.

    Derivation: "sigmoid": s(1-s), s = sigma(z); "tanh": 1 - tanh(z)^2; "relu": 1 if z > 0 else 0; "linear": 1.
        (eq. 18)
    Args: name "sigmoid", "tanh", "relu" or "linear"; z array of any shape. Returns: array of floats, of the shape of z.
    Edge cases: |z| = 800 must give 0 without overflow warnings; relu'(0) = 0; unknown name -> ValueError.
    """
    z = np.asarray(z, dtype=np.float64)
    if name == "sigmoid":
        s = 0.5 * (1.0 + np.tanh(0.5 * z))
        return s * (1.0 - s)
    if name == "tanh":
        return 1.0 - np.tanh(z) ** 2
    if name == "relu":
        return (z > 0).astype(float)
    if name == "linear":
        return np.ones_like(z)
    raise ValueError(f"`name` must be 'sigmoid', 'tanh', 'relu' or 'linear'. Received: {name!r}")


# Stretch, for bonus points: an application: least squares in a network.
def fit_output_weights(x: np.ndarray, y: np.ndarray, w: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Universal approximation in one dimension: best output weights for fixed hidden units.

    Definition: f(x) = sum_i v_i tanh(w_i x + b_i); v = argmin sum_n (f(x_n) - y_n)^2 (least squares,
        minimum norm when not unique).   (eq. 19)
    Args: x (N,), y (N,), w (H,), b (H,). Returns: v (H,).
    """
    phi = np.tanh(np.outer(x, w) + b)  # (N,), (H,) -> (N, H): row n holds the units' answers to x_n
    return np.linalg.lstsq(phi, y, rcond=None)[0]  # (H,)
