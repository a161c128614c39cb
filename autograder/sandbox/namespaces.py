"""Namespaces: an outer wall around the zygote and all its workers, where the system allows it (Linux).

The zygote leaves the network, the System V objects and the host's name behind before it imports anything. An ordinary
user may do so inside a user namespace of their own, which some systems forbid (Docker's default profile, Ubuntu 24.04);
the layers of `isolation` do not depend on it.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from autograder.sandbox.kernel import libc

NEWUTS, NEWIPC, NEWUSER, NEWNET = 0x04000000, 0x08000000, 0x10000000, 0x40000000
OTHERS = NEWNET | NEWIPC | NEWUTS
UNMAPPED = "(unmapped)"  # in which nobody has a number


def enter() -> str:
    """Enter new namespaces; which, in words, or "" where none can be made. Call it with one thread."""
    if not sys.platform.startswith("linux"):
        return ""
    if _unshare(OTHERS):  # root, or a container's root that may
        return "namespaces: network, ipc, host name"
    uid, gid = os.getuid(), os.getgid()
    if not _unshare(NEWUSER | OTHERS):
        return ""
    try:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
        Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
    except OSError:  # inside, but without a name: nothing that a worker does needs one
        return f"namespaces: user, network, ipc, host name {UNMAPPED}"
    return "namespaces: user, network, ipc, host name"


def _unshare(flags: int) -> bool:
    return bool(libc().unshare(flags) == 0)
