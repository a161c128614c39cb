"""Rules are judged by what a function calls, however it is written: no spelling is a way round, and no innocent one a fault."""

from __future__ import annotations

import ast
import builtins
import linecache
import sys
from types import ModuleType

import numpy as np
import pytest

from autograder.checks.rules import Forbid, ForbidLoops, Require, Seen, judged, violations
from autograder.observation import ObservationError
from autograder.observation.answer.calls import Called, Calls, calls_in
from autograder.observing import watching
from autograder.observing.watching import HOOKS, Rewriting, Settled, Watch, install

# Python 3.13 deprecates how AutoGraph notes something at a node of a syntax tree; as an error, it would stop AutoGraph.
pytestmark = pytest.mark.filterwarnings("ignore:.*unexpected keyword argument '___pyct_anno':DeprecationWarning")

FILE = "work.py"
Z = np.array([0.5, -1.0, 2.0])


@pytest.fixture(autouse=True)
def _as_it_was():
    """No hook stays in this process."""
    yield
    for name in HOOKS:
        vars(builtins).pop(name, None)
    sys.modules.pop("work", None)


def verdict(source, *rules, function="f", inputs=None, asked=("f",), runs=1):
    """What rules say of a function, as a worker and the grader find out: what it breaks, what it mentions, what it answers."""
    tree = ast.parse(source, FILE)
    written = violations(tree, function, rules, asked=asked)
    rewriting = Rewriting(rules)
    rewriting.rewrite(tree, Settled(tree, rewriting.watched))
    install(rewriting)
    module = sys.modules["work"] = ModuleType("work")
    linecache.cache[FILE] = (len(source), None, source.splitlines(keepends=True), FILE)  # where AutoGraph looks
    exec(compile(tree, FILE, "exec", dont_inherit=True), module.__dict__)  # noqa: S102 - as a worker does
    inputs = {"z": Z} if inputs is None else inputs
    seen = []
    for _ in range(runs):
        watch = Watch(rules, asked, module, [FILE], function)
        with watching.watched_by(watch):
            found = getattr(module, function)
            watch.see(found, None)
            answer = found(*inputs.values())
        seen.append(Seen(watch.calls(lambda file, line: f"line {line}"), inputs))
    return (*judged(rules, written, seen), answer)


# One forbidden idea ------------------------------------------------------------------------------------------------

