"""Answers with an array that claims memory which is not its own.

attacked: crashed, failed, timed_out
"""


class Claiming:
    __array_interface__ = {"shape": (2**20,), "typestr": "<f8", "data": (2**20, True), "version": 3}


def attacked(x):
    return Claiming()
