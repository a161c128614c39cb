"""train_epoch with a tf.function step, trainable_weights and optimizer.apply; f-strings in the log."""


def train_epoch(model, batches, loss_fn, optimizer, epoch, log_interval=10, log=print):
    optimizer.build(model.trainable_variables)

    @tf.function(reduce_retracing=True)
    def step(x, y):
        with tf.GradientTape() as tape:
            loss = loss_fn(y, model(x, training=True))
        optimizer.apply(tape.gradient(loss, model.trainable_weights), model.trainable_weights)
        return loss

    samples = sum(x.shape[0] for x, _ in batches)
    losses, sizes = [], []
    for i, (x, y) in enumerate(batches):
        losses.append(step(tf.constant(x), tf.constant(y)).numpy())
        sizes.append(len(x))
        if not i % log_interval:
            done = 100 * i / len(batches)
            log(f"Train Epoch: {epoch} [{i * sizes[0]}/{samples} ({done:.0f}%)]\tLoss: {losses[-1]:.6f}")
    return float(np.average(losses, weights=sizes))
