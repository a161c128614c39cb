import numpy as np
from sklearn.datasets import load_wine
from sklearn.feature_selection import SelectKBest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

X, y = load_wine(return_X_y=True)
pipe = make_pipeline(StandardScaler(), SelectKBest(k=8), LogisticRegression())
scores = cross_val_score(pipe, X, y, cv=5)
print(scores.mean(), scores.std())
