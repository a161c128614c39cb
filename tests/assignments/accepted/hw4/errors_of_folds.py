"""cross_val_mse through capacity_curve; select_degree with a stable sort."""


def cross_val_mse(x, y, degree, k, seed=None):
    pairs = kfold_indices(n=len(y), k=k, seed=seed)
    return np.concatenate([capacity_curve(x[a], y[a], x[b], y[b], [degree])[1] for a, b in pairs])


def select_degree(x, y, degrees, k, seed=None):
    errors = [float(np.mean(cross_val_mse(x, y, degree, k, seed=seed))) for degree in degrees]
    ranked = sorted(range(len(errors)), key=lambda i: (errors[i], degrees[i]))
    return degrees[ranked[0]], np.asarray(errors)