SIGMOID = Forbid("tf.sigmoid", why="by hand")
BROKEN = {
    "plain": "import tensorflow as tf\ndef f(z): return tf.sigmoid(z)",
    "its name in tf.math": "import tensorflow as tf\ndef f(z): return tf.math.sigmoid(z)",
    "its name in tf.nn": "import tensorflow as tf\ndef f(z): return tf.nn.sigmoid(z)",
    "Keras's operation": "import keras\ndef f(z): return keras.ops.sigmoid(z)",
    "Keras's activation": "import keras\ndef f(z): return keras.activations.sigmoid(z)",
    "through tf.keras": "import tensorflow as tf\ndef f(z): return tf.keras.activations.sigmoid(tf.constant(z))",
    "a raw operation": "import tensorflow as tf\ndef f(z): return tf.raw_ops.Sigmoid(x=tf.constant(z))",
    "the old API": "import tensorflow as tf\ndef f(z): return tf.compat.v1.nn.sigmoid(z)",
    "SciPy's name for it": "from scipy.special import expit\ndef f(z): return expit(z)",
    "its private module": "from tensorflow.python.ops import math_ops\ndef f(z): return math_ops.sigmoid(z)",
    "the function itself": "import tensorflow as tf\nf = tf.sigmoid",
    "the function itself, partly": "import tensorflow as tf\nfrom functools import partial\nf = partial(tf.sigmoid, name='s')",
    "the function itself, compiled": "import tensorflow as tf\nf = tf.function(tf.sigmoid)",
    "a lambda": "import tensorflow as tf\nf = lambda z: tf.sigmoid(z)",
    "a lambda in it": "import tensorflow as tf\ndef f(z): return (lambda q: tf.sigmoid(q))(z)",
    "under if": "import tensorflow as tf\nif True:\n    def f(z): return tf.sigmoid(z)",
    "under try": "try:\n    import tensorflow as tf\n    def f(z): return tf.sigmoid(z)\nexcept ImportError:\n    pass",
    "an alias of the module": "import tensorflow as tf\nt = tf\ndef f(z): return t.sigmoid(z)",
    "an alias inside": "import tensorflow as tf\ndef f(z):\n    t = tf.math\n    return t.sigmoid(z)",
    "an alias of the function": "import tensorflow as tf\nact = tf.sigmoid\ndef f(z): return act(z)",
    "an alias in a tuple": "import tensorflow as tf\na, act = tf.tanh, tf.sigmoid\ndef f(z): return act(z)",
    "a walrus": "import tensorflow as tf\ndef f(z): return (act := tf.sigmoid)(z)",
    "getattr": "import tensorflow as tf\ndef f(z): return getattr(tf, 'sigmoid')(z)",
    "getattr with a computed name": "import tensorflow as tf\ndef f(z): return getattr(tf, 'sig' + 'moid')(z)",
    "an import behind it": "def f(z): return tf.sigmoid(z)\nimport tensorflow as tf",
    "an import inside": "def f(z):\n    from tensorflow import sigmoid as s\n    return s(z)",
    "a star import": "from tensorflow.math import *\ndef f(z): return sigmoid(z)",
    "__import__": "def f(z): return __import__('tensorflow').sigmoid(z)",
    "importlib": "import importlib\ndef f(z): return importlib.import_module('tensorflow').math.sigmoid(z)",
    "sys.modules": "import sys, tensorflow\ndef f(z): return sys.modules['tensorflow'].sigmoid(z)",
    "vars": "import tensorflow as tf\ndef f(z): return vars(tf.math)['sigmoid'](z)",
    "__dict__": "import tensorflow as tf\ndef f(z): return tf.math.__dict__['sigmoid'](z)",
    "a dict of functions": "import tensorflow as tf\nACT = {'s': tf.sigmoid}\ndef f(z, kind='s'): return ACT[kind](z)",
    "a list of functions": "import tensorflow as tf\ndef f(z):\n    for act in [tf.sigmoid]:\n        z = act(z)\n    return z",
    "a partial": "import tensorflow as tf\nfrom functools import partial\ns = partial(tf.sigmoid, name='s')\ndef f(z): return s(z)",
    "methodcaller": "import tensorflow as tf\nfrom operator import methodcaller\ndef f(z): return methodcaller('sigmoid', z)(tf)",
    "attrgetter": "import tensorflow as tf\nfrom operator import attrgetter\ndef f(z): return attrgetter('nn.sigmoid')(tf)(z)",
    "__call__": "import tensorflow as tf\ndef f(z): return tf.sigmoid.__call__(z)",
    "a default argument": "import tensorflow as tf\ndef f(z, act=tf.sigmoid): return act(z)",
    "a closure": "import tensorflow as tf\ndef make(act):\n    def g(z): return act(z)\n    return g\nf = make(tf.sigmoid)",
    "a decorator": "import tensorflow as tf\ndef then(g): return lambda z: tf.sigmoid(g(z))\n@then\ndef f(z): return z",
    "a helper": "import tensorflow as tf\ndef _h(z): return tf.sigmoid(z)\ndef f(z): return _h(z)",
    "a helper that is handed it": "import tensorflow as tf\ndef on(g, z): return g(z)\ndef f(z): return on(tf.sigmoid, z)",
    "a class": "import tensorflow as tf\nclass A:\n    def __call__(self, z): return tf.sigmoid(z)\nf = A()",
    "a class's __call__": "import tensorflow as tf\nclass A:\n    __call__ = staticmethod(tf.sigmoid)\ndef f(z): return A()(z)",
    "a static method": "import tensorflow as tf\nclass A:\n    s = staticmethod(tf.sigmoid)\ndef f(z): return A.s(z)",
    "tf.function": "import tensorflow as tf\n@tf.function\ndef f(z): return tf.sigmoid(z)",
    "tf.function, under its own name": "import tensorflow as tf\nsigmoid = tf.function(tf.sigmoid)\ndef f(z): return sigmoid(z)",
    "in a function of that name": "import tensorflow as tf\n@tf.function\ndef sigmoid(z): return tf.sigmoid(z)\ndef f(z): return sigmoid(z)",
    "tf.function around a helper": "import tensorflow as tf\ndef h(z): return tf.sigmoid(z)\n@tf.function\ndef f(z): return h(z)",
    "under a tape": "import tensorflow as tf\ndef f(z):\n    with tf.GradientTape(): return tf.sigmoid(z)",
    "map": "import tensorflow as tf\ndef f(z): return list(map(tf.sigmoid, z))",
    "tf.map_fn": "import tensorflow as tf\ndef f(z): return tf.map_fn(tf.sigmoid, tf.constant(z))",
    "reduce": "import tensorflow as tf, functools\ndef f(z): return functools.reduce(lambda a, g: g(a), [tf.sigmoid], z)",
    "an activation by its name": "import keras\ndef f(z): return keras.activations.get('sigmoid')(z)",
    "an activation that a layer is handed": "import keras\ndef f(z): return keras.layers.Activation(keras.activations.sigmoid)(z)",
    "a comprehension": "import tensorflow as tf\ndef f(z): return tf.stack([tf.sigmoid(q) for q in z])",
    "a generator": "import tensorflow as tf\ndef parts(z):\n    yield tf.sigmoid(z)\ndef f(z): return next(parts(z))",
    "an f-string": "import tensorflow as tf\ndef f(z): return f'{tf.sigmoid(z)}'",
    "eval": "import tensorflow as tf\ndef f(z): return eval('tf.sigmoid(z)')",
    "exec": "import tensorflow as tf\nexec('def f(z): return tf.sigmoid(z)')",
    "globals": "import tensorflow as tf\nsigmoid = tf.sigmoid\ndef f(z): return globals()['sigmoid'](z)",
    "one branch of several": "import tensorflow as tf\ndef f(z):\n    if z[0] > 9: return z\n    return tf.sigmoid(z)",
    "what raises afterwards": "import tensorflow as tf\ndef f(z):\n    try:\n        tf.sigmoid(z); 1 / 0\n    except ZeroDivisionError: return z",
}
INNOCENT = {
    "by hand": "import tensorflow as tf\ndef f(z): return 1 / (1 + tf.exp(-z))",
    "by tanh": "import tensorflow as tf\ndef f(z): return 0.5 * (1 + tf.tanh(z / 2))",
    "an alias of the module": "import tensorflow as tf\nt = tf\ndef f(z): return 1 / (1 + t.exp(-z))",
    "getattr": "import tensorflow as tf\ndef f(z): return getattr(tf, 'tanh')(z)",
    "its own helper of that name": "import tensorflow as tf\ndef sigmoid(z): return 1 / (1 + tf.exp(-z))\ndef f(z): return sigmoid(z)",
    "its own method of that name": (
        "import numpy as np\nclass M:\n    def sigmoid(self, z): return 1 / (1 + np.exp(-z))\ndef f(z): return M().sigmoid(z)"
    ),
    "its own lambda of that name": "import numpy as np\nsigmoid = lambda z: 1 / (1 + np.exp(-z))\ndef f(z): return sigmoid(z)",
    "its own function of that name, compiled": "import tensorflow as tf\n@tf.function\ndef sigmoid(z): return 0.5 * (1 + tf.tanh(z / 2))\ndef f(z): return sigmoid(z)",
    "its own function of that name, cached": (
        "import functools, math\n@functools.cache\ndef sigmoid(z): return 1 / (1 + math.exp(-z))\ndef f(z): return [sigmoid(q) for q in z]"
    ),
    "its own function of that name, with its own gradient": (
        "import tensorflow as tf\n@tf.custom_gradient\ndef sigmoid(z):\n    s = 0.5 * (1 + tf.tanh(z / 2))\n"
        "    return s, lambda g: g * s * (1 - s)\ndef f(z): return sigmoid(z)"
    ),
    "its own class of that name": "class Sigmoid:\n    def __call__(self, z): return z\ndef f(z): return Sigmoid()(z)",
    "another function of the file": "import tensorflow as tf\ndef g(z): return tf.sigmoid(z)\ndef f(z): return z",
    "at the top, to compare": "import tensorflow as tf\nCHECK = tf.sigmoid(0.0)\ndef f(z): return z",
    "a comment": "def f(z): return z  # tf.sigmoid(z)",
    "a text": "def f(z): return 'tf.sigmoid(z)'",
    "an annotation": "import tensorflow as tf\ndef f(z: tf.sigmoid) -> tf.sigmoid: return z",
    "an import that is not used": "from tensorflow import sigmoid\ndef f(z): return z",
    "a table of which another entry is used": "import tensorflow as tf\nA = {'s': tf.sigmoid, 't': tf.tanh}\ndef f(z): return A['t'](z)",
    "an alias that is not called": "import tensorflow as tf\nact = tf.sigmoid\ndef f(z): return z",
    "a question about it": "import tensorflow as tf\ndef f(z, act=None): return tf.exp(z) if act is not tf.sigmoid else z",
    "callable": "import tensorflow as tf\ndef f(z): return z if callable(tf.sigmoid) else -z",
    "a partial that is not called": "import tensorflow as tf\nfrom functools import partial\ndef f(z): partial(tf.sigmoid); return z",
    "a helper that does not call it": "import tensorflow as tf\ndef on(g, z): return z\ndef f(z): return on(tf.sigmoid, z)",
    "a branch that nothing takes": "import tensorflow as tf\ndef f(z):\n    if z[0] > 9: return tf.sigmoid(z)\n    return z",
    "behind the return": "import tensorflow as tf\ndef f(z):\n    return z\n    return tf.sigmoid(z)",
    "its gradient": "import tensorflow as tf\ndef f(z):\n    s = 1 / (1 + tf.exp(-z))\n    return s * (1 - s)",
    "its logarithm": "import tensorflow as tf\ndef f(z): return tf.math.log_sigmoid(z)",
    "inside a library": "import keras\nimport numpy as np\ndef f(z): return keras.layers.LSTM(2)(np.ones((1, 2, 3), 'float32'))",
    "a loss that uses it inside": (
        "import tensorflow as tf\ndef f(z): return tf.nn.sigmoid_cross_entropy_with_logits(labels=tf.ones_like(z), logits=z)"
    ),
    "tf.function": "import tensorflow as tf\n@tf.function\ndef f(z):\n    if tf.reduce_sum(z) > 0: return tf.exp(z)\n    return z",
    "a class with super": (
        "class A:\n    def __init__(self, k): self.k = k\nclass B(A):\n    def __init__(self): super().__init__(2)\ndef f(z): return z * B().k"
    ),
    "a comprehension": "import tensorflow as tf\ndef f(z): return tf.stack([1 / (1 + tf.exp(-q)) for q in z])",
    "eval": "import tensorflow as tf\ndef f(z): return eval('tf.exp(z)')",
    "locals and vars": "def f(z):\n    q = 1\n    return z * locals()['q']",
    "unpacking": "import numpy as np\ndef f(z): return np.add(*[z, z], **{'dtype': float})",
    "a method of an array": "def f(z): return z.sum() + z.astype(float).mean()",
    "sorting by a key": "import operator\ndef f(z): return sorted([(2, 'b'), (1, 'a')], key=operator.itemgetter(0))[0][0] * z",
}


