"""What usually causes a symptom, and what to try: one sentence each."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Advice:
    """Words about a symptom.

    Attributes:
        title: what it is called.
        cause: what usually causes it.
        attempt: what to try.
    """

    title: str
    cause: str
    attempt: str


# The worst first: what makes every other number meaningless stands above what only slows down.
ADVICE = {
    "no-gradient": Advice(
        "No gradient",
        "The way from the variable to the loss leaves TensorFlow: by `.numpy()`, a NumPy function, `argmax` or a cast. "
        "Or the loss does not use the variable.",
        "Compute everything between the variables and the loss with `tf` functions, inside the `with` block of the tape.",
    ),
    "shapes-do-not-fit": Advice(
        "Shapes do not fit",
        "Targets of shape (n,) are combined with outputs of shape (n, 1), and broadcasting makes a table of both.",
        "Give both the same shape: `y[:, None]`, or `tf.squeeze(outputs, -1)`.",
    ),
    "labels-apart-from-inputs": Advice(
        "Labels do not belong to the inputs",
        "Inputs and labels were shuffled, sorted or filtered separately, or the wrong column is the label.",
        "Shuffle both with one permutation: `order = rng.permutation(n); X, y = X[order], y[order]`. Look at a few pairs.",
    ),
    "loss-and-outputs-do-not-fit": Advice(
        "Loss and last layer do not fit",
        "The last activation, the loss and the form of the targets belong together, and one of them is of another kind.",
        "For two classes, take one unit with sigmoid and binary cross-entropy. For K classes, take K units with softmax and "
        "(sparse) categorical cross-entropy. For amounts, take no activation and squared errors. If the loss gets logits, say "
        "`from_logits=True`.",
    ),
    "softmax-twice": Advice(
        "Softmax twice",
        "A softmax layer is followed by another softmax, or by a loss that takes logits.",
        "Keep one: a softmax layer with the plain loss, or no activation with `from_logits=True`.",
    ),
    "sigmoid-twice": Advice(
        "Sigmoid twice",
        "A sigmoid layer is followed by another sigmoid.",
        "Keep one of them.",
    ),
    "inputs-not-finite": Advice(
        "Inputs that are no numbers",
        "A file has empty cells, or a column was divided by its deviation of 0.",
        "Fill or drop these rows before training: `np.isfinite(X).all(axis=1)`.",
    ),
    "loss-not-finite": Advice(
        "The loss is not a number",
        "The learning rate is too high, inputs are not scaled, or log(0), 0/0 or exp of a large number is computed.",
        "Divide the learning rate by 10, scale the inputs, and use losses that take logits.",
    ),
    "unscaled-inputs": Advice(
        "Inputs are not scaled",
        "Raw measurements or pixel values go into the first layer, whose weights are made for inputs of about size 1.",
        "Divide pixels by 255; standardise measurements with the mean and deviation of the training rows.",
    ),
    "learning-rate-too-high": Advice(
        "The learning rate is too high",
        "Each step goes beyond the minimum. Inputs that are not scaled have the same effect.",
        "Divide the learning rate by 10, until the loss falls from the first epoch on.",
    ),
    "gradients-add-up": Advice(
        "Gradients add up",
        "The list or array that collects gradients is made once, before the loop, and never set back to zero.",
        "Set it to zero at the beginning of each step, or use the tape's gradients directly.",
    ),
    "equal-weights": Advice(
        "All units are the same",
        "The weights of a hidden layer begin with one value, such as 0 or 1, so all units get the same gradient for ever.",
        "Begin with small random weights: Keras's default, or `rng.normal(size=(d, h)) / np.sqrt(d)`.",
    ),
    "dead-relus": Advice(
        "Dead ReLU units",
        "A large negative bias, a bad initialisation or a step that was too big has moved the units to where they give 0.",
        "Begin with a bias of 0 and with Keras's random weights, lower the learning rate, or use a leaky ReLU.",
    ),
    "zero-gradient": Advice(
        "A gradient of zero",
        "Something between the variable and the loss is flat: rounding, a comparison, dead units, `tf.stop_gradient`.",
        "Print the gradient of each layer, and look for the first one that is 0.",
    ),
    "saturated-units": Advice(
        "Saturated units",
        "Inputs or initial weights are so large that sigmoid or tanh is at an end of its range, where its slope is 0.",
        "Scale the inputs, and begin with smaller weights (Keras's default).",
    ),
    "leak-of-held-out-rows": Advice(
        "Held-out rows leak into the training",
        "The scaler, or the choice of features, is fitted before the split, on all rows.",
        "Split first. Fit on the training rows only, then transform the others; in cross-validation use a `Pipeline`.",
    ),
    "same-rows": Advice(
        "The same rows are in both sets",
        "The sets overlap: slices that share rows, rows that were doubled before the split, or the training set used twice.",
        "Split once, before anything else, and check that no row is in both.",
    ),
    "test-set-chooses": Advice(
        "The test set chooses",
        "The rows that stop the training, or pick the model, are those of the final score: it is too good.",
        "Keep a validation set for every choice, and use the test set once, at the end.",
    ),
    "freeze-without-compile": Advice(
        "The freeze has no effect",
        "`trainable` was changed after `compile`: `fit` goes on with the variables that it knew.",
        "Call `compile` again after each change of `trainable`.",
    ),
    "training-mode-in-prediction": Advice(
        "Training mode in predictions",
        "The model is called with `training=True` outside of a training step: dropout goes on.",
        "Use `model(x, training=False)` or `model.predict(x)` to evaluate.",
    ),
    "inference-mode-in-training": Advice(
        "Inference mode in training",
        "The model is called without `training=True` in the training step: dropout and batch normalisation do nothing there.",
        "Call `model(x, training=True)` under the tape.",
    ),
    "variable-not-trained": Advice(
        "A variable is not trained",
        "It is missing in the list of variables that gradients are taken of, or no way leads from it to the loss.",
        "Take gradients of `model.trainable_variables`, and apply all of them.",
    ),
    "constant-batch": Advice(
        "Always the same batch",
        "The batch is taken once, before the loop, or each step takes the first rows.",
        "Take the next rows in each step: `X[k : k + batch_size]`, or loop over a data set.",
    ),
    "unscaled-targets": Advice(
        "Targets are not scaled",
        "Amounts in the hundreds are far from what a new network gives, and the way there is long.",
        "Standardise the targets with the mean and deviation of the training rows, and undo it in predictions.",
    ),
    "metric-of-the-wrong-kind": Advice(
        "A metric of the wrong kind",
        "Accuracy is for classes. For amounts it is near 0; for logits or class numbers it has to know their form.",
        "Amounts: `metrics=['mae']`. Logits of two classes: `BinaryAccuracy(threshold=0)`. Class numbers: "
        "`SparseCategoricalAccuracy()`.",
    ),
    "learning-rate-too-low": Advice(
        "The learning rate is too low",
        "Each step changes next to nothing.",
        "Multiply the learning rate by 10, until the loss falls quickly.",
    ),
    "vanishing-gradient": Advice(
        "The gradient vanishes",
        "Many layers of sigmoid or tanh each make the gradient smaller.",
        "Use ReLU, fewer layers, batch norm, or a path that skips layers.",
    ),
    "one-answer": Advice(
        "One answer for everything",
        "The network has lost sight of its inputs: dead units, a learning rate too high, or weights of 0.",
        "Lower the learning rate, and look at the activations of each layer.",
    ),
    "overfitting": Advice(
        "Overfitting",
        "The network goes on to learn its training rows by heart.",
        "Stop early on a validation set, use dropout or weight decay, or a smaller network.",
    ),
    "no-held-out-rows": Advice(
        "Nothing would show overfitting",
        "All rows are used for training, and the network is large enough to learn them by heart.",
        "Keep some rows apart: `validation_split=0.2`, or `train_test_split`.",
    ),
    "learns-nothing": Advice(
        "It learns nothing",
        "No single cause is visible: the learning rate, the form of the targets, or inputs that do not tell.",
        "Try to learn ten rows by heart first; then look at the gradients of each layer.",
    ),
}
RANK = {name: number for number, name in enumerate(ADVICE)}

HIDDEN_BY = {  # what is only a consequence of what else was found
    "learns-nothing": set(ADVICE) - {"learns-nothing", "no-held-out-rows", "metric-of-the-wrong-kind", "same-rows"},
    "one-answer": set(ADVICE) - {"one-answer", "learns-nothing", "no-held-out-rows", "metric-of-the-wrong-kind"},
    "zero-gradient": {"dead-relus", "equal-weights", "no-gradient", "loss-not-finite", "shapes-do-not-fit", "saturated-units",
                      "learning-rate-too-high"},
    "variable-not-trained": {"dead-relus", "zero-gradient", "no-gradient", "loss-not-finite", "learning-rate-too-low"},
    "vanishing-gradient": {"saturated-units", "dead-relus"},
    "learning-rate-too-high": {"equal-weights"},
    "learning-rate-too-low": {"loss-and-outputs-do-not-fit", "softmax-twice", "labels-apart-from-inputs", "dead-relus",
                              "equal-weights", "no-gradient", "saturated-units", "unscaled-targets"},
    "overfitting": {"labels-apart-from-inputs", "shapes-do-not-fit"},
    "no-held-out-rows": {"labels-apart-from-inputs"},
    "saturated-units": {"unscaled-inputs"},
    "dead-relus": {"unscaled-inputs", "loss-not-finite", "learning-rate-too-high"},
    "loss-not-finite": {"learning-rate-too-high", "inputs-not-finite"},
    "unscaled-targets": {"shapes-do-not-fit"},
    "equal-weights": {"loss-not-finite"},
}  # fmt: skip
