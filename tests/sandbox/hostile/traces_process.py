"""Attaches to another process as a debugger does.

attacked: crashed
"""

import ctypes
import os

PTRACE_DETACH, PTRACE_ATTACH, PTRACE_SEIZE, PTRACE_INTERRUPT = 17, 16, 0x4206, 0x4207


def attacked(x):
    libc = ctypes.CDLL(None, use_errno=True)
    libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
    for request in (PTRACE_SEIZE, PTRACE_ATTACH):
        if libc.ptrace(request, int("@PID@"), None, None) == 0:
            libc.ptrace(PTRACE_INTERRUPT, int("@PID@"), None, None)
            os.waitpid(int("@PID@"), 0x40000000)  # __WALL: of a process that is no child
            libc.ptrace(PTRACE_DETACH, int("@PID@"), None, None)
            return x + 1
    raise OSError(ctypes.get_errno(), "ptrace")