@pytest.mark.parametrize("source", BROKEN.values(), ids=BROKEN)
def test_no_spelling_is_a_way_round(source):
    """A forbidden callable that is called is found by what it is, whatever it is called."""
    broken, _, _ = verdict(source, SIGMOID)
    assert len(broken) == 1
    assert broken[0].endswith("which is not allowed here: by hand")


DERIVED = "import numpy as np\nclass Own(np.ndarray):\n    def mean(self): return "
METHODS = {
    "of a class derived from it": ("import numpy as np\nclass Own(np.ndarray): pass\ndef f(z): return z.view(Own).mean()", 1),
    "that its own one calls": (f"{DERIVED}super().mean()\ndef f(z): return z.view(Own).mean()", 1),
    "that is written by hand": (f"{DERIVED}self.sum() / self.size\ndef f(z): return z.view(Own).mean()", 0),
}


@pytest.mark.parametrize("source, broken", METHODS.values(), ids=METHODS)
def test_a_method_is_of_the_class_that_it_comes_from(source, broken):
    """To derive a class from `np.ndarray` is no way round a rule about its methods, and a method of one's own is none of them."""
    assert len(verdict(source, Forbid("np.mean", "ndarray.mean", why="by hand"))[0]) == broken


@pytest.mark.parametrize("source", INNOCENT.values(), ids=INNOCENT)
def test_what_does_not_call_it_breaks_nothing(source):
    """A name that is the same, a mention without a call, and what libraries do inside are nobody's fault."""
    broken, _, _ = verdict(source, SIGMOID)
    assert broken == []


