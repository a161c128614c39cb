"""kfold_indices with comprehensions, lists and a generator of pairs."""


def kfold_indices(n, k, seed=None):
    if not 1 < k < n + 1:
        raise ValueError("k")
    order = [int(i) for i in (range(n) if seed is None else np.random.default_rng(seed).choice(n, n, replace=False))]
    bounds = [i * (n // k) + min(i, n % k) for i in range(k + 1)]
    return [
        [np.array(order[:a] + order[b:]), np.array(order[a:b])]
        for a, b in zip(bounds[:-1], bounds[1:])
    ]
