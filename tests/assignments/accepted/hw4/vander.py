"""polynomial_features with np.vander; predict_polynomial with np.polyval."""


def polynomial_features(x, degree):
    return np.vander(np.asarray(x, dtype=np.float64), degree + 1, increasing=True)


def predict_polynomial(coef, x):
    return np.polyval(np.asarray(coef)[::-1], x)
