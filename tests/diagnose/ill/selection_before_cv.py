# fault: leak-of-held-out-rows
import numpy as np
from sklearn.feature_selection import SelectKBest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score

rng = np.random.default_rng(0)
X = rng.normal(size=(80, 1000))
y = rng.integers(0, 2, 80)
X_best = SelectKBest(k=20).fit_transform(X, y)
print("cross-validated accuracy:", cross_val_score(LogisticRegression(), X_best, y, cv=5).mean())
