"""Fills the disk with one file in its own folder, up to 800 MB.

attacked: over_limit, crashed
"""


def attacked(x):
    piece = bytes(2**25)
    with open("large", "wb", buffering=0) as file:
        for _ in range(25):
            file.write(piece)
    return x + 1
