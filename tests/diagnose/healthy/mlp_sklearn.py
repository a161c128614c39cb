from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler

X, y = load_breast_cancer(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
scaler = StandardScaler().fit(X_train)
clf = MLPClassifier(hidden_layer_sizes=(32,), max_iter=60, random_state=0, early_stopping=True)
clf.fit(scaler.transform(X_train), y_train)
print(clf.score(scaler.transform(X_test), y_test))
