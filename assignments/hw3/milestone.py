"""hw3: what shows that the losses, the training step and the optimisers train a network."""

import numpy as np

from autograder import Learned, Milestone, Step
from dlkit import datasets

FEW, EPOCHS_OF_FEW = 20, 30
DIGITS, EPOCHS, BATCH, RATE = 256, 10, 32, 0.1
CLASSES = 10
NEAR = 1e-3  # an error below it counts as arrived


def accuracy(model, X, y):
    """The share of rows whose largest logit is that of their class."""
    return float(np.mean(np.argmax(model(X, training=False), axis=1) == y))


def loss_of(hw3):
    """The student's loss in the order in which `train_step` calls it."""
    return lambda labels, logits: hw3.softmax_cross_entropy(logits, labels)


def network():
    """Two hidden layers of 32 ReLU units for the digits, the same at each call: what trains it is the student's."""
    import keras

    keras.utils.set_random_seed(0)
    hidden = [keras.layers.Dense(32, "relu") for _ in range(2)]
    return keras.Sequential([keras.Input((64,)), *hidden, keras.layers.Dense(CLASSES)])


def initial_loss(hw3):
    """The loss of a network that knows nothing yet: its last layer starts near 0."""
    import tensorflow as tf

    X, _, y, _ = datasets.digits()
    model = network()
    model.set_weights([0.05 * weight for weight in model.get_weights()])
    return float(hw3.softmax_cross_entropy(tf.convert_to_tensor(model(X[:500], training=False)), tf.constant(y[:500])))


def few_digits(hw3):
    """Train on 20 digits until each is known by heart; the share of them that is right."""
    import keras

    X, _, y, _ = datasets.digits()
    X, y = X[:FEW], y[:FEW]
    model = network()
    optimizer = keras.optimizers.SGD(0.1, momentum=0.9)
    for epoch in range(EPOCHS_OF_FEW):
        losses = [hw3.train_step(model, x, labels, loss_of(hw3), optimizer) for x, labels in hw3.minibatches(X, y, 10, seed=epoch)]
        yield epoch + 1, {"20 digits": float(np.mean(losses))}
    return accuracy(model, X, y)


def ravine(hw3):
    """Walk down the ravine without momentum and with it: how many times as many steps it takes without."""
    start, steps = np.array([10.0, 1.0]), 300
    curvature = np.array([1.0, 25.0])
    paths = {
        "plain": hw3.descend(lambda w: curvature * w, start, lr=0.03, alpha=0.0, steps=steps),
        "momentum": hw3.descend(lambda w: curvature * w, start, lr=0.03, alpha=0.8, steps=steps),
    }
    errors = {name: 0.5 * np.sum(curvature * path**2, axis=1) for name, path in paths.items()}
    for step in range(0, steps, 5):
        yield step, {name: max(float(error[step]), 1e-12) for name, error in errors.items()}
    arrived = {name: steps - int(np.argmax(error[::-1] > NEAR)) + 1 for name, error in errors.items()}
    return arrived["plain"] / arrived["momentum"]


def optimisers(hw3):
    """Train the same network by three optimisers; the loss of momentum as a share of that of plain steps."""
    import keras

    X, _, y, _ = datasets.digits()
    X, y = X[:DIGITS], y[:DIGITS]
    made = {
        "plain SGD": keras.optimizers.SGD(RATE),
        "momentum 0.9": keras.optimizers.SGD(RATE, momentum=0.9),
        "Adam": keras.optimizers.Adam(RATE / 2),
    }
    models = {name: network() for name in made}
    losses = {}
    for epoch in range(EPOCHS):
        for name in models:
            batches = hw3.minibatches(X, y, BATCH, seed=epoch)
            losses[name] = float(np.mean([hw3.train_step(models[name], x, y, loss_of(hw3), made[name]) for x, y in batches]))
        yield epoch + 1, losses
    return Learned(losses["momentum 0.9"] / losses["plain SGD"])


def deep_gradient(hw3):
    """Twenty sigmoid layers: how much more of the gradient reaches the first one through skips and batch normalisation."""
    import tensorflow as tf

    X, _, y, _ = datasets.digits()
    x, labels = tf.constant(X[:100]), tf.constant(y[:100])
    norms = {
        "plain": hw3.layer_gradient_norms(hw3.build_deep_mlp(64, 20, 32, "sigmoid"), x, labels, loss_of(hw3)),
        "batch norm and skips": hw3.layer_gradient_norms(
            hw3.build_deep_mlp(64, 20, 32, "sigmoid", batch_norm=True, skip=True), x, labels, loss_of(hw3)
        ),
    }
    for layer in range(21):
        yield layer + 1, {name: max(float(norm[layer]), 1e-30) for name, norm in norms.items()}
    return float(norms["batch norm and skips"][0] / norms["plain"][0])


milestone = Milestone(
    [
        Step(
            "initial-loss",
            shows="A network that knows nothing gives each of ten digits the same probability; its loss follows from that.",
            run=initial_loss,
            needs=("softmax_cross_entropy",),
            measures="loss with small weights, ten classes",
            at_least=2.25,
            at_most=2.36,
            hint="Work out -log p for p = 1/10. If your loss is 10 times as large or as small, look at the mean over the batch.",
        ),
        Step(
            "overfits-20-digits",
            shows="Twenty digits are soon known by heart: the loss, its gradient and the update fit together.",
            run=few_digits,
            needs=("softmax_cross_entropy", "minibatches", "train_step"),
            measures="share of the 20 digits that are right",
            at_least=1.0,
            form="{:.0%}",
            log=True,
            hint="A network that cannot learn 20 digits has a fault. Look at the loss of one batch before and after one step.",
        ),
        Step(
            "momentum-in-a-ravine",
            shows="In a narrow ravine, momentum arrives in fewer steps at the same learning rate.",
            run=ravine,
            needs=("momentum_step", "descend"),
            measures="steps without momentum, per step with it",
            at_least=2.0,
            x="step",
            y="error",
            log=True,
        ),
        Step(
            "compares-optimisers",
            shows="The same network, the same digits, three optimisers: the curves tell them apart.",
            run=optimisers,
            needs=("softmax_cross_entropy", "minibatches", "train_step"),
            measures="loss of momentum as a share of that of plain SGD",
            at_most=0.7,
            form="{:.2f}",
            log=True,
            slow=True,
        ),
        Step(
            "gradient-through-20-layers",
            shows="Batch normalisation and skips carry the gradient through twenty sigmoid layers.",
            run=deep_gradient,
            needs=("softmax_cross_entropy", "layer_gradient_norms", "build_deep_mlp"),
            measures="gradient in the first layer, as a multiple of that without them",
            at_least=1000,
            form="{:.2g}",
            x="layer",
            y="norm of the gradient",
            log=True,
        ),
    ]
)
