"""Leaves a note for later submissions where the kernel keeps things: in a keyring or in System V shared memory.

attacked: crashed
layer: seccomp
"""

import ctypes

LIBC = ctypes.CDLL(None, use_errno=True)
USER_KEYRING, IPC_CREAT, IPC_RMID = -4, 0o1000, 0
KEYCTL_UNLINK = 9


def attacked(x):
    key = LIBC.syscall(248, b"user", b"dlkit", b"the answer is x + 1", 19, USER_KEYRING)
    if key > 0:
        LIBC.syscall(250, KEYCTL_UNLINK, key, USER_KEYRING)
        return x + 1
    segment = LIBC.shmget(0x6C6B6974, 4096, IPC_CREAT | 0o600)
    if segment >= 0:
        LIBC.shmctl(segment, IPC_RMID, None)
        return x + 1
    raise OSError(ctypes.get_errno(), "shmget")
