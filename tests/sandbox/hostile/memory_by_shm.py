"""Fills the memory through files of /dev/shm, which outlive it: 1 GB.

attacked: crashed, over_limit
layer: landlock
"""

import os


def attacked(x):
    piece = bytes(2**26)
    paths = [f"/dev/shm/dlkit-attack-{os.getpid()}-{number}" for number in range(16)]
    try:
        for path in paths:
            with open(path, "wb") as file:
                file.write(piece)
    finally:
        for path in paths:  # with the layer off it must not stay in the tests' own memory
            if os.path.exists(path):
                os.remove(path)
    return x + 1
