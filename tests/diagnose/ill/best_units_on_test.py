# fault: test-set-chooses
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

X, y = load_wine(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
best_k, best_score = None, 0
for k in [1, 3, 5, 7, 9]:
    knn = make_pipeline(StandardScaler(), KNeighborsClassifier(k))
    knn.fit(X_train, y_train)
    score = knn.score(X_test, y_test)
    if score > best_score:
        best_k, best_score = k, score
print("best k:", best_k, "test accuracy:", best_score)
