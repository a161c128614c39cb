"""Answers with an object that is equal to everything, close to everything and has every attribute.

attacked: failed
layer: judging
"""


class Equal:
    shape, ndim, size, nbytes = (6,), 1, 6, 48

    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    __le__ = __ge__ = __lt__ = __gt__ = __eq__
    __hash__ = None

    def __bool__(self):
        return True

    def __sub__(self, other):
        return 0.0

    __rsub__ = __abs__ = __sub__

    def __array_function__(self, *_):
        return True

    def __array_ufunc__(self, *_, **__):
        return True

    def __len__(self):
        return 6

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *_, **__):
        return self


def attacked(x):
    return Equal()
