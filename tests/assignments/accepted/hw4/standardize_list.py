"""standardize that gives a list; zeros replaced by multiplying."""


def standardize(X_train, *others):
    mean, std = np.mean(X_train, axis=0), np.std(X_train, axis=0)
    std = std + (std == 0)
    return [np.subtract(part, mean) / std for part in [X_train, *others]]
