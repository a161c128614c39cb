"""hw4: each function breaks one promise of a docstring, which its own docstring names."""


def polynomial_features__descending(x, degree):
    """Column i is x**i."""
    return np.asarray(x, dtype=float)[:, None] ** np.arange(degree, -1, -1)


def polynomial_features__keeps_whole_numbers(x, degree):
    """The result is float64 for whole numbers."""
    return np.asarray(x)[:, None] ** np.arange(degree + 1)


def polynomial_features__by_logarithms(x, degree):
    """0**0 = 1, and negative x have powers."""
    x = np.asarray(x, dtype=float)[:, None]
    return np.where(x == 0, 0.0, np.sign(x) ** np.arange(degree + 1) * np.exp(np.log(np.abs(np.where(x == 0, 1, x))) * np.arange(degree + 1)))


def polynomial_features__no_degree_zero(x, degree):
    """Degree 0 is one column of ones."""
    x = np.asarray(x, dtype=float)
    return np.column_stack([np.ones(len(x)), x] + [x**i for i in range(2, degree + 1)])


def fit_polynomial__normal_equations(x, y, degree, lam=0.0):
    """Stable: not by inv(X^T X)."""
    phi = polynomial_features(x, degree)
    reg = len(x) * lam * np.eye(degree + 1)
    reg[0, 0] = 0
    return np.linalg.pinv(phi.T @ phi + reg) @ phi.T @ np.asarray(y, float)


def fit_polynomial__penalises_the_constant(x, y, degree, lam=0.0):
    """a_0 is not penalised."""
    phi, y = polynomial_features(x, degree), np.asarray(y, float)
    return np.linalg.lstsq(np.vstack([phi, np.sqrt(len(x) * lam) * np.eye(degree + 1)]), np.append(y, np.zeros(degree + 1)), rcond=None)[0]


def fit_polynomial__sum_of_errors(x, y, degree, lam=0.0):
    """The data term is a mean."""
    phi, y = polynomial_features(x, degree), np.asarray(y, float)
    reg = np.sqrt(lam) * np.eye(degree + 1)
    reg[0, 0] = 0
    return np.linalg.lstsq(np.vstack([phi, reg]), np.append(y, np.zeros(degree + 1)), rcond=None)[0]


def fit_polynomial__not_the_shortest(x, y, degree, lam=0.0):
    """The minimum norm where it is not unique."""
    phi, y = polynomial_features(x, degree), np.asarray(y, float)
    if degree >= len(x) and not lam:
        a = np.zeros(degree + 1)
        a[: len(x)] = np.linalg.solve(phi[:, : len(x)], y)
        return a
    reg = np.sqrt(len(x) * lam) * np.eye(degree + 1)
    reg[0, 0] = 0
    return np.linalg.lstsq(np.vstack([phi, reg]), np.append(y, np.zeros(degree + 1)), rcond=None)[0]


def predict_polynomial__polyval(coef, x):
    """coef[0] is the constant."""
    return np.polyval(coef, x)


def capacity_curve__fits_all_points(x_train, y_train, x_test, y_test, degrees):
    """The model never sees the test points."""
    train, test = [], []
    for d in degrees:
        c = fit_polynomial(np.append(x_train, x_test), np.append(y_train, y_test), d)
        train.append(np.mean((predict_polynomial(c, x_train) - y_train) ** 2))
        test.append(np.mean((predict_polynomial(c, x_test) - y_test) ** 2))
    return np.array(train), np.array(test)


def capacity_curve__sorted_degrees(x_train, y_train, x_test, y_test, degrees):
    """The entries come in the order of the degrees."""
    cs = [fit_polynomial(x_train, y_train, d) for d in sorted(degrees)]
    return tuple(np.array([np.mean((predict_polynomial(c, x) - y) ** 2) for c in cs]) for x, y in ((x_train, y_train), (x_test, y_test)))


def train_size_curve__accepts_all(x, y, degree, sizes):
    """m >= n leaves nothing to test: ValueError."""
    pairs = [capacity_curve(x[:m], y[:m], x[m:] if m < len(x) else x[:1], y[m:] if m < len(x) else y[:1], [degree]) for m in sizes if m >= 1 or int("no")]
    return np.array([p[0][0] for p in pairs]), np.array([p[1][0] for p in pairs])


def train_size_curve__accepts_none(x, y, degree, sizes):
    """m < 1 leaves nothing to train on: ValueError."""
    pairs = []
    for m in sizes:
        if m >= len(x):
            raise ValueError
        pairs.append(capacity_curve(x[: m or 1], y[: m or 1], x[m:], y[m:], [degree]))
    return np.array([p[0][0] for p in pairs]), np.array([p[1][0] for p in pairs])


def train_val_test_split__round(n, val_fraction=0.2, test_fraction=0.2, seed=0):
    """The sizes are floors, not rounded."""
    n_val, n_test = round(n * val_fraction), round(n * test_fraction)
    if n_val + n_test >= n:
        raise ValueError
    order = np.random.default_rng(seed).permutation(n)
    return order[n_val + n_test:], order[:n_val], order[n_val:n_val + n_test]


