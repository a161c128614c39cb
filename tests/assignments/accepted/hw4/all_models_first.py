"""cross_val_scores that builds all models, then fits all, then asks all; rows of a fold in another order."""


def cross_val_scores(build_fn, X, y, k=5, seed=0):
    from sklearn.model_selection import StratifiedKFold

    pairs = list(StratifiedKFold(k, shuffle=True, random_state=seed).split(X, y))
    models = [build_fn() for _ in pairs]
    for model, (train, test) in zip(models, pairs):
        train = train[::-1]
        model.fit(standardize(X[train])[0], y[train])
    right = [model.predict(standardize(X[train], X[test])[1]) == y[test] for model, (train, test) in zip(models, pairs)]
    return [answers.sum() / answers.size for answers in right]
