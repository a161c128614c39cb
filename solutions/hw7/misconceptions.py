"""hw7: the faults that are handed out (`given=True`), and wrong repairs of them.

Each fault is one that studies of real programs report:

    price_flats      Humbatova et al. 2020 (suboptimal learning rate); DeepCrime, Humbatova et al. 2021 (HLR)
    trace_wave       Humbatova et al. 2020 (suboptimal learning rate)
    sort_wines       Humbatova et al. 2020 (preprocessing of training data: missing)
    read_signs       Humbatova et al. 2020 (wrong labels for training data); DeepCrime (TCL, changed labels)
    screen_patients  Humbatova et al. 2020 (validation and testing: performance metric)
    grade_apples     Yang et al. 2022, Data Leakage in Notebooks (preprocessing leakage)
    filter_letters   Yang et al. 2022 (multi-test leakage); DeepCrime (VRM, no validation set)
    spot_beams       Humbatova et al. 2020 (wrong weight initialisation); DeepCrime (WCI)
    sort_stamps      NeuraLint, Nikanjam et al. 2021 (activation of the last layer and loss do not fit)
    read_sensors     Humbatova et al. 2020 (API: wrong usage)
"""

from autograder import Misconception

STILL = "It answers just as it did when it was handed out: the fault is still in it."

