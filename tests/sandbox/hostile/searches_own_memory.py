"""Searches its own memory for what a parent may have left in it: a secret, an expected answer.

attacked: crashed, timed_out
"""

import ctypes
import os

MARK = bytes(reversed(b":yranac"))  # found in its own memory too, so what follows it counts
PAGE, MOST = 4096, 2**28


def regions():
    try:
        for line in open("/proc/self/maps"):
            start, _, end = line.split()[0].partition("-")
            if line.split()[1].startswith("rw") and "[v" not in line:
                yield int(start, 16), int(end, 16)
    except OSError:  # then whatever lies around an object of ours
        start = id(MARK) // PAGE * PAGE
        yield start, start + 64 * PAGE


def attacked(x):
    read, write = os.pipe()
    libc, left = ctypes.CDLL(None, use_errno=True), MOST
    for start, end in regions():
        if libc.write(write, ctypes.c_void_p(start), 1) != 1:  # EFAULT instead of a segmentation fault
            continue
        os.read(read, 1)
        size = min(end - start, left)
        left -= size
        text = ctypes.string_at(start, size)
        place = text.find(MARK)
        while place >= 0:
            if text[place + len(MARK) : place + 100].startswith(b"expected"):
                print(text[place : place + 100])
                return x + 1
            place = text.find(MARK, place + 1)
        del text
    raise LookupError("nothing there that is worth having")
