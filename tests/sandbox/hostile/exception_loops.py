"""Raises an exception whose text never ends.

attacked: timed_out
"""


class Endless(Exception):
    def __str__(self):
        while True:
            pass

    __repr__ = __str__


def attacked(x):
    raise Endless
