"""Starts 2,000 threads that stay for ten seconds.

attacked: crashed, over_limit, out_of_memory
costs: slope, normalized          # no thread is left for them where the process lives on
"""

import threading
import time


def attacked(x):
    for _ in range(2000):
        threading.Thread(target=time.sleep, args=(10,), daemon=True).start()
    return x + 1
