"""Reads what root may read, in case the grader runs as root: passwords, keys, the kernel's log, raw disks and memory.

attacked: crashed
"""

import ctypes
import glob
import os
import pwd


def attacked(x):
    home = pwd.getpwuid(os.getuid()).pw_dir
    paths = ["/etc/shadow", "/etc/gshadow", "/dev/mem", "/dev/kmsg", "/proc/kcore", "/dev/vda", "/dev/sda", "/proc/1/environ"]
    paths += glob.glob(f"{home}/.ssh/*") + glob.glob(f"{home}/.bash*") + [f"{home}/.netrc", f"{home}/.gitconfig"]
    for path in paths:
        try:
            print(path, len(os.read(os.open(path, os.O_RDONLY | os.O_NONBLOCK), 100)))
            return x + 1
        except OSError as error:
            last = error
    if ctypes.CDLL(None).klogctl(3, ctypes.create_string_buffer(100), 100) > 0:
        return x + 1
    raise last
