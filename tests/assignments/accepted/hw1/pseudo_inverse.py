"""linear_regression_fit with the pseudo-inverse."""


def linear_regression_fit(X, y):
    folded = np.c_[np.ones(len(X)), X]
    solution = np.linalg.pinv(folded) @ y
    return solution[1:], solution[0]
