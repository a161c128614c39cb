"""Clusters with KMeans, whose loops run in threads of OpenMP, and asks for neighbours and a projection."""

import numpy as np
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE
from sklearn.neighbors import KNeighborsClassifier


def attacked(x):
    rng = np.random.default_rng(0)
    X = np.vstack([rng.normal(size=(50, 3)), rng.normal(8, size=(50, 3))])
    labels = KMeans(2, n_init=2, random_state=0).fit_predict(X)
    assert len(set(labels[:50])) == len(set(labels[50:])) == 1
    assert PCA(2).fit_transform(X).shape == (100, 2)
    assert KNeighborsClassifier(n_jobs=-1).fit(X, labels).score(X, labels) == 1
    assert TSNE(max_iter=250, perplexity=10).fit_transform(X[:40]).shape == (40, 2)
    return x + 1
