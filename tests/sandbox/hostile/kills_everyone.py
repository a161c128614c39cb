"""Asks whether it could kill everyone: all processes, its parent, its group and the number range around it.

attacked: crashed
"""

import os

# Signal 0 is the question without the deed: with a layer off, the real thing would end whoever runs the tests.


def attacked(x):
    me = os.getpid()
    for whom in (-1, os.getppid(), 1, *range(max(2, me - 50), me), *range(me + 1, me + 50)):
        try:
            os.kill(whom, 0)
            return x + 1
        except ProcessLookupError:
            pass
        except PermissionError as error:
            last = error
    raise last
