"""fit_polynomial with the singular value decomposition."""


def fit_polynomial(x, y, degree, lam=0.0):
    A, t = polynomial_features(x, degree), np.array(y, dtype=float)
    if lam:
        A = np.vstack([A, np.sqrt(lam * t.size) * np.eye(degree + 1)[1:]])
        t = np.concatenate([t, np.zeros(degree)])
    U, s, Vt = np.linalg.svd(A, full_matrices=False)
    keep = s > s[0] * 1e-14
    return (Vt[keep].T / s[keep]) @ (U[:, keep].T @ t)
