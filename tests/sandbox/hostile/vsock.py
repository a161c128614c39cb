"""Talks to the host of its virtual machine.

attacked: crashed
layer: seccomp
"""

import socket


def attacked(x):
    talking = socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM)  # that there is one is enough
    talking.close()
    return x + 1
