"""Uses or takes back capabilities, becomes another user, joins groups, changes its root folder.

attacked: crashed
layer: capabilities               # where the tests run as root
"""

import ctypes
import os

LIBC = ctypes.CDLL(None, use_errno=True)


class Header(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


def capabilities():
    header, data = Header(0x20080522, 0), (ctypes.c_uint32 * 6)(*[0xFFFFFFFF, 0xFFFFFFFF, 0] * 2)
    if LIBC.capset(ctypes.byref(header), ctypes.byref(data)):
        raise OSError(ctypes.get_errno(), "capset")


def held():
    header, data = Header(0x20080522, 0), (ctypes.c_uint32 * 6)()
    if LIBC.capget(ctypes.byref(header), ctypes.byref(data)) or not (data[0] | data[1]):
        raise PermissionError("no capability is held or can be had")


def attacked(x):
    ways = [
        held,
        capabilities,
        lambda: os.setresuid(0, 0, 0) if os.getuid() else os.setresuid(12345, 12345, 0),
        lambda: os.setgroups([0, 27]),
        lambda: os.chroot("."),
    ]
    for way in ways:
        try:
            way()
            return x + 1
        except OSError as error:
            last = error
    raise last
