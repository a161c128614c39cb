"""Closed forms, shuffled indices, scikit-learn's scaler, another activation: right in another way."""


def diagnosis():
    return {
        "price_flats": "Learning rate too low",
        "trace_wave": "learning rate too high",
        "sort_wines": "unscaled inputs ",
        "read_signs": "labels apart from the inputs",
        "screen_patients": "metric of the wrong kind",
        "grade_apples": "leak of held-out rows",
        "filter_letters": "test set chooses",
        "spot_beams": "dead relus",
        "sort_stamps": "softmax twice",
        "read_sensors": "inference mode in training",
    }


def price_flats(X, y, X_new, steps=300):
    solution = np.linalg.lstsq(np.column_stack([X, np.ones(len(X))]), y, rcond=None)[0]
    return {"predictions": X_new @ solution[:-1] + solution[-1]}


def trace_wave(X, y, X_new, steps=400):
    rng = np.random.default_rng(1)
    weights = [2 * rng.normal(size=(1, 16)), rng.normal(size=16), rng.normal(size=16) / 4, np.zeros(1)]
    means = [[np.zeros_like(weight), np.zeros_like(weight)] for weight in weights]
    for step in range(1, steps + 1):
        W, b, v, c = weights
        h = np.tanh(X @ W + b)
        error = (h @ v + c - y) / len(y)
        dh = np.outer(error, v) * (1 - h**2)
        for place, slope in enumerate([X.T @ dh, dh.sum(axis=0), h.T @ error, error.sum(keepdims=True)]):
            first, second = means[place]
            means[place] = [0.9 * first + 0.1 * slope, 0.999 * second + 0.001 * slope**2]
            first, second = means[place][0] / (1 - 0.9**step), means[place][1] / (1 - 0.999**step)
            weights[place] = weights[place] - 0.05 * first / (np.sqrt(second) + 1e-8)
    W, b, v, c = weights
    return {"predictions": np.tanh(X_new @ W + b) @ v + c}


def sort_wines(X, y, X_new, steps=200):
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler().fit(X)
    X, X_new = scaler.transform(X), scaler.transform(X_new)
    W, b = np.zeros((X.shape[1], 3)), np.zeros(3)
    for _ in range(steps):
        Z = X @ W + b
        P = np.exp(Z - Z.max(axis=1, keepdims=True))
        P /= P.sum(axis=1, keepdims=True)
        dZ = (P - np.eye(3)[y]) / len(y)
        W, b = W - 0.3 * X.T @ dZ, b - 0.3 * dZ.sum(axis=0)
    return {"predictions": (X_new @ W + b).argmax(axis=1)}


def read_signs(X, y, X_new, epochs=12):
    W, b = np.zeros((X.shape[1], 10)), np.zeros(10)
    for _ in range(epochs):
        for start in range(0, len(X), 20):
            x, labels = X[start : start + 20], y[start : start + 20]
            Z = x @ W + b
            P = np.exp(Z - Z.max(axis=1, keepdims=True))
            P /= P.sum(axis=1, keepdims=True)
            dZ = (P - np.eye(10)[labels]) / len(labels)
            W, b = W - 0.05 * x.T @ dZ, b - 0.05 * dZ.sum(axis=0)
    return {"predictions": (X_new @ W + b).argmax(axis=1)}


def screen_patients(X, y, X_new):
    values = np.sort(X[:, 0])
    gains = [np.mean(X[y == 1, 0] > t) - np.mean(X[y == 0, 0] > t) for t in values]
    return {"predictions": (X_new[:, 0] > values[np.argmax(gains)]).astype(int), "score": gains}


def grade_apples(X, y, X_new):
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.neighbors import NearestCentroid

    return {"predictions": make_pipeline(StandardScaler(), NearestCentroid()).fit(X, y).predict(X_new)}


def filter_letters(X, y, X_test, y_test, steps=120):
    order = np.random.default_rng(3).permutation(len(y))
    kept, learned = order[:30], order[30:]
    w, best, least = np.zeros(X.shape[1]), np.zeros(X.shape[1]), np.inf
    for _ in range(steps):
        w = w - 0.3 * X[learned].T @ (1 / (1 + np.exp(-X[learned] @ w)) - y[learned]) / len(learned)
        loss = np.mean(np.logaddexp(0, np.where(y[kept] == 1, -1, 1) * (X[kept] @ w)))
        if loss < least:
            best, least = w, loss
    predictions = (X_test @ best > 0).astype(int)
    return {"predictions": predictions, "accuracy": (predictions == y_test).mean()}


def spot_beams(X, y, epochs=12):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([
        keras.Input((2,)),
        keras.layers.Dense(16, activation="tanh"),
        keras.layers.Dense(16, activation="relu"),
        keras.layers.Dense(1),
    ])
    model.compile(keras.optimizers.Adam(0.03), keras.losses.BinaryCrossentropy(from_logits=True))
    return {"model": model, "loss": model.fit(X, y, batch_size=20, epochs=epochs, verbose=0).history["loss"]}


def sort_stamps(X, y, X_new, steps=60):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((X.shape[1],)), keras.layers.Dense(10)])
    loss_fn = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    optimizer = keras.optimizers.Adam(0.05)
    images = X.astype(np.float32)
    for _ in range(steps):
        with tf.GradientTape() as tape:
            loss = loss_fn(y, model(images, training=True))
        optimizer.apply_gradients(zip(tape.gradient(loss, model.trainable_variables), model.trainable_variables, strict=True))
    logits = model(X_new.astype(np.float32)).numpy()
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return {"predictions": e / e.sum(axis=1, keepdims=True)}


def read_sensors(X, y, steps=50):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((X.shape[1],)), keras.layers.BatchNormalization(momentum=0.8), keras.layers.Dense(3)])
    model.compile(keras.optimizers.SGD(0.3), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.fit(X, y, batch_size=len(X), epochs=steps, verbose=0)
    return {"model": model}
