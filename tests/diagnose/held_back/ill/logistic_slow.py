# fault: learning-rate-too-low
import numpy as np
from sklearn.datasets import make_blobs


class LogisticRegression:
    def __init__(self, eta=1e-5, n_iter=200):
        self.eta, self.n_iter = eta, n_iter

    def fit(self, X, y):
        self.w, self.b, self.losses = np.zeros(X.shape[1]), 0.0, []
        for _ in range(self.n_iter):
            p = 1 / (1 + np.exp(-(X @ self.w + self.b)))
            loss = -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))
            grad_w = X.T @ (p - y) / len(X)
            grad_b = np.mean(p - y)
            self.w = self.w - self.eta * grad_w
            self.b = self.b - self.eta * grad_b
            self.losses.append(loss)
        return self

    def predict(self, X):
        return (X @ self.w + self.b > 0).astype(int)


X, y = make_blobs(300, centers=2, cluster_std=1.2, random_state=2)
X = (X - X.mean(axis=0)) / X.std(axis=0)
clf = LogisticRegression().fit(X, y)
print(clf.losses[0], clf.losses[-1], (clf.predict(X) == y).mean())