misconceptions = [
    # diagnosis ------------------------------------------------------------------------------------------------------
    Misconception(
        "diagnosis-given",
        "diagnosis",
        "Nothing is named yet. Begin with the first program, and check after each pair: 1 and 2, 3 and 4, …",
        ('"learning rate too low"', '""'),
        ('"learning rate too high"', '""'),
        ('"unscaled inputs"', '""'),
        ('"labels apart from the inputs"', '""'),
        ('"metric of the wrong kind"', '""'),
        ('"leak of held-out rows"', '""'),
        ('"test set chooses"', '""'),
        ('"dead ReLUs"', '""'),
        ('"softmax twice"', '""'),
        ('"inference mode in training"', '""'),
        given=True,
    ),
    Misconception(
        "diagnosis-rates-swapped",
        "diagnosis",
        "A loss that creeps and a loss that jumps have opposite causes. Which of the two is which?",
        ('"learning rate too low"', '"LOW"'),
        ('"learning rate too high"', '"learning rate too low"'),
        ('"LOW"', '"learning rate too high"'),
    ),
    Misconception(
        "diagnosis-leaks-swapped",
        "diagnosis",
        "Two programs look at data that they should not see. In one the inputs leak, in the other the labels do.",
        ('"leak of held-out rows"', '"LEAK"'),
        ('"test set chooses"', '"leak of held-out rows"'),
        ('"LEAK"', '"test set chooses"'),
    ),
    # price_flats ----------------------------------------------------------------------------------------------------
    Misconception(
        "flats-given",
        "price_flats",
        STILL,
        ("rate = 0.1\n", "rate = 0.0005\n"),
        given=True,
    ),
    Misconception(
        "flats-twice-the-rate",
        "price_flats",
        "Twice as fast is still far too slow: think in factors of ten. How far does the loss have to come down?",
        ("rate = 0.1\n", "rate = 0.001\n"),
    ),
    Misconception(
        "flats-sum-for-mean",
        "price_flats",
        "Now the gradient is a sum over all samples, so the step grows with their number. Which number in the program is the step?",
        ("X.T @ error / len(y), error.mean()", "X.T @ error, error.sum()"),
    ),
    Misconception(
        "flats-too-high",
        "price_flats",
        "Now the step is too large: the loss grows. Look for a rate between this one and the one that was handed out.",
        ("rate = 0.1\n", "rate = 5.0\n"),
    ),
    Misconception(
        "flats-decayed",
        "price_flats",
        "A rate that shrinks at each step makes a slow program slower.",
        ("rate = 0.1\n", "rate = 0.01\n"),
        ("rate * dw, b - rate * db", "rate * dw, b - rate * db\n        rate *= 0.95"),
    ),
    # trace_wave -----------------------------------------------------------------------------------------------------
    Misconception(
        "wave-given",
        "trace_wave",
        STILL,
        ("rate = 0.05\n", "rate = 1.0\n"),
        given=True,
    ),
    Misconception(
        "wave-stops-at-once",
        "trace_wave",
        "After three steps it has not gone far wrong, and it has learned nothing. It needs its steps, and smaller ones.",
        ("rate = 0.05\n", "rate = 1.0\n"),
        ("for _ in range(steps):", "for _ in range(min(steps, 3)):"),
    ),
    Misconception(
        "wave-far-too-low",
        "trace_wave",
        "Now the rate is so small that the program stops long before the valley. There is something between too high and too low.",
        ("rate = 0.05\n", "rate = 0.00001\n"),
    ),
    # sort_wines -----------------------------------------------------------------------------------------------------
    Misconception(
        "wines-given",
        "sort_wines",
        STILL,
        (
            "    mean, spread = X.mean(axis=0), X.std(axis=0)\n    X, X_new = (X - mean) / spread, (X_new - mean) / spread\n",
            "",
        ),
        given=True,
    ),
    Misconception(
        "wines-lower-rate",
        "sort_wines",
        "A lower rate stops the jumping, but then the columns of small numbers learn nothing at all. One rate has to fit all columns.",
        (
            "    mean, spread = X.mean(axis=0), X.std(axis=0)\n    X, X_new = (X - mean) / spread, (X_new - mean) / spread\n",
            "",
        ),
        ("W, b = W - 0.5 * dW, b - 0.5 * db", "W, b = W - 1e-6 * dW, b - 1e-6 * db"),
    ),
    Misconception(
        "wines-new-ones-raw",
        "sort_wines",
        "The program learns from scaled wines and is asked about wines that are not: both have to be in the same units.",
        ("X, X_new = (X - mean) / spread, (X_new - mean) / spread", "X = (X - mean) / spread"),
    ),
    Misconception(
        "wines-one-scale",
        "sort_wines",
        "One number for the whole table leaves the columns as different from each other as they were.",
        ("X.mean(axis=0), X.std(axis=0)", "X.mean(), X.std()"),
    ),
    Misconception(
        "wines-centred",
        "sort_wines",
        "The columns now lie around 0, but one still counts in hundreds and another in tenths. Give them the same spread, too.",
        ("(X - mean) / spread, (X_new - mean) / spread", "X - mean, X_new - mean"),
    ),
    Misconception(
        "wines-along-rows",
        "sort_wines",
        "Each wine is scaled by its own four values, so its largest column hides the others. Scale each column over all wines.",
        ("mean, spread = X.mean(axis=0), X.std(axis=0)", "own = lambda A: (A - A.mean(axis=1, keepdims=True)) / A.std(axis=1, keepdims=True)"),
        ("X, X_new = (X - mean) / spread, (X_new - mean) / spread", "X, X_new = own(X), own(X_new)"),
    ),
    # read_signs -----------------------------------------------------------------------------------------------------
    Misconception(
        "signs-given",
        "read_signs",
        STILL,
        (
            "        pairs = rng.permutation(len(X))\n        X, y = X[pairs], y[pairs]\n",
            "        X, y = rng.permutation(X), rng.permutation(y)\n",
        ),
        given=True,
    ),
    Misconception(
        "signs-lower-rate",
        "read_signs",
        "A lower rate makes the curve smoother, and the program learns nothing more slowly. What is there to learn in these pairs?",
        (
            "        pairs = rng.permutation(len(X))\n        X, y = X[pairs], y[pairs]\n",
            "        X, y = rng.permutation(X), rng.permutation(y)\n",
        ),
        ("W, b = W - 0.1 * dW, b - 0.1 * db", "W, b = W - 0.01 * dW, b - 0.01 * db"),
    ),
    Misconception(
        "signs-inverse-order",
        "read_signs",
        "The labels are put into the order that undoes the one of the inputs. Each pair has to stay a pair.",
        ("X, y = X[pairs], y[pairs]", "X, y = X[pairs], y[np.argsort(pairs)]"),
    ),
    # screen_patients ------------------------------------------------------------------------------------------------
    Misconception(
        "patients-given",
        "screen_patients",
        STILL,
        (
            "scores.append((called[y == 1].mean() + (~called)[y == 0].mean()) / 2)",
            "scores.append(np.mean(called == y))",
        ),
        given=True,
    ),
    Misconception(
        "patients-recall",
        "screen_patients",
        "A test that calls everybody misses nobody. The healthy count as well.",
        ("(called[y == 1].mean() + (~called)[y == 0].mean()) / 2", "called[y == 1].mean()"),
    ),
    Misconception(
        "patients-precision",
        "screen_patients",
        "Nearly everybody whom it calls is ill, and most of the ill are never called.",
        ("(called[y == 1].mean() + (~called)[y == 0].mean()) / 2", "y[called].mean() if called.any() else 0.0"),
    ),
    Misconception(
        "patients-finer-steps",
        "screen_patients",
        "Finer thresholds do not help: the best one by this score is still one that misses many of the ill.",
        ("X.max(), 60)", "X.max(), 1000)"),
        (
            "scores.append((called[y == 1].mean() + (~called)[y == 0].mean()) / 2)",
            "scores.append(np.mean(called == y))",
        ),
    ),
    # grade_apples ---------------------------------------------------------------------------------------------------
    Misconception(
        "apples-given",
        "grade_apples",
        STILL,
        (
            "    mean, spread = X.mean(axis=0), X.std(axis=0)\n",
            "    every = np.vstack([X, X_new])\n    mean, spread = every.mean(axis=0), every.std(axis=0)\n",
        ),
        given=True,
    ),
    Misconception(
        "apples-own-scale",
        "grade_apples",
        "The new apples are scaled by their own mean and spread, so each of them still depends on those beside it.",
        ("(X_new - mean) / spread", "(X_new - X_new.mean(axis=0)) / X_new.std(axis=0)"),
    ),
    Misconception(
        "apples-not-scaled",
        "grade_apples",
        "Without a scale, a gram counts as much as a percent, so the sugar hardly matters.",
        ("    X, X_new = (X - mean) / spread, (X_new - mean) / spread\n", ""),
    ),
    Misconception(
        "apples-new-ones-raw",
        "grade_apples",
        "The centres are those of scaled apples, and the new apples are in grams and percent: both have to be in the same units.",
        ("X, X_new = (X - mean) / spread, (X_new - mean) / spread", "X = (X - mean) / spread"),
    ),
    Misconception(
        "apples-spread-leaks",
        "grade_apples",
        "The mean is that of X alone. The spread still comes from all apples in the box.",
        ("X.mean(axis=0), X.std(axis=0)", "X.mean(axis=0), np.vstack([X, X_new]).std(axis=0)"),
    ),
    # filter_letters -------------------------------------------------------------------------------------------------
    Misconception(
        "letters-given",
        "filter_letters",
        STILL,
        ("    kept = len(y) // 4\n    X, X_held, y, y_held = X[kept:], X[:kept], y[kept:], y[:kept]\n", ""),
        ("(X_held @ w > 0) == y_held", "(X_test @ w > 0) == y_test"),
        given=True,
    ),
    Misconception(
        "letters-half-the-test-set",
        "filter_letters",
        "A part of the test labels still decides when training stops. The report needs labels that decided nothing.",
        ("    kept = len(y) // 4\n    X, X_held, y, y_held = X[kept:], X[:kept], y[kept:], y[:kept]\n", ""),
        ("(X_held @ w > 0) == y_held", "(X_test[::2] @ w > 0) == y_test[::2]"),
    ),
    Misconception(
        "letters-stops-by-test-loss",
        "filter_letters",
        "Now the loss on the test set decides, in place of the accuracy: still the test set.",
        ("    kept = len(y) // 4\n    X, X_held, y, y_held = X[kept:], X[:kept], y[kept:], y[:kept]\n", ""),
        (
            "np.mean((X_held @ w > 0) == y_held)",
            "1 / (1 + np.mean(np.logaddexp(0, np.where(y_test == 1, -1, 1) * (X_test @ w))))",
        ),
    ),
    Misconception(
        "letters-reports-training",
        "filter_letters",
        "`accuracy` is that of letters which the program has learned from. The report is about new ones.",
        ("np.mean(predictions == y_test)", "np.mean((X @ best > 0) == y)"),
    ),
    # spot_beams -----------------------------------------------------------------------------------------------------
    Misconception(
        "beams-given",
        "spot_beams",
        STILL,
        ("keras.initializers.HeNormal(seed=1)", "keras.initializers.RandomUniform(-0.5, 0.0, seed=1)"),
        given=True,
    ),
    Misconception(
        "beams-higher-rate",
        "spot_beams",
        "A gradient of 0 times a higher rate is still 0.",
        ("keras.initializers.HeNormal(seed=1)", "keras.initializers.RandomUniform(-0.5, 0.0, seed=1)"),
        ("keras.optimizers.Adam(0.03)", "keras.optimizers.Adam(0.5)"),
    ),
    Misconception(
        "beams-linear",
        "spot_beams",
        "Without a bend in the layers, the network can only draw one straight border, and a beam has two.",
        ('keras.layers.Dense(16, activation="relu", kernel_initializer=start)', "keras.layers.Dense(16, kernel_initializer=start)"),
        ('keras.layers.Dense(16, activation="relu"),', "keras.layers.Dense(16),"),
    ),
    Misconception(
        "beams-lower-rate",
        "spot_beams",
        "A smaller step changes nothing: a unit that is 0 for all points has no gradient, whatever the rate is.",
        ("keras.initializers.HeNormal(seed=1)", "keras.initializers.RandomUniform(-0.5, 0.0, seed=1)"),
        ("keras.optimizers.Adam(0.03)", "keras.optimizers.Adam(0.003)"),
    ),
    Misconception(
        "beams-zeros",
        "spot_beams",
        "With weights of 0, all units are 0 for every point, as they were. They have to start above 0 for some point.",
        ("keras.initializers.HeNormal(seed=1)", "keras.initializers.Zeros()"),
    ),
    # sort_stamps ----------------------------------------------------------------------------------------------------
    Misconception(
        "stamps-given",
        "sort_stamps",
        STILL,
        ("keras.layers.Dense(10)", 'keras.layers.Dense(10, activation="softmax")'),
        ("tf.nn.softmax(model(tf.constant(X_new, tf.float32), training=False)).numpy()", "model(tf.constant(X_new, tf.float32), training=False).numpy()"),
        given=True,
    ),
    Misconception(
        "stamps-lower-rate",
        "sort_stamps",
        "The curve was too slow, and now it is slower. Look at the smallest value that this loss can have.",
        ("keras.layers.Dense(10)", 'keras.layers.Dense(10, activation="softmax")'),
        ("tf.nn.softmax(model(tf.constant(X_new, tf.float32), training=False)).numpy()", "model(tf.constant(X_new, tf.float32), training=False).numpy()"),
        ("keras.optimizers.SGD(0.5)", "keras.optimizers.SGD(0.05)"),
    ),
    Misconception(
        "stamps-over-stamps",
        "sort_stamps",
        "The softmax is taken over the stamps. For each stamp, the probabilities of the ten kinds have to add up to 1.",
        ("tf.nn.softmax(model(tf.constant(X_new, tf.float32), training=False)).numpy()", "tf.nn.softmax(model(tf.constant(X_new, tf.float32), training=False), axis=0).numpy()"),
    ),
    Misconception(
        "stamps-logits",
        "sort_stamps",
        "The layer now gives logits, and so do the predictions. They have to be probabilities.",
        ("tf.nn.softmax(model(tf.constant(X_new, tf.float32), training=False)).numpy()", "model(tf.constant(X_new, tf.float32), training=False).numpy()"),
    ),
    Misconception(
        "stamps-softmax-on-top",
        "sort_stamps",
        "The new predictions pass through two softmax functions, so they are all nearly the same.",
        ("tf.nn.softmax(model(", "tf.nn.softmax(tf.nn.softmax(model("),
        ("training=False)).numpy()", "training=False))).numpy()"),
    ),
    # read_sensors ---------------------------------------------------------------------------------------------------
    Misconception(
        "sensors-given",
        "read_sensors",
        STILL,
        ("logits = model(readings, training=True)", "logits = model(readings)"),
        given=True,
    ),
    Misconception(
        "sensors-lower-rate",
        "read_sensors",
        "A lower rate lets the loss come down a little. The layer that should scale the sensors still does nothing.",
        ("logits = model(readings, training=True)", "logits = model(readings)"),
        ("keras.optimizers.SGD(0.3)", "keras.optimizers.SGD(0.0003)"),
    ),
    Misconception(
        "sensors-scaled-outside",
        "read_sensors",
        "You scale the readings before training, but the model that comes back is asked about readings as they come.",
        ("logits = model(readings, training=True)", "logits = model(readings)"),
        ("readings = tf.constant(X, tf.float32)", "readings = tf.constant((X - X.mean(axis=0)) / X.std(axis=0), tf.float32)"),
    ),
    # Right in another way --------------------------------------------------------------------------------------------
    Misconception(
        "flats-higher-yet", "price_flats", "", ("rate = 0.1\n", "rate = 0.5\n"), harmless=True
    ),
    Misconception(
        "wines-min-max", "sort_wines", "", ("X.mean(axis=0), X.std(axis=0)", "X.min(axis=0), np.ptp(X, axis=0) / 4"), harmless=True
    ),
    Misconception(
        "beams-both-signs", "spot_beams", "", ("keras.initializers.HeNormal(seed=1)", "keras.initializers.RandomUniform(-0.5, 0.5, seed=1)"), harmless=True
    ),
    Misconception(
        "beams-glorot", "spot_beams", "", ("keras.initializers.HeNormal(seed=1)", 'keras.initializers.GlorotUniform(seed=2)'), harmless=True
    ),
]  # fmt: skip
