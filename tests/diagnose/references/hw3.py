# reference: solutions/hw3/optimization.py
from sklearn.datasets import load_digits

X, y = load_digits(return_X_y=True)
X = (X / 16).astype("float32")
keras.utils.set_random_seed(0)
model = build_deep_mlp(64, 2, 32, "relu")
loss_fn = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
optimizer = keras.optimizers.SGD(0.1, momentum=0.9)
for epoch in range(5):
    for xb, yb in minibatches(X[:1400], y[:1400], 64, seed=epoch):
        loss = train_step(model, tf.constant(xb), tf.constant(yb), loss_fn, optimizer)
    print(epoch, loss)
print(np.mean(np.argmax(model(X[1400:], training=False), axis=1) == y[1400:]))
