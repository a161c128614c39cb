"""hw3: what a student predicts before the results on descent and on vanishing gradients are seen."""

from functools import cache

import numpy as np

from autograder import Choice, Curve, Number, Predictions

SMALL = 1e-6
STEPS = 3000
LAYERS = (1, 3, 5, 8, 10)
CLASSES = 10  # of digits
HEAVY = ("tensorflow", "keras")


def errors(hw3, lr, alpha=0.0, steps=STEPS):
    """E along a descent in the ravine from (-4, 1)."""
    with np.errstate(over="ignore", invalid="ignore"):
        path = hw3.descend(lambda w: hw3.RAVINE * w, np.array([-4.0, 1.0]), lr, alpha, steps)
        return (np.asarray(path) ** 2 @ hw3.RAVINE) / 2


def steps_needed(hw3, lr, alpha=0.0):
    """The first step at which E is small; more than all where it never is."""
    small = np.flatnonzero(errors(hw3, lr, alpha) < SMALL)
    return int(small[0]) if small.size else STEPS + 1


def best_alpha(hw3):
    """The momentum that needs the fewest steps at lr=0.01."""
    return min((0.0, 0.5, 0.8, 0.9), key=lambda alpha: steps_needed(hw3, 0.01, alpha))


def batch():
    """128 random rows of 32 numbers with labels of ten classes."""
    rng = np.random.default_rng(0)
    return rng.normal(size=(128, 32)).astype(np.float32), rng.integers(0, 10, 128)


@cache
def norms(hw3, activation="sigmoid", **options):
    """The norm of the gradient for each kernel of a network of ten layers."""
    x, y = batch()
    model = hw3.build_deep_mlp(32, 10, 32, activation, num_classes=10, seed=0, **options)
    found = hw3.layer_gradient_norms(model, x, y, lambda y, z: hw3.softmax_cross_entropy(z, y))
    return np.asarray(found, dtype=float)


def ratio(found):
    """The gradient of the first layer over that of the tenth."""
    return float(found[0] / found[9])


@cache
def twenty_digits(hw3):
    """The share of 20 digits that are right, and the loss, after 150 of the student's training steps on all of them."""
    import keras

    from dlkit import datasets

    X, _, y, _ = datasets.digits()
    x, y = X[:20].astype(np.float32), y[:20]
    keras.utils.set_random_seed(0)
    hidden = [keras.layers.Dense(32, "relu") for _ in range(2)]
    model = keras.Sequential([keras.Input((64,)), *hidden, keras.layers.Dense(CLASSES)])
    loss_fn = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    optimizer = keras.optimizers.SGD(0.1, momentum=0.9)
    for _ in range(150):
        loss = float(hw3.train_step(model, x, y, loss_fn, optimizer))
    return float(np.mean(np.argmax(model(x, training=False), axis=1) == y)), loss


def ten_times_the_logits(hw3):
    """The largest probability for the logits 1, 2, 3, and for 10, 20, 30."""
    import tensorflow as tf

    return [float(np.max(hw3.softmax(factor * tf.constant([[1.0, 2.0, 3.0]])))) for factor in (1.0, 10.0)]


def sure_and_wrong(hw3):
    """The norm of the gradient in the logits 0 and 20, where class 0 is right: of the cross-entropy, of the squared error."""
    import tensorflow as tf

    z = tf.constant([[0.0, 20.0]])
    losses = {
        "cross-entropy": lambda: hw3.softmax_cross_entropy(z, tf.constant([0])),
        "squared error": lambda: tf.reduce_sum((hw3.softmax(z) - tf.constant([[1.0, 0.0]])) ** 2),
    }
    norms = []
    for loss in losses.values():
        with tf.GradientTape() as tape:
            tape.watch(z)
            value = loss()
        norms.append(float(tf.norm(tape.gradient(value, z))))
    return norms


