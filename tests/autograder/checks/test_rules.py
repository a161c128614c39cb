"""Rules on the source see through aliases and helpers, and look nowhere else."""

from __future__ import annotations

import ast

import pytest

from autograder.checks.rules import Forbid, Require, violations

FORBIDDEN = {
    "dotted": "import tensorflow as tf\ndef f(z): return tf.nn.sigmoid(z)",
    "other alias": "import tensorflow as t\ndef f(z): return t.nn.sigmoid(z)",
    "no alias": "import tensorflow\ndef f(z): return tensorflow.nn.sigmoid(z)",
    "module from": "from tensorflow import nn\ndef f(z): return nn.sigmoid(z)",
    "function from": "from tensorflow.nn import sigmoid as s\ndef f(z): return s(z)",
    "imported inside": "def f(z):\n    import tensorflow as tf\n    return tf.nn.sigmoid(z)",
    "assigned": "import tensorflow as tf\nact = tf.nn.sigmoid\ndef f(z): return act(z)",
    "helper": "import tensorflow as tf\ndef _h(z): return tf.nn.sigmoid(z)\ndef f(z): return _h(z)",
    "getattr": "import tensorflow as tf\ndef f(z): return getattr(tf.nn, 'sigmoid')(z)",
    "default": "import tensorflow as tf\ndef f(z, act=tf.nn.sigmoid): return act(z)",
    "through tf.keras": "import tensorflow as tf\ndef f(z): return tf.keras.activations.sigmoid(z)",
    "bare name": "import tensorflow as tf\ndef f(z):\n    with tf.GradientTape() as t: return z",
    "lambda": "import tensorflow as tf\ndef f(z): return (lambda q: tf.nn.sigmoid(q))(z)",
}
ALLOWED = {
    "another function": "import tensorflow as tf\ndef g(z): return tf.nn.sigmoid(z)\ndef f(z): return z",
    "a comment": "def f(z): return z  # tf.nn.sigmoid",
    "a text": "def f(z): return 'tf.nn.sigmoid'",
    "an annotation": "import keras\ndef f(z) -> keras.activations.sigmoid: return z",
    "another name that ends so": "import tensorflow as tf\ndef f(z): return tf.my.nn.sigmoid(z)",
    "recursion": "def f(z): return f(z)",
}
RULE = Forbid("tf.nn.sigmoid", "keras.activations", "GradientTape", why="by hand")


@pytest.mark.parametrize("source", FORBIDDEN.values(), ids=FORBIDDEN)
def test_a_forbidden_name_is_found_however_it_is_reached(source):
    """Aliases, imports, helpers and defaults do not hide a forbidden name."""
    (sentence,) = violations(ast.parse(source), "f", [RULE])
    assert "which is not allowed here: by hand" in sentence


@pytest.mark.parametrize("source", ALLOWED.values(), ids=ALLOWED)
def test_what_the_function_does_not_use_is_allowed(source):
    """Other functions, comments, texts and annotations break no rule."""
    assert violations(ast.parse(source), "f", [RULE]) == []


def test_the_line_is_named():
    """The sentence says what was written, and where."""
    (sentence,) = violations(ast.parse("import tensorflow as tf\n\ndef f(z):\n    return tf.nn.sigmoid(z)"), "f", [RULE])
    assert sentence.startswith("uses tf.nn.sigmoid (line 4)")


def test_a_required_call_is_counted():
    """Too few uses of what has to be used are said with their number."""
    source = "def p(x): return x\ndef f(x): return p(x) + p(x)"
    assert violations(ast.parse(source), "f", [Require("p", 2)]) == []
    assert violations(ast.parse(source), "f", [Require("p", 3)]) == ["has to use p at least 3 times (found 2)"]


def test_a_missing_function_breaks_no_rule():
    """A function that is not there is reported as missing, not as a broken rule."""
    assert violations(ast.parse("x = 1"), "f", [Require("p")]) == []
