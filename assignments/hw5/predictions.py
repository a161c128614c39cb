"""hw5: what a student predicts before the results on regularisation are seen."""

from functools import cache

import numpy as np

from autograder import Choice, Curve, Number, Predictions

HEAVY = ("tensorflow", "keras", "sklearn.datasets", "sklearn.model_selection")
RATES = (0.0, 0.1, 0.25, 0.5, 0.8)


@cache
def experiment(hw5):
    """What the student's own experiment reports of its four models."""
    return hw5.experiment_regularizers()


def mean_of_kept(hw5, dropout, training):
    """The mean of many ones after dropout at rate 0.25."""
    import tensorflow as tf

    return float(np.mean(getattr(hw5, dropout)(tf.ones((1000, 50)), 0.25, training, seed=0)))


def largest_by_rate(hw5):
    """The value of a one that is kept, for some rates, in training."""
    import tensorflow as tf

    drawn = [hw5.inverted_dropout(tf.ones((1000, 50)), rate, True, seed=0) for rate in RATES]
    return [float(np.max(values)) for values in drawn]


def spread_of_a_sum(hw5):
    """The standard deviation of the sum of 100 ones behind dropout 0.5, over many draws."""
    import tensorflow as tf

    drawn = hw5.inverted_dropout(tf.ones((20000, 100)), 0.5, True, seed=0)
    return float(np.std(np.sum(drawn, axis=1)))


def normalised(hw5, x):
    """A batch after batch normalisation in training, with gamma = 1 and beta = 0."""
    import tensorflow as tf

    width = np.shape(x)[1]
    state = {"mean": tf.zeros(width), "var": tf.ones(width)}
    found, _ = hw5.batch_norm(tf.constant(x, tf.float32), tf.ones(width), tf.zeros(width), state, True)
    return np.asarray(found)


def other_weights(hw5):
    """The largest change behind batch normalisation if the layer before it has 10 times the weights, and 3 more of bias."""
    rng = np.random.default_rng(0)
    x, W = rng.normal(size=(64, 8)), rng.normal(size=(8, 4))
    return float(np.max(np.abs(normalised(hw5, x @ W) - normalised(hw5, x @ (10 * W) + 3))))


def pulled(hw5):
    """What 100 steps along a penalty alone leave of a weight of 0.5, with rate 0.01: under L1, and under L2."""
    import tensorflow as tf

    left = []
    for penalty in (hw5.l1_penalty, hw5.l2_penalty):
        w = tf.Variable([[0.5]])
        for _ in range(100):
            with tf.GradientTape() as tape:
                value = penalty([w])
            w.assign_sub(0.01 * tape.gradient(value, w))
        left.append(float(np.abs(w.numpy()).item()))
    return left


