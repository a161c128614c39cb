"""Every case starts from the same generators, whatever was drawn in the cases before it; with real workers."""

from __future__ import annotations

import pytest

from autograder.assignment import load
from autograder.grading.bench import Bench
from autograder.observation.answer import Ending

SPEC = """
from autograder import Assignment, Outputs

two = lambda rng: {"first": {"n": 3}, "second": {"n": 3}}
checks = [Outputs("draw", on=two, points=50), Outputs("reset", on=two, points=50)]
assignment = Assignment(title="Draws", files=["draws.py"], imports=["tensorflow", "keras"], checks=checks)
"""
TOP = """
import random
import keras
import numpy as np
import tensorflow as tf

DRAWN = []
real = tf.random.set_seed
tf.random.set_seed = lambda seed: (DRAWN.append(seed), real(seed))
traced = tf.function(lambda n: tf.random.normal([n]))

def reset(n):
    return len(DRAWN)

"""
DRAWS = {
    "Python": "return random.random()",
    "NumPy": "return np.random.rand(n)",
    "TensorFlow": "return tf.random.normal([n]).numpy()",
    "TensorFlow with a seed of its own": "return tf.random.normal([n], seed=5).numpy()",
    "a traced function": "return traced(n).numpy()",
    "tf.data": "return np.array(list(tf.data.Dataset.range(20).shuffle(20).as_numpy_iterator()))",
    "Keras": "return keras.ops.convert_to_numpy(keras.random.normal((n,)))",
    "a kernel of Keras": "return keras.layers.Dense(n, name='d')(np.ones((1, 2), 'float32')).numpy()",
    "dropout": "return keras.layers.Dropout(0.5)(np.ones((8, 8), 'float32'), training=True).numpy()",
    "after a seed of the student's": "first = tf.random.normal([n]).numpy(); tf.random.set_seed(1); return first",
}


@pytest.fixture
def asked(tmp_path, workers):
    """What a submission whose `draw` has this body answers to the two equal cases of a check."""
    (tmp_path / "checks.py").write_text(SPEC, encoding="utf-8")
    assignment = load(tmp_path)

    def ask(body, name="draw"):
        check = assignment.check(name)
        with Bench(assignment, workers) as bench:
            bench.load({"draws.py": f"{TOP}def draw(n):\n    {body}\n"}, [check])
            answers = [bench.ask(check, case, asked) for case, asked in check.inputs(None).items()]
        assert [answer.ending for answer in answers] == [Ending.RETURNED] * 2, answers
        return [next(iter(answer.observation.values())).tolist() for answer in answers]

    return ask


@pytest.mark.parametrize("body", DRAWS.values(), ids=list(DRAWS))
def test_equal_cases_get_equal_numbers(asked, body):
    """What is drawn does not depend on what was drawn before."""
    first, second = asked(body)
    assert first == second


def test_nothing_is_thrown_away_where_nothing_was_drawn(asked):
    """TensorFlow's seed, which takes its kernels with it, is set once for a submission that draws nothing."""
    assert asked("return 0", "reset") == [0, 0]
