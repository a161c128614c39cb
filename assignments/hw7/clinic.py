"""hw7: the clinic (all lecture blocks).

Ten small programs that run, and learn badly. Each has one fault. Name the faults in `diagnosis`, then repair the programs.
Every program returns a chart: a dict with what it has learned, and the loss and the size of the gradient at each step.
The programs stand in the order of the handout, assignments/hw7/README.md.
"""

from __future__ import annotations

import keras
import numpy as np
import tensorflow as tf

FAULTS = (
    "dead ReLUs",
    "equal weights",
    "gradients add up",
    "inference mode in training",
    "labels apart from the inputs",
    "leak of held-out rows",
    "learning rate too high",
    "learning rate too low",
    "metric of the wrong kind",
    "no gradient",
    "overfitting",
    "saturated units",
    "softmax twice",
    "test set chooses",
    "unscaled inputs",
    "vanishing gradient",
)


def diagnosis() -> dict[str, str]:
    """Name the fault of each program.

    Returns: a dict from the name of each program to one of FAULTS, as it is written there. "" stands for: not named yet.
    Graded: programs 1 and 2, 3 and 4, and so on: both names of a pair have to be right. A stretch program may keep "".
    """
    return {
        "price_flats": "",
        "trace_wave": "",
        "sort_wines": "",
        "read_signs": "",
        "screen_patients": "",
        "grade_apples": "",
        "filter_letters": "",
        "spot_beams": "",
        "sort_stamps": "",
        "read_sensors": "",
    }


def price_flats(X: np.ndarray, y: np.ndarray, X_new: np.ndarray, steps: int = 300) -> dict:
    """Predict the price of a flat from three of its properties: linear regression by gradient descent.

    L = 1/(2n) sum_i (w.x_i + b - y_i)^2

    Args: X (n, 3) in standard units; y (n,) prices; X_new (m, 3); steps: how many updates may be made.
    Returns: "predictions" (m,) for X_new; "loss" and "gradient" (steps,), the norm of the gradient.
    Healthy: the predictions explain 90 % of the variance of new prices.
    """
    w, b = np.zeros(X.shape[1]), 0.0
    rate = 0.0005
    losses, gradients = [], []
    for _ in range(steps):
        error = X @ w + b - y  # (n,)
        dw, db = X.T @ error / len(y), error.mean()
        losses.append(np.mean(error**2) / 2)
        gradients.append(np.sqrt(dw @ dw + db**2))
        w, b = w - rate * dw, b - rate * db
    return {"predictions": X_new @ w + b, "loss": losses, "gradient": gradients}


# Stretch, for bonus points: another curve that jumps.
def trace_wave(X: np.ndarray, y: np.ndarray, X_new: np.ndarray, steps: int = 400) -> dict:
    """Draw a smooth curve through noisy points: a network with 16 tanh units, trained by gradient descent with momentum.

    f(x) = v.tanh(x W + b) + c, L = 1/(2n) sum_i (f(x_i) - y_i)^2

    Args: X (n, 1) in [-1, 1]; y (n,); X_new (m, 1); steps: how many updates may be made.
    Returns: "predictions" (m,) for X_new; "loss" and "gradient" (steps,).
    Healthy: the predictions explain 90 % of the variance of new values.
    """
    rng = np.random.default_rng(0)
    weights = [2 * rng.normal(size=(1, 16)), rng.normal(size=16), rng.normal(size=16) / 4, np.zeros(1)]
    velocity = [np.zeros_like(weight) for weight in weights]
    rate = 1.0
    losses, gradients = [], []
    for _ in range(steps):
        W, b, v, c = weights
        h = np.tanh(X @ W + b)  # (n, 16)
        error = (h @ v + c - y) / len(y)  # (n,)
        dh = np.outer(error, v) * (1 - h**2)  # (n, 16)
        slopes = [X.T @ dh, dh.sum(axis=0), h.T @ error, error.sum(keepdims=True)]
        losses.append(np.sum(error**2) * len(y) / 2)
        gradients.append(np.sqrt(sum(np.sum(slope**2) for slope in slopes)))
        velocity = [0.9 * speed - rate * slope for speed, slope in zip(velocity, slopes, strict=True)]
        weights = [weight + speed for weight, speed in zip(weights, velocity, strict=True)]
    W, b, v, c = weights
    return {"predictions": np.tanh(X_new @ W + b) @ v + c, "loss": losses, "gradient": gradients}


