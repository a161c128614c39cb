"""Symptoms: each is named where the numbers show it, and nothing is said where they do not."""

from __future__ import annotations

import numpy as np
import pytest

from autograder import symptoms

RNG = np.random.default_rng(7)
X = RNG.normal(size=(200, 4))
y = (X[:, 0] > 0).astype(int)
P = np.exp(X) / np.exp(X).sum(axis=1, keepdims=True)  # rows that sum to 1
FALLING = np.exp(-np.arange(20) / 6)
G = RNG.normal(size=(8, 5))
PRINTS = symptoms.fingerprints(X)

# name of the symptom, what is ill, what is healthy
CASES = {
    "pixels": ("unscaled-inputs", (symptoms.unscaled_inputs, 255 * P), (symptoms.unscaled_inputs, P)),
    "tiny inputs": ("unscaled-inputs", (symptoms.unscaled_inputs, X / 1000), (symptoms.unscaled_inputs, X)),
    "empty cells": ("inputs-not-finite", (symptoms.inputs_not_finite, [[1, np.nan]]), (symptoms.inputs_not_finite, X)),
    "large targets": (
        "unscaled-targets",
        (symptoms.unscaled_targets, 1000 * X[:, 0], [2e6, 1.5e6]),
        (symptoms.unscaled_targets, 1000 * X[:, 0], [2e6, 1e4]),
    ),
    "shuffled labels": (
        "labels-apart-from-inputs",
        (symptoms.labels_apart, X, RNG.permutation(y)),
        (symptoms.labels_apart, X, y),
    ),
    "one batch": (
        "constant-batch",
        (symptoms.constant_batch, [5] * 9, 20, 200),
        (symptoms.constant_batch, [5] * 9, 150, 200),
    ),
    "nan": ("loss-not-finite", (symptoms.not_finite, [1, 2, np.nan]), (symptoms.not_finite, [3, 2, 1])),
    "growing loss": ("learning-rate-too-high", (symptoms.diverges, 1 / FALLING), (symptoms.diverges, FALLING)),
    "jumping loss": (
        "learning-rate-too-high",
        (symptoms.oscillates, [1.0, 2.0] * 8),
        (symptoms.oscillates, FALLING + 0.01 * RNG.normal(size=20)),
    ),
    "big steps": (
        "learning-rate-too-high",
        (symptoms.steps_too_big, [2, 3, 2], [3, 4, 4], [1, 1.1, 1]),
        (symptoms.steps_too_big, [2, 3, 2], [3, 4, 4], [1, 0.3, 0.1]),
    ),
    "flat loss": (
        "learning-rate-too-low",
        (symptoms.hardly_moves, np.linspace(0.693, 0.691, 20), 0.693),
        (symptoms.hardly_moves, FALLING, 0.693),
    ),
    "better rate": (
        "learning-rate-too-high",
        (symptoms.better_rate, [np.nan, 0.2], [10, 0.1], 10, 1),
        (symptoms.better_rate, [0.3, 0.2], [0.05, 0.1], 0.05, 1),
    ),
    "guessing": (
        "learns-nothing",
        (symptoms.no_better_than_guessing, [0.7] * 9, 0.693),
        (symptoms.no_better_than_guessing, FALLING, 0.693),
    ),
    "overfitting": (
        "overfitting",
        (symptoms.overfits, FALLING, np.r_[FALLING[:8], 0.3 * np.exp(np.arange(12) / 5)]),
        (symptoms.overfits, FALLING, FALLING + 0.05),
    ),
    "probabilities as logits": ("softmax-twice", (symptoms.softmax_twice, P), (symptoms.softmax_twice, X)),
    "sigmoid of a sigmoid": ("sigmoid-twice", (symptoms.sigmoid_twice, P, P), (symptoms.sigmoid_twice, X, P)),
    "logits as probabilities": (
        "loss-and-outputs-do-not-fit",
        (symptoms.logits_as_probabilities, X),
        (symptoms.logits_as_probabilities, P),
    ),
    "sigmoids for classes": (
        "loss-and-outputs-do-not-fit",
        (symptoms.sigmoid_over_classes, 1 / (1 + np.exp(-X)), "categorical_crossentropy"),
        (symptoms.sigmoid_over_classes, P, "categorical_crossentropy"),
    ),
    "softmax of one": (
        "loss-and-outputs-do-not-fit",
        (symptoms.constant_softmax, np.ones((9, 1)), "softmax"),
        (symptoms.constant_softmax, P[:, :1], "sigmoid"),
    ),
    "labels of -1": (
        "loss-and-outputs-do-not-fit",
        (symptoms.targets_out_of_reach, 2 * y - 1, "sigmoid", "binary_crossentropy"),
        (symptoms.targets_out_of_reach, y, "sigmoid", "binary_crossentropy"),
    ),
    "class numbers as amounts": (
        "loss-and-outputs-do-not-fit",
        (symptoms.squares_for_classes, y, "mse", P),
        (symptoms.squares_for_classes, np.eye(4)[y], "mse", P),
    ),
    "a table from two lists": (
        "shapes-do-not-fit",
        (symptoms.shapes_apart, (9,), (9, 1), (9, 9)),
        (symptoms.shapes_apart, (9, 1), (9, 1)),
    ),
    "accuracy of amounts": (
        "metric-of-the-wrong-kind",
        (symptoms.metric_of_the_wrong_kind, "binary_accuracy", X[:, 0], P[:, :1]),
        (symptoms.metric_of_the_wrong_kind, "binary_accuracy", y, P[:, :1]),
    ),
    "accuracy of logits": (
        "metric-of-the-wrong-kind",
        (symptoms.metric_of_the_wrong_kind, "binary_accuracy", y, X[:, :1]),
        (symptoms.metric_of_the_wrong_kind, "mean_absolute_error", y, X[:, :1]),
    ),
    "one answer": ("one-answer", (symptoms.one_answer, np.ones((200, 2)), y), (symptoms.one_answer, P, y)),
    "no gradient": (
        "no-gradient",
        (symptoms.missing_gradients, ["W", "b"], [True, False]),
        (symptoms.missing_gradients, ["W", "b"], [False, False]),
    ),
    "gradient 0": (
        "zero-gradient",
        (symptoms.zero_gradients, ["W", "b"], [[0, 1], [0, 2]]),
        (symptoms.zero_gradients, ["W", "b"], [[0, 1], [1, 2]]),
    ),
    "vanishing": (
        "vanishing-gradient",
        (symptoms.vanishing_gradients, [1e-9, 1e-6, 1e-3, 1]),
        (symptoms.vanishing_gradients, [0.1, 0.2, 0.5, 1]),
    ),
    "left out": (
        "variable-not-trained",
        (symptoms.untrained_variables, ["W", "b"], [0, 1]),
        (symptoms.untrained_variables, ["W", "b"], [2, 1]),
    ),
    "sums of gradients": (
        "gradients-add-up",
        (symptoms.gradients_add_up, np.cumsum(G, axis=0), G),
        (symptoms.gradients_add_up, G, G),
    ),
    "never set back": ("gradients-add-up", (symptoms.never_set_back, "dW", [1, 2, 3]), (symptoms.never_set_back, "dW", [0, 0])),
    "dead units": ("dead-relus", (symptoms.dead_relus, np.minimum(0, X)), (symptoms.dead_relus, np.maximum(0, X))),
    "saturated": ("saturated-units", (symptoms.saturated, np.sign(X), "tanh"), (symptoms.saturated, np.tanh(X), "tanh")),
    "equal units": ("equal-weights", (symptoms.equal_units, np.ones((4, 3))), (symptoms.equal_units, X)),
    "shared rows": (
        "same-rows",
        (symptoms.same_rows, PRINTS[:150], PRINTS[100:]),
        (symptoms.same_rows, PRINTS[:150], PRINTS[150:]),
    ),
    "scaler of all": (
        "leak-of-held-out-rows",
        (symptoms.fitted_on_held_out, PRINTS, PRINTS[150:], PRINTS[:150]),
        (symptoms.fitted_on_held_out, PRINTS[:150], PRINTS[150:], PRINTS[:150]),
    ),
    "scaled by hand": (
        "leak-of-held-out-rows",
        (symptoms.scaled_together, *np.split((X - X.mean(0)) / X.std(0), [150])),
        (symptoms.scaled_together, *np.split((X - X[:150].mean(0)) / X[:150].std(0), [150])),
    ),
    "stopped by the test": (
        "test-set-chooses",
        (symptoms.test_set_chooses, PRINTS[150:], PRINTS[150:]),
        (symptoms.test_set_chooses, PRINTS[100:150], PRINTS[150:]),
    ),
    "by heart": (
        "no-held-out-rows",
        (symptoms.no_held_out, 100, 5000, [0.7, 0.01], 0.69),
        (symptoms.no_held_out, 100, 50, [0.7, 0.01], 0.69),
    ),
    "dropout left on": (
        "training-mode-in-prediction",
        (symptoms.random_predictions, P, P[::-1]),
        (symptoms.random_predictions, P, P),
    ),
    "dropout asleep": (
        "inference-mode-in-training",
        (symptoms.same_answers_in_training, P, P, ["Dropout"]),
        (symptoms.same_answers_in_training, P, P[::-1], ["Dropout"]),
    ),
    "frozen and moved": (
        "freeze-without-compile",
        (symptoms.frozen_but_trained, ["W"], [0.1]),
        (symptoms.frozen_but_trained, ["W"], [0.0]),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_symptom_is_named_where_it_shows(case):
    """The ill numbers give the symptom, with a sentence and the numbers behind it."""
    name, (look, *arguments), _ = CASES[case]
    found = look(*arguments)
    assert found is not None
    assert (found.name, bool(found.sentence)) == (name, True)
    assert all(np.isscalar(value) for value in found.evidence.values())


@pytest.mark.parametrize("case", CASES)
def test_nothing_is_said_of_what_is_well(case):
    """The healthy numbers give no symptom."""
    _, _, (look, *arguments) = CASES[case]
    assert look(*arguments) is None


def test_every_symptom_has_a_case():
    """No function of the room is without a test here."""
    tried = {look.__name__ for _, (look, *_), _ in CASES.values()}
    assert tried == set(symptoms.__all__) - {"Symptom", "fingerprints", "guessing_loss", "is_labels"}


def test_a_row_has_one_fingerprint_in_every_precision():
    """A row in float32 is known again in float64."""
    assert (symptoms.fingerprints(X.astype(np.float32)) == symptoms.fingerprints(X)).all()
    assert len(np.unique(PRINTS)) == len(X)


def test_the_loss_of_guessing_is_the_entropy_or_the_variance():
    """K classes of one size give log K; amounts give their variance."""
    assert symptoms.guessing_loss([0, 1, 2, 3] * 5) == pytest.approx(np.log(4))
    assert symptoms.guessing_loss(X[:, 0]) == pytest.approx(X[:, 0].var())
