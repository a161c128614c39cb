"""standardize that gives a list; what is small beside the mean replaced by adding 1."""


def standardize(X_train, *others):
    mean, std = np.mean(X_train, axis=0), np.std(X_train, axis=0)
    std = std + (std <= 1e-14 * np.abs(mean))
    return [np.subtract(part, mean) / std for part in [X_train, *others]]
