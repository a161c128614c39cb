"""capacity_curve into arrays made beforehand, with a function for the error; train_size_curve that does not call it."""


def capacity_curve(x_train, y_train, x_test, y_test, degrees):
    def mse(coef, x, y):
        return np.sum(np.square(predict_polynomial(coef, x) - y)) / len(y)

    curves = np.empty((2, len(degrees)))
    for i, degree in enumerate(degrees):
        coef = fit_polynomial(x_train, y_train, degree)
        curves[:, i] = mse(coef, x_train, y_train), mse(coef, x_test, y_test)
    return curves[0], curves[1]


def train_size_curve(x, y, degree, sizes):
    sizes = list(sizes)
    if min(sizes) < 1 or max(sizes) >= len(x):
        raise ValueError("no point is left")
    errors = []
    for m in sizes:
        coef = fit_polynomial(x[:m], y[:m], degree)
        squares = (predict_polynomial(coef, x) - y) ** 2
        errors.append((squares[:m].mean(), squares[m:].mean()))
    return tuple(np.array(errors).T)
