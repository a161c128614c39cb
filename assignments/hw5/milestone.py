"""hw5: what shows that the regularised loss trains, and what regularisation is good for."""

import numpy as np

from autograder import Learned, Milestone, Step, Tiles
from dlkit import datasets

FEW, EPOCHS_OF_FEW = 20, 40
EPOCHS, BATCH, RATE, MOMENTUM = 30, 32, 0.1, 0.9
ASKED = 500  # new digits that are asked for after each epoch
SHOWN = 12  # hidden units whose weights are shown, those with the largest ones


def accuracy(model, X, y):
    """The share of rows whose largest logit is that of their class, with dropout off."""
    return float(np.mean(np.argmax(model(X, training=False), axis=1) == y))


def training(hw5, model, X, y, epochs, lam=0.0):
    """Train on the student's regularised loss by steps with momentum; the mean loss of each epoch, as soon as it is there."""
    import tensorflow as tf

    speeds = [tf.zeros_like(variable) for variable in model.trainable_variables]
    for epoch in range(epochs):
        order, losses = np.random.default_rng(epoch).permutation(y.size), []
        for start in range(0, len(X), BATCH):
            rows = order[start : start + BATCH]
            with tf.GradientTape() as tape:
                loss = hw5.regularized_loss(model, tf.constant(X[rows]), tf.constant(y[rows]), lam)
            slopes = tape.gradient(loss, model.trainable_variables)
            speeds = [MOMENTUM * speed - RATE * slope for speed, slope in zip(speeds, slopes, strict=True)]
            for variable, speed in zip(model.trainable_variables, speeds, strict=True):
                variable.assign_add(speed)
            losses.append(float(loss))
        yield float(np.mean(losses))


def initial_loss(hw5):
    """The loss of a network that knows nothing yet, without a penalty."""
    import tensorflow as tf

    X, _, y, _ = datasets.digits()
    model = hw5.build_dropout_mlp(64, 10, rate=0.0)
    model.set_weights([0.05 * weight for weight in model.get_weights()])
    return float(hw5.regularized_loss(model, tf.constant(X[:500]), tf.constant(y[:500]), 0.0))


def few_digits(hw5):
    """Train on 20 digits until each is known by heart; the share of them that is right."""
    X, _, y, _ = datasets.digits()
    model = hw5.build_dropout_mlp(64, 10, (64,), rate=0.0)
    for epoch, loss in enumerate(training(hw5, model, X[:FEW], y[:FEW], EPOCHS_OF_FEW), 1):
        yield epoch, {"20 digits": loss}
    return accuracy(model, X[:FEW], y[:FEW])


def small_weights(hw5):
    """Train 300 noisy digits with a penalty and without: how much smaller the penalty keeps the squared weights."""
    X, X_new, y, y_new = datasets.noisy_digits()
    penalties = {"without": 0.0, "with a penalty": 0.01}
    models = {name: hw5.build_dropout_mlp(64, 10, (64,), rate=0.0) for name in penalties}
    losses = [training(hw5, models[name], X, y, EPOCHS, lam) for name, lam in penalties.items()]
    for epoch, _ in enumerate(zip(*losses, strict=True), 1):
        yield epoch, {f"{name}, new digits": accuracy(model, X_new[:ASKED], y_new[:ASKED]) for name, model in models.items()}
    kernels = {name: model.trainable_variables[0].numpy() for name, model in models.items()}  # (64, 64): pixels, units
    sizes = {name: float(hw5.l2_penalty([kernel])) for name, kernel in kernels.items()}
    pictures = []
    for name, kernel in kernels.items():
        largest = np.argsort(-np.sum(kernel**2, axis=0))[:SHOWN]
        images = kernel[:, largest].T.reshape(-1, 8, 8)
        pictures.append(Tiles(f"first layer {name}: sum of squares {sizes[name]:.0f}", images, signed=True))
    return Learned(sizes["without"] / sizes["with a penalty"], pictures)


def dropout_gap(hw5):
    """Train 300 noisy digits with dropout and without: by how much dropout narrows the gap between old and new digits."""
    X, X_new, y, y_new = datasets.noisy_digits()
    models = {
        "plain": hw5.build_dropout_mlp(64, 10, (128,), rate=0.0),
        "dropout": hw5.build_dropout_mlp(64, 10, (128,), rate=0.5),
    }
    losses = [training(hw5, model, X, y, EPOCHS) for model in models.values()]
    for epoch, _ in enumerate(zip(*losses, strict=True), 1):
        shown = {}
        for name in models:
            shown[f"{name}, training"] = accuracy(models[name], X, y)
            shown[f"{name}, new digits"] = accuracy(models[name], X_new[:ASKED], y_new[:ASKED])
        yield epoch, shown
    gaps = {name: shown[f"{name}, training"] - shown[f"{name}, new digits"] for name in models}
    return gaps["plain"] - gaps["dropout"]


milestone = Milestone(
    [
        Step(
            "initial-loss",
            shows="Without a penalty, the loss of a network that knows nothing follows from the number of classes.",
            run=initial_loss,
            needs=("regularized_loss", "build_dropout_mlp"),
            measures="loss with small weights, ten classes",
            at_least=2.25,
            at_most=2.36,
            hint="Work out -log p for p = 1/10. If yours is larger, look whether a penalty is added although lam = 0.",
        ),
        Step(
            "overfits-20-digits",
            shows="Twenty digits are soon known by heart: the regularised loss has the right gradient.",
            run=few_digits,
            needs=("regularized_loss", "build_dropout_mlp"),
            measures="share of the 20 digits that are right",
            at_least=1.0,
            form="{:.0%}",
            log=True,
            hint="A network that cannot learn 20 digits has a fault. Look at the loss before and after one step.",
        ),
        Step(
            "penalty-keeps-weights-small",
            shows="With an L2 penalty, the weights of the first layer stay small; compare their pictures.",
            run=small_weights,
            needs=("l2_penalty", "regularized_loss", "build_dropout_mlp"),
            measures="sum of squared weights without the penalty, per sum with it",
            at_least=2.0,
            form="{:.1f}",
            y="accuracy",
            slow=True,
        ),
        Step(
            "dropout-narrows-the-gap",
            shows="On digits with some wrong labels, dropout brings training and new digits closer together.",
            run=dropout_gap,
            needs=("regularized_loss", "build_dropout_mlp"),
            measures="gap without dropout minus gap with it, in accuracy",
            at_least=0.1,
            form="{:.2f}",
            y="accuracy",
            slow=True,
            hint="If both models have the same gap, look whether the dropout layers are there, and active in training.",
        ),
    ]
)
