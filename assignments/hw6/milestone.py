"""hw6: what shows that the lecture's Net, your training loop and your test loop read digits."""

import numpy as np

from autograder import Learned, Milestone, Step, Tiles
from dlkit import datasets

MEAN, STD = 0.2244, 0.3493  # of the training images
FEW, EPOCHS_OF_FEW = 20, 20
EPOCHS, BATCH, RATE, MOMENTUM = 6, 32, 0.02, 0.9
FAILURES = 16  # misread digits that are shown, at most


def ready(images):
    """Images as the Net takes them, by (9)."""
    return ((images / 255 - MEAN) / STD).astype(np.float32).reshape(-1, 28, 28, 1)


def in_batches(X, y, order, size=BATCH):
    """The rows of an order, as a list of batches."""
    return [(X[order[start : start + size]], y[order[start : start + size]]) for start in range(0, len(order), size)]


def trained(hw6, model, X, y, epochs, rate, size=BATCH):
    """Train a model with the student's loop; the mean loss of each epoch, as soon as it is there."""
    import keras

    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    optimizer = keras.optimizers.SGD(rate, momentum=MOMENTUM)
    for epoch in range(1, epochs + 1):
        batches = in_batches(X, y, np.random.default_rng(epoch).permutation(y.size), size)
        yield epoch, hw6.train_epoch(model, batches, loss, optimizer, epoch, log=lambda line: None)


def initial_loss(hw6):
    """The loss of a Net that knows nothing yet."""
    X, _, y, _ = datasets.digits28()
    model = hw6.build_cnn()
    model.set_weights([0.2 * weight for weight in model.get_weights()])
    return hw6.evaluate_model(model, [(ready(X[:200]), y[:200])])[0]


def few_digits(hw6):
    """Train on 20 digits until each is known by heart; the share of them that is right."""
    X, _, y, _ = datasets.digits28()
    X, y = ready(X[:FEW]), y[:FEW]
    model = hw6.build_cnn()
    for epoch, loss in trained(hw6, model, X, y, EPOCHS_OF_FEW, RATE, size=10):
        yield epoch, {"20 digits": loss}
    return hw6.evaluate_model(model, [(X, y)])[1]


def reads_digits(hw6):
    """Train the Net on 1,437 digits; the share of 360 others that it reads."""
    X_train, X_new, y_train, y_new = datasets.digits28()
    new = [(ready(X_new[start : start + 120]), y_new[start : start + 120]) for start in range(0, len(X_new), 120)]
    model = hw6.build_cnn()
    for epoch, loss in trained(hw6, model, ready(X_train), y_train, EPOCHS, RATE):
        loss_new, right = hw6.evaluate_model(model, new)
        yield epoch, {"training": loss, "new digits": loss_new}
    kernels = np.asarray(model.get_weights()[0])  # (5, 5, 1, 20)
    said = np.concatenate([np.asarray(model(batch, training=False)).argmax(axis=1) for batch, _ in new])
    wrong = np.flatnonzero(said != y_new)[:FAILURES]
    captions = [f"{said[row]} for {y_new[row]}" for row in wrong]
    return Learned(
        right,
        [
            Tiles("kernels of the first convolution", kernels[:, :, 0].transpose(2, 0, 1), signed=True),
            Tiles("misread digits: what it said, for what it was", X_new[wrong] / 255, captions),
        ],
    )


def beside_torch(hw6, program):
    """The student's Net from the first weights of the PyTorch program, on the same batches."""
    import keras

    X, _, y, _ = datasets.digits28()
    X = ((X / 255 - program["mean"]) / program["std"]).astype(np.float32).reshape(-1, 28, 28, 1)
    model = hw6.build_cnn()
    model.set_weights(hw6.torch_to_keras_weights(program["weights"]))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    optimizer = keras.optimizers.SGD(float(program["rate"]), momentum=float(program["momentum"]))
    for number, rows in enumerate(program["batches"], 1):
        found = hw6.train_epoch(model, [(X[rows], y[rows])], loss, optimizer, 1, log=lambda line: None)
        yield number, {"your Net": found}
    return 0.0  # the largest difference is found where both curves are


milestone = Milestone(
    [
        Step(
            "initial-loss",
            shows="A Net that knows nothing gives each of ten digits the same probability; its loss follows from that.",
            run=initial_loss,
            needs=("build_cnn", "evaluate_model"),
            measures="loss with small weights, ten classes",
            at_least=2.25,
            at_most=2.36,
            hint="Work out -log p for p = 1/10. If yours is far off, look whether the loss takes logits or probabilities.",
        ),
        Step(
            "overfits-20-digits",
            shows="Twenty digits are soon known by heart: Net, loss and training loop fit together.",
            run=few_digits,
            needs=("build_cnn", "train_epoch", "evaluate_model"),
            measures="share of the 20 digits that are right",
            at_least=1.0,
            form="{:.0%}",
            log=True,
            hint="A Net that cannot learn 20 digits has a fault. Look at the loss of one batch before and after one step.",
        ),
        Step(
            "reads-digits",
            shows="Your Net reads handwritten digits that it has not seen.",
            run=reads_digits,
            needs=("build_cnn", "train_epoch", "evaluate_model"),
            measures="share of 360 new digits that are right",
            at_least=0.95,
            form="{:.1%}",
            log=True,
            seconds=180,
            slow=True,
            hint="If the training loss falls and that of new digits does not, look at how the new ones are normalised.",
        ),
        Step(
            "as-in-pytorch",
            shows="The lecture's PyTorch program and your Net go the same way, from the same weights on the same batches.",
            run=beside_torch,
            needs=("build_cnn", "train_epoch", "torch_to_keras_weights"),
            measures="largest difference between the two losses",
            at_most=0.005,
            form="{:.1e}",
            x="batch",
            seconds=120,
            slow=True,
            beside="torch",
            hint="If the first losses differ, look at how the weights of fc1 are reordered; if later ones do, at the update.",
        ),
    ]
)