predictions = Predictions(
    [
        Number(
            "wrong-labels-learned",
            ask="300 digits, 30 % of them with random labels, train a network of 128 hidden units for 40 epochs, without any "
            "regularisation. What share of its training labels, the wrong ones included, does it get right?",
            found=lambda hw5: 100 * experiment(hw5)["plain"]["train_acc"],
            needs=("experiment_regularizers",),
            low=0,
            high=100,
            unit="%",
            within=10,
            said="{:.0f} %",
            seconds=180,
            slow=True,
            imports=HEAVY,
            figure="weight_histograms",
            why="It has far more weights than labels, so it learns even the wrong ones by heart.",
        ),
        Number(
            "price-of-wrong-labels",
            ask="The same network on new digits with right labels: what share does it get right?",
            found=lambda hw5: 100 * experiment(hw5)["plain"]["test_acc"],
            needs=("experiment_regularizers",),
            low=0,
            high=100,
            unit="%",
            within=9,
            said="{:.0f} %",
            seconds=180,
            slow=True,
            imports=HEAVY,
            figure="weight_histograms",
            why="What it learned by heart does not help with new digits. A network that refused the wrong labels would be better.",
        ),
        Choice(
            "dropout-and-training-error",
            ask="A second network has dropout 0.5. How many of its training labels does it get right, compared with the plain one?",
            found=lambda hw5: experiment(hw5)["dropout"]["train_acc"] - experiment(hw5)["plain"]["train_acc"],
            needs=("experiment_regularizers",),
            options={
                "more": lambda difference: difference > 0.03,
                "about as many": lambda difference: -0.03 <= difference <= 0.03,
                "fewer": lambda difference: difference < -0.03,
            },
            said="{:+.0%} of all training labels",
            seconds=180,
            slow=True,
            imports=HEAVY,
            figure="weight_histograms",
            why="Dropout raises the training error. No unit can rely on another one, so rare exceptions are hard to learn by heart.",
        ),
        Choice(
            "better-on-new-digits",
            ask="A third network has an L2 penalty of 0.01. Where is its accuracy higher: on the 300 labels that it was trained on, "
            "or on new digits?",
            found=lambda hw5: experiment(hw5)["l2"]["test_acc"] - experiment(hw5)["l2"]["train_acc"],
            needs=("experiment_regularizers",),
            options={
                "on its training labels, as always": lambda difference: difference < -0.01,
                "on both about the same": lambda difference: -0.01 <= difference <= 0.01,
                "on new digits": lambda difference: difference > 0.01,
            },
            said="test minus training accuracy: {:+.2f}",
            seconds=180,
            slow=True,
            imports=HEAVY,
            figure="weight_histograms",
            why="It refuses the wrong labels, and they count as its mistakes in training. New digits have right labels.",
        ),
        Number(
            "zeros-by-l1",
            ask="A fourth network has an L1 penalty of 0.003. What share of its weights is smaller than 0.001 after training?",
            found=lambda hw5: 100 * experiment(hw5)["l1"]["near_zero"],
            needs=("experiment_regularizers",),
            low=0,
            high=100,
            unit="%",
            within=12,
            said="{:.0f} %",
            seconds=180,
            slow=True,
            imports=HEAVY,
            figure="weight_histograms",
            why="L1 pulls with the same force however small a weight is, so weights that are not needed end at zero.",
        ),
        Choice(
            "zeros-by-dropout",
            ask="And in the network with dropout 0.5, which sets half of its hidden units to zero in every step: "
            "what share of the weights is smaller than 0.001 after training?",
            found=lambda hw5: experiment(hw5)["dropout"]["near_zero"],
            needs=("experiment_regularizers",),
            options={
                "about half": lambda share: share > 0.35,
                "10 to 35 %": lambda share: 0.1 <= share <= 0.35,
                "2 to 10 %": lambda share: 0.02 <= share < 0.1,
                "less than 2 %, as in the plain network": lambda share: share < 0.02,
            },
            said="{:.1%}",
            seconds=180,
            slow=True,
            imports=HEAVY,
            figure="weight_histograms",
            why="Dropout hides units for one step at a time. It makes no weight small.",
        ),
        Curve(
            "scale-of-the-kept",
            ask="`inverted_dropout` gets a layer of ones in training. How large is a one that is kept, for the rates 0, 0.1, 0.25, 0.5 and 0.8?",
            found=largest_by_rate,
            needs=("inverted_dropout",),
            at=RATES,
            x="rate",
            y="value of what is kept",
            low=0,
            high=20,
            within=0.15,
            imports=HEAVY[:2],
            why="It is divided by 1 - rate, so that the mean stays what it was. At test time, nothing is left to do.",
        ),
        Number(
            "spread-of-a-sum",
            ask="A unit adds up 100 inputs, all of them 1, behind `inverted_dropout` with rate 0.5 in training. Its mean is 100, as it "
            "should be. What is its standard deviation from step to step?",
            found=spread_of_a_sum,
            needs=("inverted_dropout",),
            low=0,
            high=100,
            within=1,
            said="{:.1f}",
            imports=HEAVY[:2],
            why="Each input is 0 or 2, so its variance is 1; 100 independent ones have the variance 100. The mean is right, and a "
            "single step is off by about 10 %. This noise is what dropout trains with, and why it is off at test time.",
        ),
        Choice(
            "who-reaches-zero",
            ask="A weight of 0.5 follows a penalty alone, for 100 steps with rate 0.01. L1 and L2 begin with the same force, 1. "
            "What is left of it?",
            found=pulled,
            needs=("l1_penalty", "l2_penalty"),
            options={
                "less than 0.02 under both": lambda left: max(left) < 0.02,
                "less than 0.02 under L1, more under L2": lambda left: left[0] < 0.02 <= left[1],
                "less than 0.02 under L2, more under L1": lambda left: left[1] < 0.02 <= left[0],
                "more than 0.02 under both": lambda left: min(left) >= 0.02,
            },
            said="L1: {0[0]:.3f}, L2: {0[1]:.3f}",
            imports=HEAVY[:2],
            why="L1 takes away the same amount in each step, until nothing is left. L2 takes away the same share, here 2 %, "
            "so it slows down and never arrives.",
        ),
        Number(
            "two-in-a-batch",
            ask="In training, one column of a batch of two samples holds 5 and 5000. "
            "What does `batch_norm` make of the 5000, with gamma = 1 and beta = 0?",
            found=lambda hw5: float(normalised(hw5, [[5.0], [5000.0]])[1, 0]),
            needs=("batch_norm",),
            low=-10_000,
            high=10_000,
            within=0.05,
            said="{:.3f}",
            imports=HEAVY[:2],
            why="Of any two numbers that differ, one becomes -1 and the other 1. What a sample becomes depends on who is with it, "
            "so small batches are noisy, and at test time the stored statistics take over.",
        ),
        Choice(
            "other-weights",
            ask="Batch normalisation follows a Dense layer. You multiply the weights of the Dense layer by 10, and add 3 to its bias. "
            "What changes behind the batch normalisation, in training?",
            found=other_weights,
            needs=("batch_norm",),
            options={
                "nothing that matters, less than 0.01": lambda change: change < 0.01,
                "it shifts, by up to 3": lambda change: 0.01 <= change <= 3.5,
                "it becomes about 10 times as large": lambda change: change > 3.5,
            },
            said="by at most {:.2g}",
            imports=HEAVY[:2],
            why="The mean takes the bias away, and the standard deviation takes the factor away. So a bias before batch normalisation "
            "is of no use, and the size of the first weights hardly matters.",
        ),
        Number(
            "mean-on-the-slide",
            ask="`slide_dropout` gets a layer of ones at rate 0.25 *at test time*. What is the mean of its output?",
            found=lambda hw5: mean_of_kept(hw5, "slide_dropout", False),
            needs=("slide_dropout",),
            low=0,
            high=4,
            within=0.02,
            imports=HEAVY[:2],
            why="In training, 3 of 4 entries are kept as they are. At test time all are there, so each is multiplied by 1 - rate.",
        ),
    ]
)