predictions = Predictions(
    [
        Choice(
            "ten-times-the-logits",
            ask="The softmax of the logits (1, 2, 3) gives the third class 0.67. You add 10 to all logits, and nothing changes (2). "
            "Now you multiply them by 10 instead. What does the third class get?",
            found=ten_times_the_logits,
            needs=("softmax",),
            options={
                "still 0.67: softmax normalises": lambda found: abs(found[1] - found[0]) < 0.01,
                "more, but less than 0.99": lambda found: found[0] + 0.01 <= found[1] < 0.99,
                "more than 0.99": lambda found: found[1] >= 0.99,
                "less": lambda found: found[1] <= found[0] - 0.01,
            },
            said="{0[0]:.2f} becomes {0[1]:.5f}",
            imports=HEAVY[:1],
            why="Only differences of logits count, and these are ten times as large: the odds of class 3 against class 2 are e before "
            "and e^10 after. So large weights make a network sure, right or wrong.",
        ),
        Choice(
            "sure-and-wrong",
            ask="A network is sure and wrong: its logits are (0, 20), and class 0 is right. You want to train it. How long is the "
            "gradient in the logits, for the cross-entropy (5), and for the squared error of the softmax?",
            found=sure_and_wrong,
            needs=("softmax", "softmax_cross_entropy"),
            options={
                "both more than 0.1: the mistake is large": lambda found: min(found) > 0.1,
                "only that of the cross-entropy": lambda found: found[0] > 0.1 >= found[1],
                "only that of the squared error": lambda found: found[1] > 0.1 >= found[0],
                "both nearly 0: the softmax is flat there": lambda found: max(found) <= 0.1,
            },
            said="cross-entropy: {0[0]:.2g}, squared error: {0[1]:.1g}",
            imports=HEAVY[:1],
            why="The softmax is flat there, and the squared error has to go through it. In the cross-entropy, the logarithm undoes the "
            "exponential, and what is left is (6): the probability minus the label. So a network learns most where it is most wrong.",
        ),
        Number(
            "ravine-small-rate",
            ask="In the ravine (13), from (-4, 1) and with lr=0.01 and no momentum: after how many steps is E < 1e-6 for the first time?",
            found=lambda hw3: steps_needed(hw3, 0.01),
            needs=("descend",),
            low=1,
            high=100_000,
            factor=2,
            unit="steps",
            figure="momentum_ravine",
            why="Across the ravine, 25 times as steep, the error falls at once. Along it, each step keeps 99 % of the distance.",
        ),
        Choice(
            "ravine-past-the-limit",
            ask="The same with lr=0.081. What does E do? (It starts at 20.5.)",
            found=lambda hw3: float(errors(hw3, 0.081, steps=400)[-1]),
            needs=("descend",),
            options={
                "it falls faster than with lr=0.01": lambda last: last < SMALL,
                "it swings from side to side and neither falls nor grows much": lambda last: SMALL <= last <= 20.5,
                "it grows without end": lambda last: last > 20.5 or not np.isfinite(last),
            },
            said="E = {:.3g} after 400 steps",
            figure="momentum_ravine",
            why="Across the ravine, a step multiplies w2 by 1 - 25 lr. Past lr = 2/25 = 0.08, that is less than -1.",
        ),
        Choice(
            "best-momentum",
            ask="With lr=0.01, which momentum reaches E < 1e-6 in the fewest steps?",
            found=best_alpha,
            needs=("descend",),
            options={
                "alpha = 0": lambda alpha: alpha == 0,
                "alpha = 0.5": lambda alpha: alpha == 0.5,
                "alpha = 0.8": lambda alpha: alpha == 0.8,
                "alpha = 0.9": lambda alpha: alpha == 0.9,
            },
            said="alpha = {:g}",
            figure="momentum_ravine",
            why="Momentum adds up the small steps along the valley. Too much of it runs past the lowest point and has to come back.",
        ),
        Choice(
            "momentum-past-the-limit",
            ask="Without momentum, descent works up to lr = 2/25 = 0.08. What happens at lr=0.081 with momentum 0.5?",
            found=lambda hw3: steps_needed(hw3, 0.081, 0.5),
            needs=("descend",),
            options={
                "it needs fewer than 100 steps to E < 1e-6": lambda steps: steps < 100,
                "it needs 100 steps or more": lambda steps: 100 <= steps <= STEPS,
                "E grows without end here, too": lambda steps: steps > STEPS,
            },
            said="{} steps",
            why="Momentum raises the limit to 2 (1 + alpha) / 25 = 0.12: the velocity remembers the other side and brakes the swing.",
        ),
        Curve(
            "gradient-by-layer",
            ask="A network has ten sigmoid layers of 32 units. The loss's gradient for the kernel of layer 10 has norm 0.17. "
            "What norm do the kernels of layers 1, 3, 5, 8 and 10 have?",
            found=lambda hw3: [norms(hw3)[layer - 1] for layer in LAYERS],
            needs=("softmax_cross_entropy", "layer_gradient_norms", "build_deep_mlp"),
            at=LAYERS,
            x="layer",
            y="norm of dE/dW",
            low=0,
            high=100,
            factor=10,
            imports=HEAVY,
            figure="vanishing_gradient",
            place="0",
            why="On its way back, each layer multiplies delta by the slope of the sigmoid, at most 1/4, and by the weights.",
        ),
        Choice(
            "skip-connections",
            ask="The same network with skip connections: how large is the gradient of layer 1, compared with that of layer 10?",
            found=lambda hw3: ratio(norms(hw3, skip=True)),
            needs=("softmax_cross_entropy", "layer_gradient_norms", "build_deep_mlp"),
            options={
                "less than a millionth": lambda ratio: ratio < 1e-6,
                "from a millionth to a thousandth": lambda ratio: 1e-6 <= ratio < 1e-3,
                "from a thousandth to a hundredth": lambda ratio: 1e-3 <= ratio < 1e-2,
                "more than a hundredth": lambda ratio: ratio >= 1e-2,
            },
            said="it is {:.2g} times as large",
            imports=HEAVY,
            figure="vanishing_gradient",
            why="h + g(W h) has the slope 1 + something: a path without any sigmoid leads back to the first layer.",
        ),
        Choice(
            "tanh-instead",
            ask="The same network with tanh in place of the sigmoid, and no skip connections. How do layers 1 and 10 compare?",
            found=lambda hw3: ratio(norms(hw3, "tanh")),
            needs=("softmax_cross_entropy", "layer_gradient_norms", "build_deep_mlp"),
            options={
                "the gradient of layer 1 is less than a thousandth": lambda ratio: ratio < 1e-3,
                "it is smaller, from a thousandth to a fifth": lambda ratio: 1e-3 <= ratio < 0.2,
                "both are about the same size, up to a factor of 5": lambda ratio: 0.2 <= ratio <= 5,
                "it is more than 5 times as large": lambda ratio: ratio > 5,
            },
            said="it is {:.2g} times as large",
            imports=HEAVY,
            figure="delta_by_layer",
            why="Near zero the slope of tanh is 1, and Glorot's start keeps the sums small. So delta hardly shrinks; "
            "the figure shows it for 20 layers.",
        ),
        Choice(
            "twenty-digits",
            ask="A network with two hidden layers of 32 ReLU units sees the same 20 digits in 150 of your training steps (SGD, 0.1, "
            "momentum 0.9). How many of these 20 are right in the end, and how large is the loss? (It starts near log 10 = 2.3.)",
            found=twenty_digits,
            needs=("train_step",),
            options={
                "fewer than 15: 150 steps are too few": lambda found: found[0] < 0.75,
                "15 to 19": lambda found: 0.75 <= found[0] < 1,
                "all 20, with a loss of more than 0.1": lambda found: found[0] == 1 and found[1] > 0.1,
                "all 20, with a loss of less than 0.1": lambda found: found[0] == 1 and found[1] <= 0.1,
            },
            said="{0[0]:.0%} are right, loss {0[1]:.2g}",
            imports=(*HEAVY, "sklearn.datasets", "sklearn.model_selection"),
            why="3,000 weights learn 20 digits by heart in no time. This is a test of every training loop: "
            "if yours cannot do it, look for a mistake before you train on more.",
        ),
    ]
)
