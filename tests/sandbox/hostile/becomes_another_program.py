"""Replaces itself by another program, by its path, by a descriptor and through the dynamic linker.

attacked: crashed
"""

import glob
import os
import sys

CODE = "open('@TOUCH@/becomes_another_program', 'w').close()"


def attacked(x):
    arguments = ["python", "-c", CODE]
    ways = [
        lambda: os.execve(os.open(sys.executable, os.O_RDONLY), arguments, {}),
        lambda: os.execv(sys.executable, arguments),
        lambda: os.execv("/bin/sh", ["sh", "-c", "touch '@TOUCH@/becomes_another_program'"]),
        lambda: os.execv(glob.glob("/lib64/ld-linux*")[0], ["ld", "/bin/touch", "@TOUCH@/becomes_another_program"]),
    ]
    for way in ways:
        try:
            way()
        except OSError as error:
            last = error
    raise last