def sort_wines(X: np.ndarray, y: np.ndarray, X_new: np.ndarray, steps: int = 200) -> dict:
    """Tell three sorts of wine apart by four measured values: softmax regression by gradient descent.

    Args: X (n, 4): alcohol in %, acid in g/l, magnesium and proline in mg/l; y (n,) of 0, 1, 2; X_new (m, 4).
    Returns: "predictions" (m,) labels for X_new; "loss" and "gradient" (steps,).
    Healthy: 90 % of new wines are right, whatever the units of the columns are.
    """
    W, b = np.zeros((X.shape[1], 3)), np.zeros(3)
    losses, gradients = [], []
    for _ in range(steps):
        Z = X @ W + b
        P = np.exp(Z - Z.max(axis=1, keepdims=True))
        P /= P.sum(axis=1, keepdims=True)  # (n, 3)
        losses.append(-np.mean(np.log(P[np.arange(len(y)), y] + 1e-12)))
        dZ = (P - np.eye(3)[y]) / len(y)
        dW, db = X.T @ dZ, dZ.sum(axis=0)
        gradients.append(np.sqrt(np.sum(dW**2) + np.sum(db**2)))
        W, b = W - 0.5 * dW, b - 0.5 * db
    return {"predictions": (X_new @ W + b).argmax(axis=1), "loss": losses, "gradient": gradients}


def read_signs(X: np.ndarray, y: np.ndarray, X_new: np.ndarray, epochs: int = 10) -> dict:
    """Read ten signs of 6 x 6 pixels: softmax regression on mini-batches of 20.

    Args: X (n, 36); y (n,) of 0..9; X_new (m, 36); epochs: how often each sample is used.
    Returns: "predictions" (m,) labels for X_new; "loss" and "gradient" (epochs,), means over an epoch.
    Healthy: 90 % of new signs are right.
    """
    rng = np.random.default_rng(0)
    W, b = np.zeros((X.shape[1], 10)), np.zeros(10)
    losses, gradients = [], []
    for _ in range(epochs):
        X, y = rng.permutation(X), rng.permutation(y)
        seen = []
        for start in range(0, len(X), 20):
            x, labels = X[start : start + 20], y[start : start + 20]
            Z = x @ W + b
            P = np.exp(Z - Z.max(axis=1, keepdims=True))
            P /= P.sum(axis=1, keepdims=True)  # (20, 10)
            dZ = (P - np.eye(10)[labels]) / len(labels)
            dW, db = x.T @ dZ, dZ.sum(axis=0)
            seen.append([-np.mean(np.log(P[np.arange(len(labels)), labels] + 1e-12)), np.sqrt(np.sum(dW**2) + np.sum(db**2))])
            W, b = W - 0.1 * dW, b - 0.1 * db
        loss, gradient = np.mean(seen, axis=0)
        losses.append(loss)
        gradients.append(gradient)
    return {"predictions": (X_new @ W + b).argmax(axis=1), "loss": losses, "gradient": gradients}


def screen_patients(X: np.ndarray, y: np.ndarray, X_new: np.ndarray) -> dict:
    """Find the ill by one blood value: whoever is above a threshold is asked to come again.

    Nobody wants to miss the ill, and nobody wants to alarm the healthy: a good test is right about most of the ill, and about
    most of the healthy.

    Args: X (n, 1) blood values; y (n,), 1 for ill, about 2 % of all; X_new (m, 1).
    Returns: "predictions" (m,), 1 for whoever is asked to come again; "score" of each of the 60 thresholds that were tried.
    Healthy: the mean of the two shares of right answers, of the ill and of the healthy, is at least 0.8 on new people.
    """
    thresholds = np.linspace(X.min(), X.max(), 60)
    scores = []
    for threshold in thresholds:
        called = X[:, 0] > threshold
        scores.append(np.mean(called == y))
    best = thresholds[np.argmax(scores)]
    return {"predictions": (X_new[:, 0] > best).astype(int), "score": scores}


def grade_apples(X: np.ndarray, y: np.ndarray, X_new: np.ndarray) -> dict:
    """Tell two sorts of apples apart by weight and sugar: each new apple gets the sort of the nearest centre.

    Args: X (n, 2): weight in g, sugar in %; y (n,) of 0 and 1; X_new (m, 2).
    Returns: "predictions" (m,) labels for X_new; "distances" (m, 2) to the two centres.
    Healthy: 90 % of new apples are right. What is said of an apple does not depend on the apples beside it.
    """
    every = np.vstack([X, X_new])
    mean, spread = every.mean(axis=0), every.std(axis=0)
    X, X_new = (X - mean) / spread, (X_new - mean) / spread
    centres = np.stack([X[y == sort].mean(axis=0) for sort in (0, 1)])  # (2, 2)
    distances = np.linalg.norm(X_new[:, None] - centres, axis=2)  # (m, 2)
    return {"predictions": distances.argmin(axis=1), "distances": distances}


