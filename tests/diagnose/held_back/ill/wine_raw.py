# fault: unscaled-inputs
import keras
from keras import layers
from sklearn import datasets, model_selection

data = datasets.load_wine()
tr_x, te_x, tr_y, te_y = model_selection.train_test_split(data.data, data.target, stratify=data.target, random_state=3)

clf = keras.Sequential(name="wine")
clf.add(layers.Input(shape=(13,)))
clf.add(layers.Dense(30, activation="tanh"))
clf.add(layers.Dense(3, activation="softmax"))
clf.compile(loss="sparse_categorical_crossentropy", optimizer=keras.optimizers.SGD(0.01), metrics=["acc"])
clf.fit(tr_x, tr_y, epochs=25, verbose=0)
print("accuracy", clf.evaluate(te_x, te_y, verbose=0)[1])
