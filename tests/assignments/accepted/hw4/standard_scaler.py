"""cross_val_scores with a StandardScaler in each fold, accuracy_score, and a look at the training part as well."""


def cross_val_scores(build_fn, X, y, k=5, seed=0):
    from sklearn.metrics import accuracy_score
    from sklearn.model_selection import StratifiedKFold
    from sklearn.preprocessing import StandardScaler

    scores = np.zeros(k)
    for i, (train, test) in enumerate(StratifiedKFold(k, shuffle=True, random_state=seed).split(X, y)):
        scaler = StandardScaler().fit(X[train])
        model = build_fn()
        model.fit(scaler.transform(X[train]), y[train])
        model.predict(scaler.transform(X[train]))
        scores[i] = accuracy_score(y[test], model.predict(scaler.transform(X[test])))
    return scores
