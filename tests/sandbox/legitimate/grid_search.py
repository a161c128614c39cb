"""Searches hyper-parameters with GridSearchCV and a pipeline, on all processors."""

from sklearn.datasets import make_classification
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def attacked(x):
    X, y = make_classification(200, random_state=0)
    pipeline = make_pipeline(StandardScaler(), LogisticRegression())
    search = GridSearchCV(pipeline, {"logisticregression__C": [0.1, 1, 10]}, cv=3, n_jobs=-1)
    assert search.fit(X, y).best_score_ > 0.7
    return x + 1