def train_val_test_split__ceil(n, val_fraction=0.2, test_fraction=0.2, seed=0):
    """The sizes are floors, not ceilings."""
    n_val, n_test = int(np.ceil(n * val_fraction)), int(np.ceil(n * test_fraction))
    if n_val + n_test >= n:
        raise ValueError
    order = np.random.default_rng(seed).permutation(n)
    return order[n_val + n_test:], order[:n_val], order[n_val:n_val + n_test]


def train_val_test_split__nothing_to_train_on(n, val_fraction=0.2, test_fraction=0.2, seed=0):
    """An empty training part is a ValueError."""
    n_val, n_test = int(n * val_fraction), int(n * test_fraction)
    order = np.random.default_rng(seed).permutation(n)
    return order[n_val + n_test:], order[:n_val], order[n_val:n_val + n_test]


def train_val_test_split__global_generator(n, val_fraction=0.2, test_fraction=0.2, seed=0):
    """NumPy's global generator is left alone."""
    np.random.seed(seed)
    n_val, n_test = int(n * val_fraction), int(n * test_fraction)
    if n_val + n_test >= n:
        raise ValueError
    order = np.random.permutation(n)
    return order[n_val + n_test:], order[:n_val], order[n_val:n_val + n_test]


def train_val_test_split__other_defaults(n, val_fraction=0.1, test_fraction=0.2, seed=0):
    """Both fractions are 0.2 by default."""
    n_val, n_test = int(n * val_fraction), int(n * test_fraction)
    if n_val + n_test >= n:
        raise ValueError
    order = np.random.default_rng(seed).permutation(n)
    return order[n_val + n_test:], order[:n_val], order[n_val:n_val + n_test]


