"""Makes sockets of every family and kind that the kernel has, but for pairs.

attacked: crashed
layer: seccomp
"""

import socket


def attacked(x):
    made = []
    for family in range(1, 46):
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET):
            try:
                socket.socket(family, kind).close()
                made.append((family, int(kind)))
            except OSError as error:
                last = error
    if not made:
        raise last
    print(made)
    return x + 1
