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
