"""Reads the expected answers by their absolute path.

attacked: crashed
layer: landlock
"""


def attacked(x):
    print(open("@CANARY@").read())
    return x + 1  # only where it could be read