def kfold_indices__rest_in_the_last_fold(n, k, seed=None):
    """The first n % k folds have one sample more."""
    if not 2 <= k <= n:
        raise ValueError
    order = np.arange(n) if seed is None else np.random.default_rng(seed).permutation(n)
    ends = [i * (n // k) for i in range(k)] + [n]
    folds = [order[a:b] for a, b in zip(ends, ends[1:])]
    return [(np.concatenate(folds[:i] + folds[i + 1:]), folds[i]) for i in range(k)]


def kfold_indices__training_parts_in_another_order_each_time(n, k, seed=None):
    """np.random.default_rng(seed): two calls with one seed give the same pairs."""
    if not 2 <= k <= n:
        raise ValueError
    order = np.arange(n) if seed is None else np.random.default_rng(seed).permutation(n)
    folds = np.array_split(order, k)
    mixed = sorted if seed is None else np.random.default_rng().permutation
    return [(np.array(mixed(np.concatenate(folds[:i] + folds[i + 1:]))), folds[i]) for i in range(k)]


def kfold_indices__rest_lost(n, k, seed=None):
    """No sample is lost."""
    if not 2 <= k <= n:
        raise ValueError
    order = np.arange(n) if seed is None else np.random.default_rng(seed).permutation(n)
    folds = [order[i * (n // k):(i + 1) * (n // k)] for i in range(k)]
    return [(np.concatenate(folds[:i] + folds[i + 1:]), folds[i]) for i in range(k)]


def kfold_indices__seed_zero_is_none(n, k, seed=None):
    """A seed of 0 is a seed."""
    if not 2 <= k <= n:
        raise ValueError
    folds = np.array_split(np.random.default_rng(seed).permutation(n) if seed else np.arange(n), k)
    return [(np.concatenate(folds[:i] + folds[i + 1:]), folds[i]) for i in range(k)]


def kfold_indices__one_fold(n, k, seed=None):
    """k < 2 is a ValueError."""
    if k > n:
        raise ValueError
    folds = np.array_split(np.arange(n) if seed is None else np.random.default_rng(seed).permutation(n), k)
    return [(np.concatenate([np.zeros(0, int), *folds[:i], *folds[i + 1:]]), folds[i]) for i in range(k)]


def kfold_indices__empty_folds(n, k, seed=None):
    """k > n is a ValueError."""
    if k < 2:
        raise ValueError
    folds = np.array_split(np.arange(n) if seed is None else np.random.default_rng(seed).permutation(n), k)
    return [(np.concatenate(folds[:i] + folds[i + 1:]), folds[i]) for i in range(k)]


def standardize__std_of_exactly_zero(X_train, *others):
    """A column that rounding keeps from a std of 0 is constant all the same."""
    X_train = np.asarray(X_train, dtype=float)
    mean, std = X_train.mean(axis=0), X_train.std(axis=0)
    std = np.where(std == 0, 1.0, std)
    return tuple((np.asarray(X, dtype=float) - mean) / std for X in (X_train, *others))


def standardize__without_zero(X_train, *others):
    """A column of zeros is constant, too."""
    X_train = np.asarray(X_train, dtype=float)
    mean, std = X_train.mean(axis=0), X_train.std(axis=0)
    with np.errstate(all="ignore"):
        std = np.where(std < len(X_train) * np.finfo(float).eps * np.abs(mean), 1.0, std)
        return tuple((np.asarray(X, dtype=float) - mean) / std for X in (X_train, *others))


def standardize__absolute_tolerance(X_train, *others):
    """A column of small numbers is scaled."""
    X_train = np.asarray(X_train, dtype=float)
    mean, std = X_train.mean(axis=0), X_train.std(axis=0)
    std = np.where(np.isclose(std, 0), 1.0, std)
    return tuple((np.asarray(X, dtype=float) - mean) / std for X in (X_train, *others))


def standardize__small_number_added(X_train, *others):
    """Nothing is added to the std."""
    X_train = np.asarray(X_train, dtype=float)
    mean, std = X_train.mean(axis=0), X_train.std(axis=0) + 1e-8
    return tuple((np.asarray(X, dtype=float) - mean) / std for X in (X_train, *others))


def standardize__sample_std(X_train, *others):
    """The std is the population's."""
    X_train = np.asarray(X_train, dtype=float)
    mean, std = X_train.mean(axis=0), X_train.std(axis=0, ddof=1)
    std = np.where(std <= 1e-14 * np.abs(mean), 1.0, std)
    return tuple((np.asarray(X, dtype=float) - mean) / std for X in (X_train, *others))


def standardize__single_array(X_train, *others):
    """The answer is a tuple, for one part too."""
    X_train = np.asarray(X_train, dtype=float)
    mean, std = X_train.mean(axis=0), X_train.std(axis=0)
    std = np.where(std <= len(X_train) * np.finfo(float).eps * np.abs(mean), 1.0, std)
    parts = tuple((np.asarray(X, dtype=float) - mean) / std for X in (X_train, *others))
    return parts if others else parts[0]


def cross_val_mse__mean(x, y, degree, k, seed=None):
    """One error for each fold, not their mean."""
    out = []
    for tr, va in kfold_indices(len(x), k, seed):
        out.append(np.mean((predict_polynomial(fit_polynomial(x[tr], y[tr], degree), x[va]) - y[va]) ** 2))
    return np.full(k, np.mean(out))


def cross_val_mse__ignores_the_seed(x, y, degree, k, seed=None):
    """The folds are those of the seed."""
    out = []
    for tr, va in kfold_indices(len(x), k):
        out.append(np.mean((predict_polynomial(fit_polynomial(x[tr], y[tr], degree), x[va]) - y[va]) ** 2))
    return np.array(out)


def select_degree__position(x, y, degrees, k, seed=None):
    """The degree is returned, not its position."""
    scores = np.array([cross_val_mse(x, y, d, k, seed).mean() for d in degrees])
    return int(scores.argmin()), scores


def select_degree__first_of_a_tie(x, y, degrees, k, seed=None):
    """Of a tie the smaller degree is taken."""
    degrees = list(degrees)
    scores = np.array([cross_val_mse(x, y, d, k, seed).mean() for d in degrees])
    return int(degrees[int(scores.argmin())]), scores


def cross_val_scores__scaled_before(build_fn, X, y, k=5, seed=0):
    """Standardisation belongs inside of each fold."""
    from sklearn.model_selection import StratifiedKFold

    (X,) = standardize(X)
    scores = []
    for tr, va in StratifiedKFold(k, shuffle=True, random_state=seed).split(X, y):
        model = build_fn()
        model.fit(X[tr], y[tr])
        scores.append(np.mean(model.predict(X[va]) == y[va]))
    return np.array(scores)


def cross_val_scores__one_model(build_fn, X, y, k=5, seed=0):
    """Every fold has a fresh model."""
    from sklearn.model_selection import StratifiedKFold

    model, scores = build_fn(), []
    for tr, va in StratifiedKFold(k, shuffle=True, random_state=seed).split(X, y):
        X_tr, X_va = standardize(X[tr], X[va])
        model.fit(X_tr, y[tr])
        scores.append(np.mean(model.predict(X_va) == y[va]))
    return np.array(scores)


def cross_val_scores__unstratified(build_fn, X, y, k=5, seed=0):
    """The folds are stratified."""
    from sklearn.model_selection import KFold

    scores = []
    for tr, va in KFold(k, shuffle=True, random_state=seed).split(X, y):
        X_tr, X_va = standardize(X[tr], X[va])
        model = build_fn()
        model.fit(X_tr, y[tr])
        scores.append(np.mean(model.predict(X_va) == y[va]))
    return np.array(scores)


def cross_val_scores__three_folds_by_default(build_fn, X, y, k=3, seed=0):
    """k is 5 by default."""
    from sklearn.model_selection import StratifiedKFold

    scores = []
    for tr, va in StratifiedKFold(k, shuffle=True, random_state=seed).split(X, y):
        X_tr, X_va = standardize(X[tr], X[va])
        model = build_fn()
        model.fit(X_tr, y[tr])
        scores.append(np.mean(model.predict(X_va) == y[va]))
    return np.array(scores)
