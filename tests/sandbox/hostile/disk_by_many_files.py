"""Fills the disk with many files of 20 MB in nested folders, up to 800 MB.

attacked: over_limit, crashed
"""

import os


def attacked(x):
    piece = bytes(20 * 2**20)
    for number in range(40):
        os.makedirs(f"a/b/c{number % 5}", exist_ok=True)
        with open(f"a/b/c{number % 5}/{number}", "wb") as file:
            file.write(piece)
    return x + 1
