"""Makes processes by the system calls themselves: fork, clone with several flags, and clone3.

attacked: crashed
layer: seccomp
"""

import ctypes
import os
import signal

LIBC = ctypes.CDLL(None, use_errno=True)
CLONE_PARENT, CLONE_UNTRACED = 0x8000, 0x800000


class Arguments(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint64) for name in ("flags", "pidfd", "child", "parent", "exit", "stack", "size", "tls")]


def attacked(x):
    arguments = Arguments(exit=signal.SIGCHLD)
    ways = [
        lambda: LIBC.syscall(57),  # fork
        lambda: LIBC.syscall(56, signal.SIGCHLD, 0, 0, 0, 0),  # clone
        lambda: LIBC.syscall(56, CLONE_UNTRACED | signal.SIGCHLD, 0, 0, 0, 0),
        lambda: LIBC.syscall(56, CLONE_PARENT, 0, 0, 0, 0),
        lambda: LIBC.syscall(435, ctypes.byref(arguments), ctypes.sizeof(arguments)),  # clone3
    ]
    made = 0
    for way in ways:
        child = way()
        if child == 0:
            os._exit(0)
        made += child > 0
    if not made:
        raise OSError(ctypes.get_errno(), "clone")
    return x + 1
