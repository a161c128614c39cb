"""fit_polynomial with the data term divided by N instead of the penalty multiplied; no row for a_0."""


def fit_polynomial(x, y, degree, lam=0.0):
    n = len(x)
    top = polynomial_features(x, degree) / np.sqrt(n)
    bottom = np.sqrt(lam) * np.eye(degree + 1)[1:]
    return np.linalg.lstsq(np.r_[top, bottom], np.r_[np.asarray(y) / np.sqrt(n), np.zeros(degree)], rcond=None)[0]
