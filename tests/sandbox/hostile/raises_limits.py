"""Raises every limit that was put on it.

attacked: crashed
"""

import resource

NAMES = [name for name in dir(resource) if name.startswith("RLIMIT_")]


def attacked(x):
    raised, last = [], PermissionError("no limit could be raised")
    for name in NAMES:
        number = getattr(resource, name)
        _, hard = resource.getrlimit(number)
        if hard == resource.RLIM_INFINITY:
            raised += [name] if name in ("RLIMIT_DATA", "RLIMIT_AS") else []  # there was none
            continue
        try:
            resource.setrlimit(number, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            raised.append(name)
        except (OSError, ValueError) as error:
            last = error
    if not raised:
        raise last
    print(raised)
    return x + 1
