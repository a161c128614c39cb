"""Fills the memory with shared anonymous maps, which count as neither data nor heap: 1.5 GB.

attacked: out_of_memory, crashed
layer: watchdog
"""

import mmap


def attacked(x):
    kept = []
    for _ in range(24):
        kept.append(mmap.mmap(-1, 2**26))
        for place in range(0, 2**26, mmap.PAGESIZE):
            kept[-1][place] = 1
    return x + 1
