"""fit_polynomial with the pseudo-inverse of the (augmented) design matrix."""


def fit_polynomial(x, y, degree, lam=0.0):
    D = polynomial_features(x, degree)
    penalty = np.diag([0.0] + [np.sqrt(len(x) * lam)] * degree)
    A, t = np.concatenate([D, penalty]), np.concatenate([y, np.zeros(degree + 1)])
    return np.linalg.pinv(A) @ t
