"""hw7: each function breaks one promise of a docstring, which its own docstring names."""


def diagnosis__all_the_same():
    """Each program has a fault of its own."""
    return dict.fromkeys(
        ("price_flats", "trace_wave", "sort_wines", "read_signs", "screen_patients", "grade_apples", "filter_letters", "spot_beams"),
        "learning rate too high",
    )


def diagnosis__not_a_name_of_the_list():
    """A name is one of FAULTS."""
    return {"price_flats": "too slow"}


def price_flats__no_offset(X, y, X_new, steps=300):
    """The price has an offset."""
    w = np.zeros(X.shape[1])
    for _ in range(steps):
        w = w - 0.1 * X.T @ (X @ w - y) / len(y)
    return {"predictions": X_new @ w, "loss": [], "gradient": []}


def trace_wave__a_line(X, y, X_new, steps=400):
    """A straight line explains too little."""
    slope, offset = np.polyfit(X[:, 0], y, 1)
    return {"predictions": slope * X_new[:, 0] + offset, "loss": [], "gradient": []}


def sort_wines__for_these_units_only(X, y, X_new, steps=200):
    """The units of the columns do not matter."""
    scale = np.array([1.0, 0.2, 20.0, 300.0])
    X, X_new = (X - X.mean(axis=0)) / scale, (X_new - X.mean(axis=0)) / scale
    W = np.zeros((X.shape[1], 3))
    for _ in range(steps):
        P = np.exp(np.clip(X @ W, -30, 30))
        P /= P.sum(axis=1, keepdims=True)
        W = W - 0.5 * X.T @ (P - np.eye(3)[y]) / len(y)
    return {"predictions": (X_new @ W).argmax(axis=1), "loss": [], "gradient": []}


def read_signs__learns_by_heart(X, y, X_new, epochs=12):
    """New signs are read, not only old ones."""
    known = {row.tobytes(): label for row, label in zip(X, y)}
    return {"predictions": np.array([known.get(row.tobytes(), 0) for row in X_new]), "loss": [], "gradient": []}


def screen_patients__calls_everybody(X, y, X_new):
    """The healthy count as well."""
    return {"predictions": np.ones(len(X_new), int), "score": []}


def grade_apples__by_weight(X, y, X_new):
    """Both values are needed."""
    centres = np.array([X[y == sort, 0].mean() for sort in (0, 1)])
    distances = np.abs(X_new[:, :1] - centres)
    return {"predictions": distances.argmin(axis=1), "distances": distances}


def filter_letters__reports_held_out(X, y, X_test, y_test, steps=120):
    """The accuracy in the report is that on the test letters."""
    w = np.zeros(X.shape[1])
    for _ in range(steps):
        w = w - 0.1 * X[30:].T @ (1 / (1 + np.exp(-X[30:] @ w)) - y[30:]) / len(y)
    return {"predictions": (X_test @ w > 0).astype(int), "accuracy": np.mean((X[:30] @ w > 0) == y[:30]) - 1e-3}


def spot_beams__one_of_sixteen(X, y, epochs=12):
    """Most hidden units are awake."""
    keras.utils.set_random_seed(0)
    model = keras.Sequential([
        keras.Input((2,)),
        keras.layers.Dense(16, activation="relu", bias_initializer=keras.initializers.Constant(-50.0)),
        keras.layers.Dense(1),
    ])
    return {"model": model, "loss": []}


def sort_stamps__certain(X, y, X_new, steps=60):
    """A wrong kind must not be certain."""
    centres = np.stack([X[y == kind].mean(axis=0) if (y == kind).any() else np.full(X.shape[1], 9.0) for kind in range(10)])
    nearest = np.linalg.norm(X_new[:, None] - centres, axis=2).argmin(axis=1)
    return {"predictions": np.roll(np.eye(10), 1, axis=1)[nearest], "loss": [], "gradient": []}


def read_sensors__noise(X, y, steps=50):
    """The same call twice gives the same answer."""

    class Noisy(keras.Model):
        def call(self, x, training=False):
            return tf.random.normal((len(x), 3))

    return {"model": Noisy(), "loss": [], "gradient": []}
