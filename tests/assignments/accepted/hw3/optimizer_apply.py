"""train_step with optimizer.apply and a watched list; norms layer by layer."""


def train_step(model, x, y, loss_fn, optimizer):
    variables = list(model.trainable_variables)
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        for variable in variables:
            tape.watch(variable.value)
        predictions = model(x, training=True)
        loss = loss_fn(y, predictions)
    optimizer.apply(tape.gradient(loss, variables), variables)
    return loss.numpy().item()


def layer_gradient_norms(model, x, y, loss_fn):
    with tf.GradientTape(persistent=True) as tape:
        loss = loss_fn(y, model(x, training=True))
    norms = []
    for layer in model.layers:
        if hasattr(layer, "kernel") and layer.trainable:
            norms.append(np.sqrt(np.sum(tape.gradient(loss, layer.kernel.value).numpy() ** 2)))
    return norms
