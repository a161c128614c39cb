# reference: solutions/hw1/perceptron.py
from sklearn.datasets import make_blobs

X, y = make_blobs(80, centers=[[-2, 0], [2, 1]], cluster_std=0.7, random_state=0)
w, mistakes = train_perceptron(X, y)
print(w, mistakes)
weights, bias = linear_regression_fit(X, 2 * X[:, 0] - X[:, 1] + 0.5)
print(weights, bias)
