"""train_epoch and evaluate_model on tensors, with tf.keras losses and metrics."""


def train_epoch(model, batches, loss_fn, optimizer, epoch, log_interval=10, log=print):
    weighted = tf.constant(0.0)
    count = 0
    total = sum(len(x) for x, y in batches)
    for batch_idx, (data, target) in enumerate(batches):
        data, target = tf.convert_to_tensor(data), tf.convert_to_tensor(target)
        with tf.GradientTape() as tape:
            output = model(data, training=True)
            loss = loss_fn(target, output)
        gradients = tape.gradient(loss, model.trainable_weights)
        optimizer.apply_gradients(list(zip(gradients, model.trainable_weights, strict=True)))
        weighted += loss * target.shape[0]
        count += target.shape[0]
        if batch_idx % log_interval == 0:
            log(
                "Train Epoch: %d [%d/%d (%.0f%%)]\tLoss: %.6f"
                % (epoch, batch_idx * len(batches[0][0]), total, 100 * batch_idx / len(batches), loss)
            )
    return float(weighted / count)


def evaluate_model(model, batches):
    if len(batches) == 0:
        raise ValueError("an empty test set has no average loss")
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, reduction="sum")
    accuracy = keras.metrics.SparseCategoricalAccuracy()
    total = 0.0
    for data, target in batches:
        output = model(data, training=False)
        total += loss(target, output)
        accuracy.update_state(target, output)
    return float(total) / sum(len(target) for _, target in batches), float(accuracy.result())
