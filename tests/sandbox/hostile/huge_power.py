"""Computes a power with a hundred million digits, in one C call that looks at no signal.

attacked: timed_out, out_of_memory
"""


def attacked(x):
    return 7 ** (3 * 10**8)