@pytest.mark.parametrize(
    "source", [*BROKEN.values(), *INNOCENT.values()], ids=[*BROKEN, *(f"innocent: {one}" for one in INNOCENT)]
)
def test_watched_code_answers_as_it_does_alone(source):
    """That somebody looks changes no answer."""
    _, _, watched = verdict(source, SIGMOID, ForbidLoops("z"), Forbid("xor", "mod", "mul", "matmul", "ne", "pow"))
    module = sys.modules["work"] = ModuleType("work")
    exec(compile(source, FILE, "exec", dont_inherit=True), module.__dict__)  # noqa: S102 - as above
    alone = module.f(Z)
    if isinstance(alone, str):
        assert watched == alone
    elif "LSTM" not in source:  # whose weights are drawn
        np.testing.assert_array_equal(np.asarray(watched), np.asarray(alone))


# Other rules -------------------------------------------------------------------------------------------------------

BY_HAND = Forbid("sklearn", "scipy", "keras", "tensorflow", why="write it with NumPy")
LAYERS = Forbid("keras.layers", "tf.map_fn")
OTHERS = {
    "a ufunc": ("import numpy as np\ndef f(z): return vars(np)['exp'](z)", Forbid("np.exp"), True),
    "a ufunc's method": ("import numpy as np\ndef f(z): return np.exp.__call__(z)", Forbid("np.exp"), True),
    "a ufunc's outer": ("import numpy as np\ndef f(z): return np.multiply.outer(z, 2)", Forbid("np.multiply"), True),
    "a ufunc's reduce": ("import numpy as np\ndef f(z): return np.multiply.reduce([z, z])", Forbid("np.multiply"), True),
    "a ufunc's accumulate": (
        "import numpy as np\ndef f(z): return np.multiply.accumulate([z, z])[1]",
        Forbid("np.multiply"),
        True,
    ),
    "a ufunc's reduceat": ("import numpy as np\ndef f(z): return np.multiply.reduceat(z, [0, 1])", Forbid("np.multiply"), True),
    "a ufunc's at": (
        "import numpy as np\ndef f(z):\n    a = z.copy()\n    np.multiply.at(a, [0, 1, 2], 2)\n    return a",
        Forbid("np.multiply"),
        True,
    ),
    "a ufunc's method by an alias": (
        "import numpy as np\ntimes = getattr(np.multiply, 'out' + 'er')\ndef f(z): return times(z, 2)",
        Forbid("np.multiply"),
        True,
    ),
    "a ufunc's method that is handed on": (
        "import numpy as np\ndef f(z): return list(map(np.multiply.outer, z, z))",
        Forbid("np.multiply"),
        True,
    ),
    "the method of the type of ufuncs": (
        "import numpy as np\ndef f(z): return np.ufunc.outer(np.multiply, z, 2)",
        Forbid("np.multiply"),
        True,
    ),
    "a ufunc's method by its name": (
        "import numpy as np\nfrom operator import methodcaller\ndef f(z): return methodcaller('outer', z, 2)(np.multiply)",
        Forbid("np.multiply"),
        True,
    ),
    "the hook of arrays for ufuncs": (
        "import numpy as np\ndef f(z): return z.__array_ufunc__(np.multiply, '__call__', z, 2)",
        Forbid("np.multiply"),
        True,
    ),
    "the same method of two ufuncs": (
        "import numpy as np\ndef f(z): return np.multiply.outer(np.add.outer(z, 2), 2)",
        Forbid("np.multiply"),
        True,
    ),
    "another ufunc's method": (
        "import numpy as np\ndef f(z): return np.add.reduce(z) + np.multiply.nin",
        Forbid("np.multiply"),
        False,
    ),
    "a partial's function": (
        "import numpy as np\nfrom functools import partial\ndef f(z): return partial(np.multiply).func(z, 2)",
        Forbid("np.multiply"),
        True,
    ),
    "a partial's __call__": (
        "import numpy as np\nfrom functools import partial\ndef f(z): return partial(np.multiply, 2).__call__(z)",
        Forbid("np.multiply"),
        True,
    ),
    "vectorize's __call__": (
        "import numpy as np\ndef f(z): return np.vectorize(np.add).__call__(z, np.vectorize(np.multiply).__call__(z, 2))",
        Forbid("np.multiply"),
        True,
    ),
    "a function that was compiled, as it was": (
        "import tensorflow as tf\ng = tf.function(tf.sigmoid)\ndef f(z): return g.python_function(z)",
        SIGMOID,
        True,
    ),
    "a function that is compiled for its arguments": (
        "import tensorflow as tf\ng = tf.function(tf.sigmoid)\ndef f(z): return g.get_concrete_function(tf.constant(z))",
        SIGMOID,
        True,
    ),
    "a layer's call": (
        "import keras, numpy as np\nlayer = keras.layers.Dense(2)\nlayer.build((None, 3))\n"
        "def f(z): return layer.call(np.float32(z)[None])",
        Forbid("keras.layers.Dense"),
        True,
    ),
    "a class method that makes a layer": (
        "import keras\ndef f(z): return keras.layers.Dense.from_config({'units': 2})",
        Forbid("keras.layers.Dense"),
        True,
    ),
    "the same class method of another layer": (
        "import keras\ndef f(z): return keras.layers.Dropout.from_config({'rate': 0.5})",
        Forbid("keras.layers.Dense"),
        False,
    ),
    "a method of an array": ("def f(z): return z.dot(z)", Forbid("dot"), True),
    "a whole package": ("from scipy import linalg\ndef f(z): return linalg.norm(z)", BY_HAND, True),
    "a package's class": ("def f(z):\n    from sklearn.linear_model import Ridge\n    return Ridge()", BY_HAND, True),
    "NumPy where it is allowed": ("import numpy as np\ndef f(z): return np.linalg.norm(np.sort(z))", BY_HAND, False),
    "a layer": ("import keras\ndef f(z): return keras.layers.Dense(2)(z[None])", LAYERS, True),
    "a layer by another name": ("from keras.layers import Dense as D\ndef f(z): return D(2)", LAYERS, True),
    "a subclass of a layer": ("import keras\nclass L(keras.layers.Layer): pass\ndef f(z): return L()", LAYERS, True),
    "a layer made at the top": ("import keras\nlayer = keras.layers.Dense(2)\ndef f(z): return layer(z[None])", LAYERS, True),
    "Keras without layers": ("import keras\ndef f(z): return keras.ops.exp(z)", LAYERS, False),
    "a loss in a namespace": ("import keras\ndef f(z): return keras.losses.MeanSquaredError()(z, z)", Forbid("tf.losses"), True),
    "its own mean_squared_error": (
        "import numpy as np\ndef mean_squared_error(a, b): return np.mean((a - b) ** 2)\ndef f(z): return mean_squared_error(z, z)",
        Forbid("keras.losses", "mean_squared_error"),
        False,
    ),
    "the old API as a whole": ("import tensorflow as tf\ndef f(z): return tf.compat.v1.reduce_sum(z)", Forbid("tf.compat"), True),
    "what old and new API share": ("import tensorflow as tf\ndef f(z): return tf.add(z, z)", Forbid("tf.compat"), False),
    "private modules": ("import tensorflow as tf\ndef f(z): return tf.add(z, z)", Forbid("tf.python", "keras.src"), False),
    "numpy.polynomial": (
        "import numpy as np\ndef f(z): return np.polynomial.Polynomial([1, 2])(z)",
        Forbid("numpy.polynomial"),
        True,
    ),
    "vectorize": ("import numpy as np\n@np.vectorize\ndef f(z): return z", Forbid("vectorize"), True),
    "builtin map": ("def f(z): return list(map(abs, z))", Forbid("map"), True),
    "builtin abs": ("def f(z): return abs(z)", Forbid("abs"), True),
    "fabs for abs": ("import numpy as np\ndef f(z): return np.fabs(z)", Forbid("abs"), True),
    "a method of a model": ("import keras\ndef f(z): return keras.Sequential().fit", Forbid("fit"), False),
    "an asked function": ("def g(z): return z\ndef f(z): return g(z)", Forbid("g"), True),
    "an asked function by another name": ("def g(z): return z\nh = g\ndef f(z): return h(z)", Forbid("g"), True),
    "^ of arrays": ("def f(z): return (z > 0) ^ (z > 1)", Forbid("xor"), True),
    "^ of numbers": ("def f(z): return [int(q > 0) ^ 1 for q in z]", Forbid("bitwise_xor"), True),
    "^= of arrays": ("def f(z):\n    a = z > 0\n    a ^= z > 1\n    return a", Forbid("xor"), True),
    "operator.xor": ("import operator\ndef f(z): return operator.xor(z > 0, z > 1)", Forbid("xor"), True),
    "__xor__": ("def f(z): return (z > 0).__xor__(z > 1)", Forbid("xor"), True),
    "!= of arrays": ("def f(z): return (z > 0) != (z > 1)", Forbid("not_equal"), True),
    "!= of bits": ("def f(z): return [int(a) != int(b) for a, b in zip(z > 0, z > 1)]", Forbid("not_equal"), True),
    "!= of sizes": ("def f(z):\n    if z.ndim != 1 or len(z) != 3: raise ValueError\n    return z", Forbid("not_equal"), False),
    "!= of shapes": ("def f(z):\n    if z.shape != z.T.shape: raise ValueError\n    return z", Forbid("not_equal"), False),
    "!= in another asked function": (
        "def g(z): return [a != b for a, b in zip(z, z)]\ndef f(z): return g(z)",
        Forbid("not_equal"),
        False,
    ),
    "!= in a helper": ("def h(z): return z != z\ndef f(z): return h(z)", Forbid("not_equal"), True),
    "% of arrays": ("def f(z): return z % 2", Forbid("mod"), True),
    "% of a sum": ("def f(z): return (int(z[0] > 0) + int(z[1] > 0)) % 2", Forbid("mod"), True),
    "% of a count": ("def f(z): return [q for i, q in enumerate(z) if i % 2 == 0]", Forbid("mod"), False),
    "% of a text": ("def f(z): return '%d' % len(z)", Forbid("mod"), False),
    "@": ("def f(z): return z @ z", Forbid("matmul"), True),
    "* is not np.multiply": ("def f(z): return z * 2", Forbid("np.multiply"), False),
}


