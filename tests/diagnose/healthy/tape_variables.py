import tensorflow as tf
from sklearn.datasets import load_iris

X, y = load_iris(return_X_y=True)
X = ((X - X.mean(0)) / X.std(0)).astype("float32")
Y = tf.one_hot(y, 3)
W1 = tf.Variable(tf.random.normal((4, 10), stddev=0.5, seed=1))
b1 = tf.Variable(tf.zeros(10))
W2 = tf.Variable(tf.random.normal((10, 3), stddev=0.3, seed=2))
b2 = tf.Variable(tf.zeros(3))
for i in range(100):
    with tf.GradientTape() as tape:
        h = tf.nn.relu(X @ W1 + b1)
        loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(labels=Y, logits=h @ W2 + b2))
    for v, g in zip([W1, b1, W2, b2], tape.gradient(loss, [W1, b1, W2, b2])):
        v.assign_sub(0.3 * g)
print(float(loss))
