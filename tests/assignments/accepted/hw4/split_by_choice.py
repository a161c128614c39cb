"""train_val_test_split by drawing without replacement and taking differences; parts are sorted."""


def train_val_test_split(n, val_fraction=0.2, test_fraction=0.2, seed=0):
    rng = np.random.default_rng(seed)
    everything = np.arange(n)
    val = np.sort(rng.choice(everything, size=int(n * val_fraction), replace=False))
    rest = np.setdiff1d(everything, val)
    test = np.sort(rng.choice(rest, size=int(n * test_fraction), replace=False))
    train = np.setdiff1d(rest, test)
    if not train.size:
        raise ValueError("training part is empty")
    return train, val, test
