"""kfold_indices with running boundaries and masks, as scikit-learn does it: indices are sorted within a fold."""


def kfold_indices(n, k, seed=None):
    if k < 2 or k > n:
        raise ValueError("k")
    order = np.arange(n)
    if seed is not None:
        order = np.random.RandomState(seed).permutation(n)
    sizes = np.full(k, n // k)
    sizes[: n % k] += 1
    pairs, start = [], 0
    for size in sizes:
        held_out = np.zeros(n, dtype=bool)
        held_out[order[start : start + size]] = True
        pairs.append((np.flatnonzero(~held_out), np.flatnonzero(held_out)))
        start += size
    return pairs
