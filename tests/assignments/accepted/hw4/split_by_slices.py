"""train_val_test_split with np.split and Generator.shuffle; training first."""


def train_val_test_split(n, val_fraction=0.2, test_fraction=0.2, seed=0):
    rng = np.random.default_rng(seed)
    index = np.arange(n)
    rng.shuffle(index)
    n_val, n_test = int(np.floor(n * val_fraction)), int(np.floor(n * test_fraction))
    n_train = n - n_val - n_test
    if n_train <= 0:
        raise ValueError("nothing to train on")
    return tuple(np.split(index, [n_train, n_train + n_val]))
