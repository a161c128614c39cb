"""Fits boosted trees and a forest on all processors."""

from sklearn.datasets import make_classification
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.svm import SVC


def attacked(x):
    X, y = make_classification(300, random_state=0)
    assert HistGradientBoostingClassifier(max_iter=20).fit(X, y).score(X, y) > 0.9
    assert RandomForestClassifier(20, n_jobs=-1, random_state=0).fit(X, y).score(X, y) > 0.9
    assert SVC(probability=False).fit(X, y).score(X, y) > 0.8
    return x + 1