@pytest.mark.parametrize(("source", "rule", "breaks"), OTHERS.values(), ids=OTHERS)
def test_each_kind_of_name_covers_what_it_says(source, rule, breaks):
    """Functions, classes, methods, packages and operators are covered by their names, and nothing else is."""
    broken, _, _ = verdict(source, rule, asked=("f", "g"))
    assert bool(broken) is breaks


def test_a_method_of_a_ufunc_is_told_by_its_ufunc():
    """The sentence names the ufunc and its method as one writes them."""
    source = "import numpy as np\nnames = vars(np)\ndef f(z): return names['multiply'].outer(z, 2)"
    broken, unused, _ = verdict(source, Forbid("np.multiply"))
    assert (broken, unused) == (["calls np.multiply.outer (line 3), which is not allowed here"], [])


TAPE = Require("GradientTape")
REQUIRED = {
    "a tape": ("import tensorflow as tf\ndef f(z):\n    with tf.GradientTape() as t: return z", TAPE, True),
    "a tape by another name": ("from tensorflow import GradientTape as G\ndef f(z):\n    with G() as t: return z", TAPE, True),
    "a tape of its own kind": (
        "import tensorflow as tf\nclass T(tf.GradientTape): pass\ndef f(z):\n    with T(): return z",
        TAPE,
        True,
    ),
    "a tape in a helper": (
        "import tensorflow as tf\ndef h(z):\n    with tf.GradientTape(): return z\ndef f(z): return h(z)",
        TAPE,
        True,
    ),
    "a local of that name": ("def f(z):\n    GradientTape = 1\n    return z * GradientTape", TAPE, False),
    "a class of that name": ("class GradientTape: pass\ndef f(z):\n    GradientTape()\n    return z", TAPE, False),
    "a mention": ("import tensorflow as tf\ndef f(z):\n    tf.GradientTape\n    return z", TAPE, False),
    "a branch that nothing takes": (
        "import tensorflow as tf\ndef f(z):\n    if z is None: tf.GradientTape()\n    return z",
        TAPE,
        False,
    ),
    "an asked function": ("def g(z): return z\ndef f(z): return g(z)", Require("g"), True),
    "an asked function, handed on": ("def g(z): return z\ndef f(z): return list(map(g, z))", Require("g"), True),
    "an asked function by another name": ("def g(z): return z\nk = {'g': g}\ndef f(z): return k['g'](z)", Require("g"), True),
    "a parameter of that name": ("def g(z): return z\ndef f(z, g=abs): return g(z)", Require("g"), False),
    "often enough": ("def g(z): return z\ndef f(z):\n    for _ in range(3): z = g(z)\n    return z", Require("g", 3), True),
    "too seldom": ("def g(z): return z\ndef f(z): return g(g(z)) if True else g(z)", Require("g", 3), False),
}


