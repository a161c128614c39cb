"""The data term from log-softmax, the penalty without helpers, kernels by rank."""


def regularized_loss(model, x, y, lam, kind="l2"):
    kernels = [tf.convert_to_tensor(w) for w in model.trainable_weights if len(w.shape) >= 2]
    logp = tf.nn.log_softmax(model(x, training=True))
    data = -tf.reduce_mean(tf.gather(logp, y, batch_dims=1))
    if kind == "l1":
        return data + lam * tf.add_n([tf.reduce_sum(tf.abs(k)) for k in kernels])
    return data + lam * tf.add_n([tf.reduce_sum(k * k) for k in kernels])
