"""polynomial_features and predict_polynomial with numpy.polynomial."""


def polynomial_features(x, degree):
    return np.polynomial.polynomial.polyvander(np.array(x, dtype=float), degree)


def predict_polynomial(coef, x):
    return np.polynomial.Polynomial(coef)(x)
