"""hw6: what a student predicts before the results of the convolutional network are seen."""

from functools import cache, partial

import numpy as np

from autograder import Choice, Curve, Number, Predictions

HEAVY = ("tensorflow", "keras", "sklearn.datasets", "sklearn.model_selection")
SHIFTS = (0, 1, 2, 4, 6)
EPOCHS = 4


@cache
def digits():
    """1,437 and 360 digits of 16 x 16 pixels in the middle of a canvas of 28 x 28, standardized; labels."""
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split

    data = load_digits()
    large = np.kron(data.images / 16, np.ones((1, 2, 2)))
    X = np.pad(large, ((0, 0), (6, 6), (6, 6))).astype(np.float32)[..., None]
    X, X_test, y, y_test = train_test_split(X, data.target, test_size=360, random_state=0, stratify=data.target)
    shift = X.mean()
    scale = X.std()
    return X, X_test, y, y_test, shift, scale


def trained(model):
    """A model after some epochs on the digits."""
    import keras

    X, _, y, _, mean, std = digits()
    model.compile(keras.optimizers.SGD(0.01, momentum=0.9), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.fit((X - mean) / std, y, batch_size=32, epochs=EPOCHS, verbose=0)
    return model


def accuracy(hw6, model, shift):
    """The accuracy on test digits that were moved to the right."""
    _, X_test, _, y_test, mean, std = digits()
    moved = (hw6.shift_images(X_test, 0, shift) - mean) / std
    return float(np.mean(np.argmax(model(moved, training=False), axis=1) == y_test))


@cache
def net(hw6):
    """The student's Net, trained."""
    import keras

    keras.utils.set_random_seed(0)
    return trained(hw6.build_cnn())


@cache
def dense(hw6):
    """A fully connected network, trained on the same digits."""
    import keras

    keras.utils.set_random_seed(0)
    layers = [keras.layers.Flatten(), keras.layers.Dense(128, "relu"), keras.layers.Dense(units=10)]
    return trained(keras.Sequential([keras.Input((28, 28, 1)), *layers]))


@cache
def with_global_maximum(hw6):
    """A network that takes the largest response of each map of its second convolution, trained."""
    import keras

    keras.utils.set_random_seed(0)
    conv = partial(keras.layers.Conv2D, kernel_size=5, activation="relu")
    layers = [conv(20), keras.layers.MaxPooling2D(2), conv(50)]
    head = [keras.layers.GlobalMaxPooling2D(), keras.layers.Dense(units=10)]
    return trained(keras.Sequential([keras.Input((28, 28, 1)), *layers, *head]))


def batches(X, y, size=32):
    """Batches in order."""
    return [(X[start : start + size], y[start : start + size]) for start in range(0, len(X), size)]


@cache
def first_loss(hw6):
    """The loss of a fresh Net on the test digits."""
    import keras

    _, X_test, _, y_test, mean, std = digits()
    keras.utils.set_random_seed(0)
    return float(hw6.evaluate_model(hw6.build_cnn(), batches((X_test - mean) / std, y_test))[0])


@cache
def after_one_epoch(hw6):
    """The test accuracy of the Net after one epoch of the student's own loop, in percent."""
    import keras

    X, X_test, y, y_test, mean, std = digits()
    keras.utils.set_random_seed(0)
    model = hw6.build_cnn()
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    hw6.train_epoch(model, batches((X - mean) / std, y), loss, keras.optimizers.SGD(0.01, momentum=0.9), 1, log=lambda line: None)
    return 100 * float(hw6.evaluate_model(model, batches((X_test - mean) / std, y_test))[1])


def growth(hw6):
    """How many times as many weights the Net has for images of twice the side."""
    return hw6.build_cnn((56, 56, 1)).count_params() / hw6.build_cnn().count_params()


def net_against_dense(hw6):
    """How many more of a hundred test digits the Net reads than the fully connected network, both trained alike."""
    _, X_test, _, y_test, mean, std = digits()
    test = batches((X_test - mean) / std, y_test)
    right = [hw6.evaluate_model(model, test)[1] for model in (net(hw6), dense(hw6))]
    return 100 * float(right[0] - right[1])


def borders(hw6):
    """How often the largest response of a convolution changes when a picture with a wide margin moves by one pixel."""
    import tensorflow as tf

    rng = np.random.default_rng(0)
    X = np.zeros((20, 16, 16, 1))
    X[:, 5:11, 5:11] = rng.uniform(size=(20, 6, 6, 1))
    kernel, bias = tf.constant(rng.normal(size=(3, 3, 1, 4))), tf.zeros(4, tf.float64)
    moved = np.roll(X, 1, axis=2)  # the margin is empty, so nothing comes in on the other side
    here, there = (np.max(hw6.conv2d(tf.constant(images), kernel, bias), axis=(1, 2)) for images in (X, moved))
    return float(np.mean(here != there))


def reach(hw6):
    """How many places of the last of three maps change with one pixel, by kernels of 3 x 3 without padding."""
    import tensorflow as tf

    maps = np.zeros((1, 21, 21, 1))
    maps[0, 10, 10, 0] = 1.0
    for _ in range(3):
        maps = hw6.conv2d(tf.constant(maps), tf.ones((3, 3, 1, 1), tf.float64), tf.zeros(1, tf.float64))
    return int(np.sum(np.asarray(maps) != 0))


def as_convolutions(hw6):
    """How far a convolution is from average pooling, and how far max pooling is from adding up, as each convolution does."""
    import tensorflow as tf

    one, other = np.random.default_rng(0).normal(size=(2, 5, 8, 8, 1))
    quarter = tf.constant(np.full((2, 2, 1, 1), 0.25))
    means = one.reshape(5, 4, 2, 4, 2, 1).mean(axis=(2, 4))
    average = np.asarray(hw6.conv2d(tf.constant(one), quarter, tf.zeros(1, tf.float64), stride=2)) - means
    both, each, rest = (np.asarray(hw6.max_pool2d(tf.constant(images))) for images in (one + other, one, other))
    return float(np.max(np.abs(average))), float(np.max(np.abs(both - each - rest)))


predictions = Predictions(
    [
        Curve(
            "net-by-shift",
            ask="The lecture's Net is trained on digits in the middle of the image. What is its test accuracy (0 to 1) on digits that are "
            "moved to the right by 0, 1, 2, 4 and 6 pixels?",
            found=lambda hw6: [accuracy(hw6, net(hw6), shift) for shift in SHIFTS],
            needs=("build_cnn", "shift_images"),
            at=SHIFTS,
            x="pixels to the right",
            y="test accuracy",
            low=0,
            high=1,
            within=0.15,
            seconds=180,
            slow=True,
            imports=HEAVY,
            figure="shift_invariance",
            place="0",
            options_of_figure={"seeds": 1},
            why="A shifted picture has shifted maps, and behind `Flatten` each place has its own weights. "
            "So convolution alone helps for about a pixel.",
        ),
        Number(
            "dense-by-shift",
            ask="A fully connected network with 128 hidden units is trained on the same digits, and is right for more than 9 in 10. "
            "What is its accuracy (0 to 1) when they are moved by 4 pixels?",
            found=lambda hw6: accuracy(hw6, dense(hw6), 4),
            needs=("shift_images",),
            low=0,
            high=1,
            within=0.1,
            seconds=180,
            slow=True,
            imports=HEAVY,
            figure="shift_invariance",
            place="0 y",
            options_of_figure={"seeds": 1},
            why="Each pixel has weights of its own: to this network, a moved digit is another picture. Guessing gives 0.1.",
        ),
        Number(
            "global-maximum-by-shift",
            ask="A third network has two convolutions, but no `Flatten`: it takes the largest response of each map, wherever it is. "
            "What is its accuracy (0 to 1) at 4 pixels?",
            found=lambda hw6: accuracy(hw6, with_global_maximum(hw6), 4),
            needs=("shift_images",),
            low=0,
            high=1,
            within=0.12,
            seconds=180,
            slow=True,
            imports=HEAVY,
            figure="shift_invariance",
            place="0 y",
            options_of_figure={"seeds": 1},
            why='"Is there such an object?" no longer asks where. Convolution and this question together make the answer '
            "independent of the place.",
        ),
        Number(
            "weights-of-a-larger-image",
            ask="The Net has 431,080 weights for images of 28 x 28. How many times as many has it for 56 x 56, with the same layers?",
            found=growth,
            needs=("build_cnn",),
            low=1,
            high=100,
            factor=1.3,
            said="{:.1f} times as many",
            imports=HEAVY[:2],
            why="The convolutions keep their weights. But 11 x 11 x 50 places are left to flatten in place of 4 x 4 x 50, "
            "and each has weights to 500 units.",
        ),
        Number(
            "first-loss",
            ask="The Net is fresh: it has not seen a digit yet. What loss does `evaluate_model` report?",
            found=first_loss,
            needs=("build_cnn", "evaluate_model"),
            low=0,
            high=10,
            within=0.3,
            said="{:.2f}",
            imports=HEAVY,
            why="Ten classes, about 1/10 for each: log 10 = 2.3. A first loss far from log K is a sign of a mistake.",
        ),
        Number(
            "after-one-epoch",
            ask="Your `train_epoch` trains the Net for one epoch on 1,437 digits (SGD, 0.01, momentum 0.9, batches of 32). "
            "What percentage of 360 new digits is right?",
            found=after_one_epoch,
            needs=("build_cnn", "train_epoch", "evaluate_model"),
            low=0,
            high=100,
            unit="%",
            within=7,
            said="{:.0f} %",
            seconds=120,
            slow=True,
            imports=HEAVY,
            why="45 steps are enough for small pictures in the middle of the image. The rest of the training earns the last few percent.",
        ),
        Number(
            "reach-of-three-layers",
            ask="Three convolutions with kernels of 3 x 3 follow one another, without padding. You change one pixel in the middle of a "
            "large image. How many places of the third map can change?",
            found=reach,
            needs=("conv2d",),
            low=1,
            high=1000,
            within=0.5,
            said="{:.0f}",
            imports=HEAVY[:2],
            why="Each layer adds one pixel on each side: 3 x 3, then 5 x 5, then 7 x 7. Seen from the map, three small kernels "
            "look at as much of the image as one of 7 x 7, with 27 weights in place of 49.",
        ),
        Choice(
            "pooling-by-convolution",
            ask="Average pooling takes the mean of each 2 x 2 window, and max pooling the largest entry. Which of the two could "
            "`conv2d` do instead, with the right kernel and stride 2?",
            found=as_convolutions,
            needs=("conv2d", "max_pool2d"),
            options={
                "both": lambda found: max(found) < 1e-6,
                "only average pooling": lambda found: found[0] < 1e-6 <= found[1],
                "only max pooling": lambda found: found[1] < 1e-6 <= found[0],
                "neither: they have no weights": lambda found: min(found) >= 1e-6,
            },
            said="average pooling: off by {0[0]:.1g}; the maximum of a sum is off by {0[1]:.2g} from the sum of both maxima",
            imports=HEAVY[:2],
            why="A convolution adds up: for a sum of two images it gives the sum of both maps. A mean does that, too, and its kernel "
            "is 1/4 everywhere. A maximum does not, so no kernel makes it.",
        ),
        Number(
            "net-against-dense",
            ask="The Net and a fully connected network with 128 hidden units see the same digits in the middle of the image, four times. "
            "How many more of 100 new digits does the Net read, also in the middle? (Less than 0 if it reads fewer.)",
            found=net_against_dense,
            needs=("build_cnn", "evaluate_model"),
            low=-100,
            high=100,
            within=3,
            said="{:.1f} more of 100",
            seconds=180,
            slow=True,
            imports=HEAVY,
            why="Where every digit stands in the same place, a weight for each pixel is nearly as good. Such pictures do not show what "
            "convolution is for. Move the digits, and ask again.",
        ),
        Choice(
            "largest-response",
            ask="A pattern with a wide empty margin moves by one pixel. Does the largest response of a convolution (no padding) change?",
            found=borders,
            needs=("conv2d",),
            options={
                "no, not at all": lambda share: share == 0,
                "a little, in some of the maps": lambda share: 0 < share < 0.5,
                "yes, in most maps": lambda share: share >= 0.5,
            },
            said="it changes in {:.0%} of the maps",
            imports=HEAVY[:2],
            why="The map moves with the pattern, and its largest entry moves along. Only at the edge of the image would one be lost.",
        ),
    ]
)
