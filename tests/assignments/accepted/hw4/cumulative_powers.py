"""polynomial_features column by column, each from the one before; predict_polynomial by Horner's rule."""


def polynomial_features(x, degree):
    columns = [np.ones(len(x))]
    for _ in range(degree):
        columns.append(columns[-1] * x)
    return np.stack(columns, axis=1)


def predict_polynomial(coef, x):
    p = np.zeros(len(x))
    for a in reversed(list(coef)):
        p = p * x + a
    return p
