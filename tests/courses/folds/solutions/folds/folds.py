"""Cross-validation with a fresh model and a fresh scaler in every fold."""

import numpy as np
from sklearn.model_selection import StratifiedKFold
from sklearn.preprocessing import StandardScaler


def cross_val_scores(build_fn, X, y, k=5, seed=0):
    """Accuracy on each fold."""
    scores = []
    for train, test in StratifiedKFold(k, shuffle=True, random_state=seed).split(X, y):
        scaler = StandardScaler().fit(X[train])
        model = build_fn()
        model.fit(scaler.transform(X[train]), y[train])
        scores.append(np.mean(model.predict(scaler.transform(X[test])) == y[test]))
    return np.array(scores)
