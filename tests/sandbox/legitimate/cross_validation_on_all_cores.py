"""Cross-validates with n_jobs=-1, and runs joblib's own Parallel with its default back end."""

import joblib
import numpy as np
from sklearn.datasets import make_regression
from sklearn.linear_model import Ridge
from sklearn.model_selection import cross_val_score


def square(value):
    return value**2


def attacked(x):
    X, y = make_regression(100, 5, random_state=0)
    assert cross_val_score(Ridge(), X, y, n_jobs=-1).shape == (5,)
    assert joblib.Parallel(n_jobs=2)(joblib.delayed(square)(value) for value in range(5)) == [0, 1, 4, 9, 16]
    assert joblib.Parallel(n_jobs=2, prefer="threads")(joblib.delayed(np.sqrt)(value) for value in (1.0, 4.0)) == [1, 2]
    return x + 1