# Stretch, for bonus points: a third fine score.
def filter_letters(X: np.ndarray, y: np.ndarray, X_test: np.ndarray, y_test: np.ndarray, steps: int = 120) -> dict:
    """Sort out advertisements: logistic regression with early stopping, and an honest number for the report.

    Args: X (n, 60) word counts in standard units; y (n,), 1 for an advertisement; X_test (m, 60) and y_test (m,): letters that
        nobody has looked at yet, for the number in the report.
    Returns: "predictions" (m,) labels for X_test; "accuracy", the share of them that is right; "loss" and "gradient" (steps,).
    Healthy: 85 % of the predictions are right, and "accuracy" is what new letters will have, too.
    """
    w, best, most = np.zeros(X.shape[1]), np.zeros(X.shape[1]), -1.0
    losses, gradients = [], []
    for _ in range(steps):
        p = 1 / (1 + np.exp(-X @ w))
        dw = X.T @ (p - y) / len(y)
        losses.append(-np.mean(np.log(np.where(y == 1, p, 1 - p) + 1e-12)))
        gradients.append(np.sqrt(dw @ dw))
        w = w - 0.5 * dw
        right = np.mean((X_test @ w > 0) == y_test)
        if right > most:
            best, most = w, right
    predictions = (X_test @ best > 0).astype(int)
    return {"predictions": predictions, "accuracy": np.mean(predictions == y_test), "loss": losses, "gradient": gradients}


def spot_beams(X: np.ndarray, y: np.ndarray, epochs: int = 12) -> dict:
    """Find the points in a beam along the diagonal: a Keras network with two layers of 16 ReLUs.

    Args: X (n, 2), all coordinates are positive; y (n,), 1 in the beam; epochs: how often each point is used.
    Returns: "model", a keras.Model that gives one logit (n, 1) for each row; "loss" (epochs,).
    Healthy: 90 % of new points are right, and hidden units are awake: at least one in four is above 0 for some point.
    """
    keras.utils.set_random_seed(0)
    start = keras.initializers.RandomUniform(-0.5, 0.0, seed=1)
    model = keras.Sequential([
        keras.Input((2,)),
        keras.layers.Dense(16, activation="relu", kernel_initializer=start),
        keras.layers.Dense(16, activation="relu"),
        keras.layers.Dense(1),
    ])  # fmt: skip
    model.compile(keras.optimizers.Adam(0.03), keras.losses.BinaryCrossentropy(from_logits=True))
    losses = model.fit(X, y, batch_size=20, epochs=epochs, verbose=0).history["loss"]
    return {"model": model, "loss": losses}


def sort_stamps(X: np.ndarray, y: np.ndarray, X_new: np.ndarray, steps: int = 60) -> dict:
    """Sort ten kinds of stamps of 6 x 6 pixels: one layer in Keras, trained under the tape.

    Args: X (n, 36); y (n,) of 0..9; X_new (m, 36); steps: how many updates may be made.
    Returns: "predictions" (m, 10), the probability of each kind for X_new; "loss" and "gradient" (steps,).
    Healthy: the mean of -log p of the right kind is below 0.3 on new stamps.
    """
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((X.shape[1],)), keras.layers.Dense(10, activation="softmax")])
    optimizer = keras.optimizers.SGD(0.5)
    images = tf.constant(X, tf.float32)
    losses, gradients = [], []
    for _ in range(steps):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(y, model(images, training=True)))
        slopes = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(slopes, model.trainable_variables, strict=True))
        losses.append(float(loss))
        gradients.append(float(tf.linalg.global_norm(slopes)))
    predictions = model(tf.constant(X_new, tf.float32), training=False).numpy()
    return {"predictions": predictions, "loss": losses, "gradient": gradients}


# Stretch, for bonus points: the hardest case.
def read_sensors(X: np.ndarray, y: np.ndarray, steps: int = 50) -> dict:
    """Tell the state of a machine by six sensors: batch normalisation puts them on one scale, one layer reads them.

    Args: X (n, 6), each sensor has an offset of its own; y (n,) of 0, 1, 2; steps: how many updates may be made.
    Returns: "model", a keras.Model that gives three logits (n, 3) for each row; "loss" and "gradient" (steps,).
    Healthy: 90 % of new readings are right, and the same call twice gives the same answer.
    """
    keras.utils.set_random_seed(0)
    model = keras.Sequential([
        keras.Input((X.shape[1],)),
        keras.layers.BatchNormalization(momentum=0.9),
        keras.layers.Dense(3),
    ])  # fmt: skip
    optimizer = keras.optimizers.SGD(0.3)
    readings = tf.constant(X, tf.float32)
    losses, gradients = [], []
    for _ in range(steps):
        with tf.GradientTape() as tape:
            logits = model(readings)
            loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(y, logits))
        slopes = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(slopes, model.trainable_variables, strict=True))
        losses.append(float(loss))
        gradients.append(float(tf.linalg.global_norm(slopes)))
    return {"model": model, "loss": losses, "gradient": gradients}
