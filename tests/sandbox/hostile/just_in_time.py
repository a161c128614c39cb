"""Uses nearly all of its time in every case, in many threads at once.

attacked: timed_out, failed
"""

import threading
import time


def attacked(x):
    ends = time.monotonic() + 2.5

    def spin():
        while time.monotonic() < ends:
            pass

    threads = [threading.Thread(target=spin) for _ in range(30)]
    for thread in threads:
        thread.start()
    spin()
    for thread in threads:
        thread.join()
    return x
