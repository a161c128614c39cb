"""linear_regression_fit with the singular value decomposition, bias as the last column."""


def linear_regression_fit(X, y):
    A = np.hstack([X, np.ones((X.shape[0], 1))])
    U, s, Vt = np.linalg.svd(A, full_matrices=False)
    kept = s > 1e-12 * s[0]
    coefficients = Vt[kept].T @ ((U.T @ y)[kept] / s[kept])
    return coefficients[:-1], float(coefficients[-1])
