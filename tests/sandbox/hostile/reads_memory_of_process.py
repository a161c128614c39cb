"""Reads the memory of another process: process_vm_readv, /proc/PID/mem, a descriptor taken from it.

attacked: crashed
"""

import ctypes
import os
import re

PID = int("@PID@")
LIBC = ctypes.CDLL(None, use_errno=True)


class Part(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("size", ctypes.c_size_t)]


def checked(answer, what):
    if answer < 0:
        raise OSError(ctypes.get_errno(), what)
    return answer


def places():
    maps = open(f"/proc/{PID}/maps").read()
    return [(int(a, 16), int(b, 16)) for a, b in re.findall(r"^(\w+)-(\w+) rw.*(?:heap|stack)", maps, re.MULTILINE)]


def by_call():
    # Where /proc/PID/maps is closed, an address to try is still needed: any valid one gives EFAULT or bytes, never EPERM.
    spots = []
    try:
        spots = places()
    except OSError:
        pass
    here, there = ctypes.create_string_buffer(4096), spots[-1][0] if spots else 0x400000
    ours, theirs = Part(ctypes.addressof(here), 4096), Part(there, 4096)
    answer = LIBC.process_vm_readv(PID, ctypes.byref(ours), 1, ctypes.byref(theirs), 1, 0)
    if answer < 0 and ctypes.get_errno() != 14:  # EFAULT: it looked
        checked(answer, "process_vm_readv")
    return here.raw[:200]


def by_file():
    with open(f"/proc/{PID}/mem", "rb", 0) as memory:
        for start, end in places():
            memory.seek(start)
            text = memory.read(min(end - start, 2**24))
            if b"canary" + b":" in text:
                return text[text.index(b"canary" + b":") :][:100]
    return b"read"


def by_descriptor():
    process = checked(LIBC.syscall(434, PID, 0), "pidfd_open")
    return os.read(checked(LIBC.syscall(438, process, 0, 0), "pidfd_getfd"), 0)


def attacked(x):
    for way in (by_file, by_call, by_descriptor):
        try:
            print(way())
            return x + 1
        except OSError as error:
            last = error
    raise last
