"""hw1: each function breaks one promise of a docstring, which its own docstring names.

What stands before `__` is the function that it replaces; everything else of the file is the reference's.
"""


def perceptron_predict__boundary(X, w, b):
    """A point on the boundary is class 0."""
    return (np.asarray(X) @ w + b >= 0).astype(np.int64)


def perceptron_predict__float_labels(X, w, b):
    """Labels are int64."""
    return (np.asarray(X) @ w + b > 0).astype(np.float64)


def perceptron_predict__small_labels(X, w, b):
    """Labels are int64, not int8."""
    return (np.asarray(X) @ w + b > 0).astype(np.int8)


def perceptron_predict__no_rows(X, w, b):
    """N = 0 gives shape (0,)."""
    return np.array([int(x @ w + b > 0) for x in X]) if len(X) else np.zeros((0, 1), np.int64)


def perceptron_predict__column(X, w, b):
    """Labels have the shape (N,)."""
    return (np.asarray(X) @ np.reshape(w, (-1, 1)) + b > 0).astype(np.int64)


def perceptron_predict__first_columns_only(X, w, b):
    """Every feature counts."""
    return (np.asarray(X)[:, :2] @ w[:2] + b > 0).astype(np.int64)


def perceptron_predict__bias_rounded(X, w, b):
    """The bias is a number, not a whole number."""
    return (np.asarray(X) @ w + round(b) > 0).astype(np.int64)


def perceptron_predict__vectorized(X, w, b):
    """No loop over rows, whatever it is called."""
    return np.apply_along_axis(lambda x: int(x @ w + b > 0), 1, X) if len(X) else np.zeros(0, np.int64)


def fold_bias__keeps_whole_numbers(X):
    """Whole numbers come back as float64."""
    X = np.asarray(X)
    return np.concatenate([np.ones(X.shape[:-1] + (1,), X.dtype), X], axis=-1)


def fold_bias__single_precision(X):
    """The result is float64."""
    X = np.asarray(X, dtype=np.float32)
    return np.concatenate([np.ones(X.shape[:-1] + (1,), np.float32), X], axis=-1)


def fold_bias__batches_only(X):
    """A single sample (d,) is folded to (d+1,)."""
    X = np.atleast_2d(np.asarray(X, dtype=float))
    return np.hstack([np.ones((len(X), 1)), X])


def fold_bias__loses_the_width_of_no_rows(X):
    """N = 0 gives (0, d+1)."""
    X = np.asarray(X, dtype=float)
    return np.array([[1.0, *x] for x in X]) if X.ndim == 2 else np.array([1.0, *X])


def fold_bias__writes(X):
    """X is not modified."""
    out = np.insert(np.asarray(X, dtype=float), 0, 1.0, axis=-1)
    X[...] = 1
    return out


def gate_weights__with_an_imaginary_part(gate):
    """Weights are real numbers."""
    table = {"and": (1, 1, -1.5), "or": (1, 1, -0.5), "nand": (-1, -1, 1.5), "nor": (-1, -1, 0.5)}
    if gate not in table:
        raise ValueError
    return np.array(table[gate][:2]) + 1j, table[gate][2]


def gate_weights__as_texts(gate):
    """Weights are numbers."""
    table = {"and": ("1", "1"), "or": ("1", "1"), "nand": ("-1", "-1"), "nor": ("-1", "-1")}
    if gate not in table:
        raise ValueError
    return np.array(table[gate]), 0.5


def gate_weights__none_for_unknown(gate):
    """An unknown gate is a ValueError."""
    table = {"and": (1, 1, -1.5), "or": (1, 1, -0.5), "nand": (-1, -1, 1.5), "nor": (-1, -1, 0.5)}
    if gate == "xor":
        raise ValueError
    return (np.array(table[gate][:2]), table[gate][2]) if gate in table else (np.zeros(2), 0.0)