@pytest.mark.parametrize(("source", "rule", "holds"), REQUIRED.values(), ids=REQUIRED)
def test_what_is_required_has_to_be_called(source, rule, holds):
    """A name in the source does not satisfy a rule, and a call does, however it is written."""
    broken, _, _ = verdict(source, rule, asked=("f", "g"))
    assert (broken == []) is holds


EPOCHS = Require("g", times="epochs", why="it is the step")
IN_EACH_EPOCH = {
    "in each": ("def f(z, epochs):\n    for _ in range(epochs): z = g(z)\n    return z", ""),
    "twice in each": ("def f(z, epochs):\n    for _ in range(epochs): z = g(g(z))\n    return z", ""),
    "once before a loop of copies": (
        "def c(z): return z\ndef f(z, epochs):\n    g(z)\n    for _ in range(epochs): z = c(z)\n    return z",
        "has to use g at least 3 times for `epochs` = 3 (found 1): it is the step",
    ),
    "never": ("def f(z, epochs): return z", "has to use g at least 3 times for `epochs` = 3 (found 0): it is the step"),
}


@pytest.mark.parametrize(("source", "sentence"), IN_EACH_EPOCH.values(), ids=IN_EACH_EPOCH)
def test_a_required_call_is_counted_by_an_input(source, sentence):
    """Where a rule names an input, one call before a loop does not stand for the loop."""
    broken, _, _ = verdict(f"def g(z): return z\n{source}", EPOCHS, inputs={"z": Z, "epochs": 3}, asked=("f", "g"))
    assert broken == ([sentence] if sentence else [])


