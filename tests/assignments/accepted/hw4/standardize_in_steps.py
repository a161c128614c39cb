"""standardize with the standard deviation written out, and np.divide where it is not 0."""


def standardize(X_train, *others):
    first = np.array(X_train, dtype=np.float64)
    mu = first.sum(axis=0) / len(first)
    sigma = np.sqrt(((first - mu) ** 2).mean(axis=0))
    sigma[np.ptp(first, axis=0) == 0] = 1
    out = []
    for X in (first,) + others:
        Z = np.array(X, dtype=np.float64)
        Z -= mu
        Z /= sigma
        out.append(Z)
    return tuple(out)
