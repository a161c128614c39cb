"""experiment_regularizers with pyplot, another split, and one tf.function per model in place of fit."""


def experiment_regularizers(path=None):
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split

    X, y = load_digits(return_X_y=True)
    X_train, X_test, y_train, y_test = train_test_split(X / 16.0, y, train_size=300, random_state=3)
    rng = np.random.default_rng(3)
    wrong = rng.random(300) < 0.3
    y_train = np.where(wrong, rng.integers(0, 10, 300), y_train)
    results = {}
    models = {
        "plain": build_regularized_mlp(64, 10, (128,), l2=0.0, seed=3),
        "l2": build_regularized_mlp(64, 10, (128,), l2=1e-2, seed=3),
        "l1": build_regularized_mlp(64, 10, (128,), l1=3e-3, l2=0.0, seed=3),
        "dropout": build_dropout_mlp(64, 10, (128,), seed=3),
    }
    loss_fn = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    for name, model in models.items():
        optimizer = keras.optimizers.SGD(0.1, 0.9)
        optimizer.build(model.trainable_variables)

        @tf.function
        def step(xb, yb, model=model, optimizer=optimizer):
            with tf.GradientTape() as tape:
                loss = tf.add_n([loss_fn(yb, model(xb, training=True)), *model.losses])
            optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)

        for _ in range(40):
            order = rng.permutation(300)
            for start in range(0, 300, 32):
                rows = order[start : start + 32]
                step(tf.constant(X_train[rows], tf.float32), tf.constant(y_train[rows]))
        weights = np.concatenate([np.ravel(w) for w in model.trainable_weights if len(w.shape) == 2])
        accuracies = [np.mean(np.argmax(model(a), axis=1) == b) for a, b in ((X_train, y_train), (X_test, y_test))]
        results[name] = {
            "train_acc": accuracies[0],
            "test_acc": accuracies[1],
            "kernel_l2": np.sum(weights**2),
            "near_zero": np.mean(np.abs(weights) < 1e-3),
        }
    if path:
        plt.figure()
        plt.bar(list(results), [r["test_acc"] for r in results.values()])
        plt.savefig(path)
        plt.close()
    return results
