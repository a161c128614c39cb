"""Seeding: every global generator anew before each case, so that an answer does not depend on the cases before it."""

from __future__ import annotations

import random
import sys
from typing import Any

import numpy as np

SEED = 20
OF_TENSORFLOW = "tensorflow.python.framework.random_seed"  # every operation that keeps a generator asks it for its seeds
OF_KERAS = "keras.src.backend.common.global_state"
KERAS_GENERATOR = "global_seed_generator"


class Generators:
    """The global generators of a worker: Python's, NumPy's, TensorFlow's and Keras's.

    `tf.random.set_seed` throws away every kernel that TensorFlow has made ready. Done before each of the 69 cases of hw2,
    making them anew took 0.15 of a worker's 0.55 s. So it is done only once something may have drawn from a generator, and
    from then on always: a traced function draws again without asking for seeds.
    """

    def __init__(self) -> None:
        self._watched: Any = None
        self._drawn = False

    def start(self) -> None:
        """Start them all from the same seed."""
        random.seed(SEED)
        np.random.seed(SEED)
        tensorflow: Any = sys.modules.get("tensorflow")
        if tensorflow is not None and hasattr(tensorflow, "random"):
            self._start_tensorflow(tensorflow)
        keras = sys.modules.get(OF_KERAS)
        if keras is not None and hasattr(keras, "set_global_attribute"):
            keras.set_global_attribute(KERAS_GENERATOR, None)  # made anew, from Python's generator, when it is needed

    def _start_tensorflow(self, tensorflow: Any) -> None:
        seeds = sys.modules.get(OF_TENSORFLOW)
        if seeds is None or not hasattr(seeds, "get_seed") or not hasattr(seeds, "context"):  # another version's
            tensorflow.random.set_seed(SEED)
            return
        if seeds.get_seed is not self._watched:
            self._watch(seeds)
        if self._drawn or seeds.context.global_seed() != SEED:
            tensorflow.random.set_seed(SEED)

    def _watch(self, seeds: Any) -> None:
        get_seed = seeds.get_seed

        def watched(op_seed: Any) -> Any:
            self._drawn = True
            return get_seed(op_seed)

        seeds.get_seed = self._watched = watched