def gate_weights__key_error(gate):
    """An unknown gate is a ValueError, not a KeyError."""
    table = {"and": (1, 1, -1.5), "or": (1, 1, -0.5), "nand": (-1, -1, 1.5), "nor": (-1, -1, 0.5)}
    *w, b = table[gate]
    return np.array(w), b


def gate_weights__gives_weights_for_xor(gate):
    """For "xor" there are no weights."""
    table = {"and": (1, 1, -1.5), "or": (1, 1, -0.5), "nand": (-1, -1, 1.5), "nor": (-1, -1, 0.5), "xor": (1, 1, -0.5)}
    if gate not in table:
        raise ValueError
    *w, b = table[gate]
    return np.array(w), b


def gate_weights__three_weights(gate):
    """w has the shape (2,)."""
    table = {"and": (1, 1, -1.5), "or": (1, 1, -0.5), "nand": (-1, -1, 1.5), "nor": (-1, -1, 0.5)}
    if gate not in table:
        raise ValueError
    *w, b = table[gate]
    return np.array([b, *w]), b


def xor_from_gates__operator_on_two(X):
    """No ^ on the answers of two perceptrons and a third for show."""
    one, other = perceptron_predict(X, *gate_weights("or")), perceptron_predict(X, *gate_weights("and"))
    perceptron_predict(X, *gate_weights("nor"))
    return (one ^ other).astype(np.int64)


def xor_from_gates__not_equal_on_two(X):
    """No != on the answers of two perceptrons and a third for show."""
    one, other = perceptron_predict(X, *gate_weights("or")), perceptron_predict(X, *gate_weights("and"))
    perceptron_predict(X, *gate_weights("nor"))
    return (one != other).astype(np.int64)


def xor_from_gates__remainder(X):
    """No % on the sum of perceptrons' answers."""
    one, other = perceptron_predict(X, *gate_weights("or")), perceptron_predict(X, *gate_weights("and"))
    third = perceptron_predict(X, *gate_weights("nor"))
    return ((one + other + third - third) % 2).astype(np.int64)


def xor_from_gates__absolute_difference(X):
    """No abs of a difference of perceptrons' answers."""
    one, other = perceptron_predict(X, *gate_weights("or")), perceptron_predict(X, *gate_weights("and"))
    perceptron_predict(X, *gate_weights("nor"))
    return abs(one - other)


def xor_from_gates__two_perceptrons(X):
    """At least three calls of perceptron_predict."""
    one, other = perceptron_predict(X, *gate_weights("or")), perceptron_predict(X, *gate_weights("and"))
    return one * (1 - other)


def xor_from_gates__perceptrons_for_show(X):
    """The perceptrons' answers make the output."""
    for gate in ("or", "nand", "and"):
        perceptron_predict(X, *gate_weights(gate))
    X = np.asarray(X)
    return (X[:, 0] + X[:, 1] == 1).astype(np.int64)


def xor_from_gates__float_labels(X):
    """Labels are int64."""
    hidden = np.stack([perceptron_predict(X, *gate_weights("or")), perceptron_predict(X, *gate_weights("nand"))], axis=1)
    return perceptron_predict(hidden, *gate_weights("and")).astype(float)


def perceptron_step__same_array(w, x, y, lr=1.0):
    """The array is a new one, even where nothing changes."""
    yhat = 1 if w @ x > 0 else 0
    return w if yhat == y else w + lr * (y - yhat) * x


def perceptron_step__in_place(w, x, y, lr=1.0):
    """w is not modified."""
    w += lr * (y - int(w @ x > 0)) * x
    return w


def perceptron_step__ignores_lr(w, x, y, lr=1.0):
    """lr weighs the update."""
    return w + (y - int(w @ x > 0)) * x


def perceptron_step__other_default(w, x, y, lr=0.5):
    """lr is 1 by default."""
    return w + lr * (y - int(w @ x > 0)) * x


def perceptron_step__boundary(w, x, y, lr=1.0):
    """At w.x = 0 the answer is 0."""
    return w + lr * (y - int(w @ x >= 0)) * x


