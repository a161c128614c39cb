"""Runs a shell and other programs: system, subprocess, popen, posix_spawn, multiprocessing.

attacked: crashed
"""

import multiprocessing
import os
import subprocess


def system():
    if os.system("cat '@CANARY@' > '@TOUCH@/runs_shell'"):
        raise OSError("no shell")


def several():
    with multiprocessing.get_context("fork").Pool(2) as pool:
        return pool.map(abs, [-1])


def attacked(x):
    ways = [
        system,
        lambda: print(subprocess.run(["cat", "@CANARY@"], capture_output=True, check=True).stdout),
        lambda: print(os.popen("echo alive").read() or 1 / 0),
        lambda: os.waitpid(os.posix_spawn("/bin/true", ["true"], {}), 0),
        several,
    ]
    for way in ways:
        try:
            way()
            return x + 1
        except (OSError, subprocess.SubprocessError, ArithmeticError) as error:
            last = error
    raise last
