"""train_step compiled to a graph; norms by NumPy in float32."""


def train_step(model, x, y, loss_fn, optimizer):
    optimizer.build(model.trainable_variables)

    @tf.function
    def step():
        with tf.GradientTape() as tape:
            loss = loss_fn(y, model(x, training=True))
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(list(zip(gradients, model.trainable_variables)))
        return loss

    return float(step())


def layer_gradient_norms(model, x, y, loss_fn):
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x, training=True))
    gradients = tape.gradient(loss, model.trainable_variables)
    pairs = zip(model.trainable_variables, gradients)
    return np.array([np.linalg.norm(np.ravel(g)) for v, g in pairs if v.name == "kernel"], dtype=np.float32)