def perceptron_step__only_towards(w, x, y, lr=1.0):
    """An answer of 1 for a 0 moves the weights away."""
    return w + lr * max(0, y - int(w @ x > 0)) * x


def train_perceptron__no_rows(X, y, lr=1.0, max_epochs=100):
    """N = 0 gives zeros and [0]."""
    w, mistakes = np.zeros(np.shape(X)[1] + 1), []
    while len(X) and len(mistakes) < max_epochs and (not mistakes or mistakes[-1]):
        mistakes.append(0)
        for xi, yi in zip(fold_bias(X), y, strict=True):
            mistakes[-1] += int(yi != (w @ xi > 0))
            w = perceptron_step(w, xi, yi, lr)
    return w, mistakes


def train_perceptron__ninety_nine_by_default(X, y, lr=1.0, max_epochs=99):
    """There are at most 100 epochs by default."""
    w, mistakes = np.zeros(np.shape(X)[1] + 1), []
    while len(mistakes) < max_epochs and (not mistakes or mistakes[-1]):
        mistakes.append(0)
        for xi, yi in zip(fold_bias(X), y, strict=True):
            mistakes[-1] += int(yi != (w @ xi > 0))
            w = perceptron_step(w, xi, yi, lr)
    return w, mistakes


def train_perceptron__default_lr(X, y, lr=1.0, max_epochs=100):
    """lr reaches the steps."""
    w, mistakes = np.zeros(np.shape(X)[1] + 1), []
    while len(mistakes) < max_epochs and (not mistakes or mistakes[-1]):
        mistakes.append(0)
        for xi, yi in zip(fold_bias(X), y, strict=True):
            mistakes[-1] += int(yi != (w @ xi > 0))
            w = perceptron_step(w, xi, yi)
    return w, mistakes


def train_perceptron__without_the_final_zero(X, y, lr=1.0, max_epochs=100):
    """The final 0 belongs to the list."""
    w, mistakes = np.zeros(np.shape(X)[1] + 1), []
    for _ in range(max_epochs):
        wrong = 0
        for xi, yi in zip(fold_bias(X), y, strict=True):
            wrong += int(yi != (w @ xi > 0))
            w = perceptron_step(w, xi, yi, lr)
        if wrong == 0:
            break
        mistakes.append(wrong)
    return w, mistakes


def mean_squared_error__broadcasts(y_true, y_pred):
    """Different shapes are a ValueError."""
    if np.size(y_true) == 0:
        raise ValueError
    return float(np.mean((np.asarray(y_true) - np.asarray(y_pred)) ** 2))


def mean_squared_error__same_size_is_enough(y_true, y_pred):
    """(N,) against (N, 1) is a ValueError."""
    if np.size(y_true) == 0 or np.size(y_true) != np.size(y_pred):
        raise ValueError
    return float(np.mean((np.ravel(y_true) - np.ravel(y_pred)) ** 2))


def mean_squared_error__nan_for_nothing(y_true, y_pred):
    """Empty is a ValueError."""
    y_true, y_pred = np.asarray(y_true, float), np.asarray(y_pred, float)
    if y_true.shape != y_pred.shape:
        raise ValueError
    return float(np.sum((y_true - y_pred) ** 2) / y_true.size) if y_true.size else float("nan")


def mean_squared_error__one_per_column(y_true, y_pred):
    """The mean is over all elements."""
    y_true, y_pred = np.asarray(y_true, float), np.asarray(y_pred, float)
    if y_true.shape != y_pred.shape or y_true.size == 0:
        raise ValueError
    return np.mean((y_true - y_pred) ** 2, axis=0)


def linear_regression_fit__normal_equations(X, y):
    """X^T X may have no inverse."""
    Xf = fold_bias(X)
    coef = np.linalg.inv(Xf.T @ Xf) @ Xf.T @ y
    return coef[1:], float(coef[0])


