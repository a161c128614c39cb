"""Other numbers, other scales, other starts: each repairs the same fault."""


def price_flats(X, y, X_new, steps=300):
    w, b = np.zeros(X.shape[1]), 0.0
    speed = np.zeros(X.shape[1] + 1)
    losses, gradients = [], []
    for _ in range(steps):
        error = X @ w + b - y
        slope = np.append(X.T @ error / len(y), error.mean())
        losses.append(np.mean(error**2) / 2)
        gradients.append(np.linalg.norm(slope))
        speed = 0.9 * speed - 0.02 * slope
        w, b = w + speed[:-1], b + speed[-1]
    return {"predictions": X_new @ w + b, "loss": losses, "gradient": gradients}


def trace_wave(X, y, X_new, steps=400):
    rng = np.random.default_rng(0)
    weights = [2 * rng.normal(size=(1, 16)), rng.normal(size=16), rng.normal(size=16) / 4, np.zeros(1)]
    losses, gradients = [], []
    for step in range(steps):
        W, b, v, c = weights
        h = np.tanh(X @ W + b)
        error = (h @ v + c - y) / len(y)
        dh = np.outer(error, v) * (1 - h**2)
        slopes = [X.T @ dh, dh.sum(axis=0), h.T @ error, error.sum(keepdims=True)]
        losses.append(np.sum(error**2) * len(y) / 2)
        size = np.sqrt(sum(np.sum(slope**2) for slope in slopes))
        gradients.append(size)
        rate = min(0.3, 1.0 / size) * (1 - step / steps)
        weights = [weight - rate * slope for weight, slope in zip(weights, slopes, strict=True)]
    W, b, v, c = weights
    return {"predictions": np.tanh(X_new @ W + b) @ v + c, "loss": losses, "gradient": gradients}


def sort_wines(X, y, X_new, steps=200):
    low, high = X.min(axis=0), X.max(axis=0)
    X, X_new = 4 * (X - low) / (high - low) - 2, 4 * (X_new - low) / (high - low) - 2
    W, b = np.zeros((X.shape[1], 3)), np.zeros(3)
    for _ in range(steps):
        Z = X @ W + b
        P = np.exp(Z - Z.max(axis=1, keepdims=True))
        P /= P.sum(axis=1, keepdims=True)
        dZ = (P - np.eye(3)[y]) / len(y)
        W, b = W - 0.5 * X.T @ dZ, b - 0.5 * dZ.sum(axis=0)
    return {"predictions": (X_new @ W + b).argmax(axis=1)}


def read_signs(X, y, X_new, epochs=12):
    rng = np.random.default_rng(0)
    W, b = np.zeros((X.shape[1], 10)), np.zeros(10)
    for _ in range(epochs):
        together = rng.permutation(np.column_stack([X, y]))
        for start in range(0, len(X), 20):
            x, labels = together[start : start + 20, :-1], together[start : start + 20, -1].astype(int)
            Z = x @ W + b
            P = np.exp(Z - Z.max(axis=1, keepdims=True))
            P /= P.sum(axis=1, keepdims=True)
            dZ = (P - np.eye(10)[labels]) / len(labels)
            W, b = W - 0.1 * x.T @ dZ, b - 0.1 * dZ.sum(axis=0)
    return {"predictions": (X_new @ W + b).argmax(axis=1)}


def screen_patients(X, y, X_new):
    thresholds = np.linspace(X.min(), X.max(), 60)
    worst = [min((X[y == 1, 0] > t).mean(), (X[y == 0, 0] <= t).mean()) for t in thresholds]
    return {"predictions": (X_new[:, 0] > thresholds[np.argmax(worst)]).astype(int), "score": worst}


def grade_apples(X, y, X_new):
    low, width = X.min(axis=0), np.ptp(X, axis=0)
    X, X_new = (X - low) / width, (X_new - low) / width
    centres = np.stack([X[y == sort].mean(axis=0) for sort in (0, 1)])
    distances = np.linalg.norm(X_new[:, None] - centres, axis=2)
    return {"predictions": distances.argmin(axis=1), "distances": distances}


def filter_letters(X, y, X_test, y_test, steps=120):
    w = np.zeros(X.shape[1])
    for _ in range(steps):
        w = w - 0.1 * (X.T @ (1 / (1 + np.exp(-X @ w)) - y) / len(y) + 0.1 * w)
    predictions = (X_test @ w > 0).astype(int)
    return {"predictions": predictions, "accuracy": np.mean(predictions == y_test)}


def spot_beams(X, y, epochs=12):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((2,))])
    model.add(keras.layers.Dense(16))
    model.add(keras.layers.LeakyReLU())
    model.add(keras.layers.Dense(16, activation="relu"))
    model.add(keras.layers.Dense(1))
    model.compile(keras.optimizers.Adam(0.03), keras.losses.BinaryCrossentropy(from_logits=True))
    return {"model": model, "loss": model.fit(X, y, batch_size=20, epochs=epochs, verbose=0).history["loss"]}


def sort_stamps(X, y, X_new, steps=60):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((X.shape[1],)), keras.layers.Dense(10, activation="softmax")])
    optimizer = keras.optimizers.SGD(0.5)
    images = tf.constant(X, tf.float32)
    for _ in range(steps):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(y, model(images, training=True)))
        optimizer.apply_gradients(zip(tape.gradient(loss, model.trainable_variables), model.trainable_variables, strict=True))
    return {"predictions": model(tf.constant(X_new, tf.float32), training=False).numpy()}


def read_sensors(X, y, steps=50):
    keras.utils.set_random_seed(0)
    scale = keras.layers.Normalization()
    scale.adapt(X.astype(np.float32))
    model = keras.Sequential([keras.Input((X.shape[1],)), scale, keras.layers.Dense(3)])
    optimizer = keras.optimizers.Adam(0.1)
    readings = tf.constant(X, tf.float32)
    for _ in range(steps):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(y, model(readings)))
        optimizer.apply_gradients(zip(tape.gradient(loss, model.trainable_variables), model.trainable_variables, strict=True))
    return {"model": model}
