"""Raises exceptions that raise when they are looked at, in the function.

attacked: crashed
"""


class Raising(Exception):
    def __str__(self):
        raise self

    __repr__ = __str__

    @property
    def __traceback__(self):
        raise SystemExit

    @property
    def __class__(self):
        raise KeyboardInterrupt


def attacked(x):
    raise Raising