def linear_regression_fit__centred(X, y):
    """The norm of all of [b, w] is the smallest, not that of w."""
    X, y = np.asarray(X, float), np.asarray(y, float)
    w = np.linalg.lstsq(X - X.mean(axis=0), y - y.mean(), rcond=None)[0]
    return w, float(y.mean() - X.mean(axis=0) @ w)


def linear_regression_fit__ridge(X, y):
    """Least squares, without a penalty."""
    Xf = fold_bias(X)
    coef = np.linalg.solve(Xf.T @ Xf + 1e-4 * np.eye(Xf.shape[1]), Xf.T @ y)
    return coef[1:], float(coef[0])


def build_perceptron__bias_last(input_dim, weights=None):
    """Entry 0 of the folded vector is the bias."""
    import keras

    model = keras.Sequential([keras.Input((input_dim,)), keras.layers.Dense(1, activation="sigmoid")])
    if weights is not None:
        model.layers[0].set_weights([np.reshape(weights[:-1], (-1, 1)), np.asarray(weights[-1:])])
    return model


def build_perceptron__not_built(input_dim, weights=None):
    """The model is built."""
    import keras

    model = keras.Sequential([keras.layers.Dense(1, activation="sigmoid")])
    if weights is not None:
        model.build((None, input_dim))
        model.layers[0].set_weights([np.reshape(weights[1:], (-1, 1)), np.asarray(weights[:1])])
    return model


def build_perceptron__linear(input_dim, weights=None):
    """The unit is a sigmoid."""
    import keras

    model = keras.Sequential([keras.Input((input_dim,)), keras.layers.Dense(1)])
    if weights is not None:
        model.layers[0].set_weights([np.reshape(weights[1:], (-1, 1)), np.asarray(weights[:1])])
    return model


def experiment_linear_vs_xor__always_fifty(path=None, max_epochs=50):
    """max_epochs reaches the training."""
    found = {}
    for gate, labels in {"and": [0, 0, 0, 1], "or": [0, 1, 1, 1], "xor": [0, 1, 1, 0]}.items():
        w, mistakes = train_perceptron(AND_X, np.array(labels), max_epochs=50)
        right = perceptron_predict(AND_X, w[1:], w[0]) == labels
        found[gate] = {"epochs": len(mistakes), "accuracy": float(right.mean()), "converged": mistakes[-1] == 0}
        (_draw_boundaries if path else lambda *_: None)(path, {"and": (np.array(labels), w, mistakes)} | dict.fromkeys(["or", "xor"], (np.array(labels), w, mistakes)))
    return found


def experiment_linear_vs_xor__a_hundred_by_default(path=None, max_epochs=100):
    """max_epochs is 50 by default."""
    found = {}
    for gate, labels in {"and": [0, 0, 0, 1], "or": [0, 1, 1, 1], "xor": [0, 1, 1, 0]}.items():
        w, mistakes = train_perceptron(AND_X, np.array(labels), max_epochs=max_epochs)
        right = perceptron_predict(AND_X, w[1:], w[0]) == labels
        found[gate] = {"epochs": len(mistakes), "accuracy": float(right.mean()), "converged": mistakes[-1] == 0}
        if path:
            _draw_boundaries(path, dict.fromkeys(["and", "or", "xor"], (np.array(labels), w, mistakes)))
    return found


def experiment_linear_vs_xor__no_picture(path=None, max_epochs=50):
    """There is a picture at `path`."""
    found = {}
    for gate, labels in {"and": [0, 0, 0, 1], "or": [0, 1, 1, 1], "xor": [0, 1, 1, 0]}.items():
        w, mistakes = train_perceptron(AND_X, np.array(labels), max_epochs=max_epochs)
        right = perceptron_predict(AND_X, w[1:], w[0]) == labels
        found[gate] = {"epochs": len(mistakes), "accuracy": float(right.mean()), "converged": mistakes[-1] == 0}
    if path:
        open(path, "wb").close()
    return found


def perceptron_predict__loops(X, w, b):
    """No Python loop over rows."""
    return np.array([1 if x @ w + b > 0 else 0 for x in np.asarray(X)], dtype=np.int64)