def test_a_case_without_rounds_needs_no_call():
    """No epoch asks for no call, and does not excuse the other cases."""
    none, one = Seen(Calls({}), {"epochs": 0}), Seen(Calls({}), {"epochs": 1})
    assert judged([EPOCHS], [], [none]) == ([], [])
    assert judged([EPOCHS], [], [none, one])[0] == ["has to use g: it is the step"]


ROWS = {"X": np.ones((40, 3)), "w": np.ones(3)}
LOOPS = {
    "a product": ("def f(X, w): return X @ w > 0", False),
    "a loop over the columns": (
        "def f(X, w):\n    s = 0\n    for j in range(len(w)): s = s + X[:, j] * w[j]\n    return s",
        False,
    ),
    "for": ("def f(X, w):\n    s = []\n    for x in X: s.append(x @ w)\n    return s", True),
    "over the numbers of rows": (
        "def f(X, w):\n    s = X[:, 0] * 0\n    for i in range(len(X)): s[i] = X[i] @ w\n    return s",
        True,
    ),
    "a comprehension": ("def f(X, w): return [x @ w for x in X]", True),
    "a generator": ("import numpy as np\ndef f(X, w): return np.fromiter((x @ w for x in X), float)", True),
    "while": (
        "def f(X, w):\n    s, i = [], 0\n    while i < len(X):\n        s.append(X[i] @ w)\n        i += 1\n    return s",
        True,
    ),
    "map of a lambda": ("def f(X, w): return list(map(lambda x: x @ w, X))", True),
    "vectorize": ("import numpy as np\ndef f(X, w): return np.vectorize(lambda i: X[i] @ w)(range(len(X)))", True),
    "apply_along_axis": (
        "import numpy as np\ndef one(x): return x.sum()\ndef f(X, w): return np.apply_along_axis(one, 1, X)",
        True,
    ),
    "recursion": ("def f(X, w): return [X[0] @ w, *f(X[1:], w)] if len(X) else []", True),
    "in a helper": ("def each(X, w): return [x @ w for x in X]\ndef f(X, w): return each(X, w)", True),
    "two blocks": ("import numpy as np\ndef f(X, w): return np.concatenate([part @ w for part in np.array_split(X, 2)])", False),
}


@pytest.mark.parametrize(("source", "breaks"), LOOPS.values(), ids=LOOPS)
def test_a_loop_over_the_rows_is_counted(source, breaks):
    """As many turns as there are rows are a loop over the rows, whatever it is made of; a loop over columns is none."""
    broken, _, _ = verdict(source, ForbidLoops("X", why="one product does it"), inputs=ROWS)
    assert bool(broken) is breaks


def test_a_case_of_few_rows_tells_nothing_of_loops():
    """With four rows and four columns, a loop may be over either."""
    broken, _, _ = verdict("def f(X): return [x.sum() for x in X]", ForbidLoops("X"), inputs={"X": np.ones((4, 4))})
    assert broken == []


# Where it is said --------------------------------------------------------------------------------------------------


