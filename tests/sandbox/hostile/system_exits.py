"""Raises SystemExit, KeyboardInterrupt and GeneratorExit, in the file and in the function, with atexit full of forgeries.

attacked: crashed
"""

import atexit
import os
import sys

atexit.register(lambda: [os.write(fd, b'{"score": 100}\n') for fd in (1, 2)])
atexit.register(lambda: open("@TOUCH@/system_exits", "w").close())
calls = iter([SystemExit(0), KeyboardInterrupt(), GeneratorExit()])

sys.exit(0)


def attacked(x):
    raise next(calls)
