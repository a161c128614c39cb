"""Looks for secrets in the environment, the command line and what the kernel keeps of both, its own and its parent's.

attacked: crashed
"""

import os
import sys

MARK = b"canary" + b":"


def attacked(x):
    found = [repr(dict(os.environ)).encode(), repr(sys.argv + sys.orig_argv).encode()]
    for process in ("self", os.getppid(), 1, "@PID@"):
        for name in ("environ", "cmdline"):
            try:
                found.append(open(f"/proc/{process}/{name}", "rb").read())
            except OSError:
                pass
    for text in found:
        if MARK in text:
            print(text[text.index(MARK) :][:200])
            return x + 1
    raise LookupError("nothing there that is worth having")
