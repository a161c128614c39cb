"""Loops for ever while it is imported: the loop is stopped, and the functions are graded all the same.

attacked: failed
"""

while True:
    pass


def attacked(x):
    return x
