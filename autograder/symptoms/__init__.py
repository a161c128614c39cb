"""Symptoms: what in the numbers of a training run looks ill.

Pure functions over arrays. Each looks for one thing and returns a `Symptom`, or None where all is well or nothing can be told.
They serve `dlkit diagnose`, and a spec whose programs learn badly on purpose.
"""

from __future__ import annotations

from autograder.symptoms.curves import (
    better_rate,
    diverges,
    hardly_moves,
    no_better_than_guessing,
    not_finite,
    oscillates,
    overfits,
    steps_too_big,
)
from autograder.symptoms.data import constant_batch, inputs_not_finite, labels_apart, unscaled_inputs, unscaled_targets
from autograder.symptoms.leaks import fingerprints, fitted_on_held_out, no_held_out, same_rows, scaled_together, test_set_chooses
from autograder.symptoms.modes import frozen_but_trained, random_predictions, same_answers_in_training
from autograder.symptoms.network import (
    dead_relus,
    equal_units,
    gradients_add_up,
    missing_gradients,
    never_set_back,
    saturated,
    untrained_variables,
    vanishing_gradients,
    zero_gradients,
)
from autograder.symptoms.outputs import (
    constant_softmax,
    logits_as_probabilities,
    metric_of_the_wrong_kind,
    one_answer,
    shapes_apart,
    sigmoid_over_classes,
    sigmoid_twice,
    softmax_twice,
    squares_for_classes,
    targets_out_of_reach,
)
from autograder.symptoms.symptom import Symptom, guessing_loss, is_labels

__all__ = [
    "better_rate",
    "constant_batch",
    "constant_softmax",
    "dead_relus",
    "diverges",
    "equal_units",
    "fingerprints",
    "fitted_on_held_out",
    "frozen_but_trained",
    "gradients_add_up",
    "guessing_loss",
    "hardly_moves",
    "inputs_not_finite",
    "is_labels",
    "labels_apart",
    "logits_as_probabilities",
    "metric_of_the_wrong_kind",
    "missing_gradients",
    "never_set_back",
    "no_better_than_guessing",
    "no_held_out",
    "not_finite",
    "one_answer",
    "oscillates",
    "overfits",
    "random_predictions",
    "same_answers_in_training",
    "same_rows",
    "saturated",
    "scaled_together",
    "shapes_apart",
    "sigmoid_over_classes",
    "sigmoid_twice",
    "softmax_twice",
    "squares_for_classes",
    "steps_too_big",
    "Symptom",
    "targets_out_of_reach",
    "test_set_chooses",
    "unscaled_inputs",
    "unscaled_targets",
    "untrained_variables",
    "vanishing_gradients",
    "zero_gradients",
]
