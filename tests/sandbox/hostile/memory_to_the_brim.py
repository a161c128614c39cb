"""Takes all the memory there is, keeps it and answers, so that the worker has none left to answer with.

attacked: failed, out_of_memory, crashed, timed_out
costs: slope, normalized
"""

import numpy as np

kept = []


def attacked(x):
    size = 2**26
    while size > 64 and len(kept) < 10_000:
        try:
            kept.append(bytearray(size))
        except MemoryError:
            size //= 2
        if sum(map(len, kept)) > 3 * 2**30:
            raise RuntimeError("3 GB were to be had")
    return np.zeros_like(x)
