"""Reads the expected answers through the links of /proc: root, cwd and the descriptors of an opened path.

attacked: crashed
layer: landlock
"""

import os

PATH = "@CANARY@"


def descriptor():
    return f"/proc/self/fd/{os.open(PATH, os.O_PATH)}"


def attacked(x):
    ways = [
        lambda: "/proc/self/root" + PATH,
        lambda: "/proc/self/cwd/" + "../" * 40 + PATH.lstrip("/"),
        lambda: "/proc/thread-self/root" + PATH,
        lambda: f"/proc/{os.getppid()}/root" + PATH,
        descriptor,
    ]
    for way in ways:
        try:
            print(open(way()).read())
            return x + 1
        except OSError as error:
            last = error
    raise last
