"""mean_squared_error as a scalar product; the checks raise by assertion of shapes."""


def mean_squared_error(y_true, y_pred):
    if np.shape(y_true) != np.shape(y_pred) or not np.size(y_true):
        raise ValueError("shapes")
    e = np.subtract(y_true, y_pred, dtype=float).ravel()
    return np.dot(e, e) / e.size