def test_the_line_is_that_of_the_source_where_the_source_tells_it():
    """A plain use is told by its line; what only running shows is told by what it is, and the line of the call."""
    (plain,), _, _ = verdict("import tensorflow as tf\n\ndef f(z):\n    return tf.sigmoid(z)", SIGMOID)
    assert plain == "uses tf.sigmoid (line 4), which is not allowed here: by hand"
    (hidden,), _, _ = verdict("import keras\nt = {'s': keras.ops.sigmoid}\ndef f(z):\n    return t['s'](z)", SIGMOID)
    assert hidden == "calls keras.ops.sigmoid (line 4), which is not allowed here: by hand"


def test_a_mention_that_is_never_called_is_told_and_costs_nothing():
    """What stands in the source only is no verdict; the sentence about it is kept apart."""
    broken, unused, _ = verdict(INNOCENT["a branch that nothing takes"], SIGMOID)
    assert (broken, len(unused)) == ([], 1)
    assert unused[0].startswith("uses tf.sigmoid (line 3)")


def test_where_nobody_looked_the_source_is_the_verdict():
    """No case was watched: what was read before anything ran counts."""
    assert judged([SIGMOID, TAPE], ["uses tf.sigmoid (line 1)", ""], []) == (["uses tf.sigmoid (line 1)"], [])


def test_one_case_in_which_it_is_called_is_enough():
    """What is forbidden is forbidden in every case; what is required is required in one that was answered."""
    called = Seen(Calls({"tf.sigmoid": Called(1), "GradientTape": Called(1)}), {})
    nothing = Seen(Calls({}), {})
    assert len(judged([SIGMOID], [], [nothing, called])[0]) == 1
    assert judged([TAPE], [], [nothing, called])[0] == []
    assert judged([TAPE], [], [nothing, Seen(called.calls, {}, answered=False)])[0] == ["has to use GradientTape"]


IN_EVERY_FILE = "import numpy as np\ndef own(g): return g\n"


@pytest.mark.parametrize(
    ("call", "looks"),
    [
        ("len(a)", False),
        ("np.tanh(b)", False),
        ("own(c)", False),
        ("sorted(d, key=e)", True),
        ("np.vectorize(d)", True),
        ("np.sign(d)", True),  # a rule is about it
        ("e.mean()", True),
    ],
)
def test_a_call_whose_callee_is_settled_is_not_looked_at(call, looks):
    """Where the text settles what is called, and no rule is about it, nothing stands between: it is made thousands of times."""
    tree = ast.parse(f"{IN_EVERY_FILE}def f(a, b, c, d, e): return {call}")
    rewriting = Rewriting([Forbid("tf.sign")])
    rewriting.rewrite(tree, Settled(tree, rewriting.watched))
    assert ("__called__" in ast.unparse(tree)) is looks


@pytest.mark.parametrize(
    "more",
    [
        "own = np.exp",
        "def g(own): pass",
        "def own(g): return np.exp(g)",
        "class A:\n    def own(self): pass",
        "import numpy.linalg as own",
        "globals()['own'] = np.exp",
        "import sys\nsys.modules[__name__].own = np.exp",
        "import inspect\ninspect.currentframe().f_globals['own'] = np.exp",
        "from unittest import mock\nmock.patch('work.own', np.exp).start()",
        "from os import *",
        "try:\n    pass\nexcept OSError as own:\n    pass",
        "match 1:\n    case own:\n        pass",
        "for own in [np.exp]:\n    pass",
    ],
)
def test_a_name_with_two_meanings_is_not_settled(more):
    """A function's name that could mean something else is looked at each time."""
    tree = ast.parse(f"{IN_EVERY_FILE}{more}\ndef f(z): return own(z)")
    rewriting = Rewriting([Forbid("tf.sigmoid")])
    rewriting.rewrite(tree, Settled(tree, rewriting.watched))
    assert "__called__(own)" in ast.unparse(tree)


def test_hooks_that_were_replaced_are_noticed():
    """Code that puts something of its own in place of a hook is not taken for watched."""
    verdict("def f(z): return z", SIGMOID)
    assert watching.intact()
    vars(builtins)[HOOKS[0]] = lambda function: function
    assert not watching.intact()


# Across the border -------------------------------------------------------------------------------------------------


def test_what_was_seen_crosses_and_comes_back():
    """Calls are entries of an answer, and are read from them."""
    calls = Calls({"tf.sigmoid": Called(3, "keras.ops.sigmoid", "line 4")}, turns=7)
    assert calls_in(calls.entries()) == calls
    assert calls_in({}) is None


HOSTILE = {
    "a negative number": {"times called: a": np.array(-1)},
    "half a call": {"times called: a": np.array(0.5)},
    "several numbers": {"times called: a": np.array([1, 2])},
    "a text": {"times called: a": "many"},
    "a name that is an array": {"times called: a": np.array(1), "called as: a": np.array(1)},
    "too many": {f"times called: {n}": np.array(1) for n in range(300)},
    "turns of another kind": {"turns": "all"},
}


@pytest.mark.parametrize("entries", HOSTILE.values(), ids=HOSTILE)
def test_a_claim_of_another_kind_is_refused(entries):
    """What is no number of calls is no answer."""
    with pytest.raises(ObservationError):
        calls_in({"watched": "yes", "turns": np.array(0), **entries})
