"""Asks the kernel by netlink for the machine's network interfaces.

attacked: crashed
layer: seccomp
"""

import socket
import struct

RTM_GETLINK, NLM_F_REQUEST, NLM_F_DUMP = 18, 1, 0x300


def attacked(x):
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as asking:
        asking.send(struct.pack("=IHHII", 17, RTM_GETLINK, NLM_F_REQUEST | NLM_F_DUMP, 1, 0) + b"\0")
        print(len(asking.recv(65536)))
    return x + 1
