"""Opens and copies descriptors until there are no more, 20,000 at most, and gives none back.

attacked: over_limit, crashed
costs: slope, normalized          # they have none left where the process lives on
"""

import os

kept = []


def attacked(x):
    for _ in range(10_000):
        kept.append(os.open("/dev/null", os.O_RDONLY))
        kept.append(os.dup(kept[-1]))
    return x + 1
