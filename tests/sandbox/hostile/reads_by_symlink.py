"""Reads the expected answers through a symbolic link in its own folder.

attacked: crashed
layer: landlock
"""

import os


def attacked(x):
    if not os.path.lexists("harmless.txt"):
        os.symlink("@CANARY@", "harmless.txt")
    print(open("harmless.txt").read())
    return x + 1
