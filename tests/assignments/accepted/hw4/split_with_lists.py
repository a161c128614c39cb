"""train_val_test_split with the standard library's own generator; an empty part is an empty array of floats."""


def train_val_test_split(n, val_fraction=0.2, test_fraction=0.2, seed=0):
    import math
    import random

    order = random.Random(seed).sample(range(n), n)
    a, b = math.floor(n * val_fraction), math.floor(n * test_fraction)
    if a + b == n:
        raise ValueError
    return np.array(order[a + b :]), np.array(order[:a]), np.array(order[a : a + b])
