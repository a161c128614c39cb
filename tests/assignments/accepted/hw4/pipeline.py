"""cross_val_scores by scikit-learn's own cross_val_score on a pipeline."""


def cross_val_scores(build_fn, X, y, k=5, seed=0):
    from sklearn.model_selection import StratifiedKFold, cross_val_score
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    cv = StratifiedKFold(n_splits=k, shuffle=True, random_state=seed)
    return cross_val_score(make_pipeline(StandardScaler(), build_fn()), X, y, cv=cv)
