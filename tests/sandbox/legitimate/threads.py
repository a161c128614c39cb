"""Computes in threads: a pool, a queue, a lock, a timer."""

import queue
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np


def attacked(x):
    with ThreadPoolExecutor(8) as pool:
        rows = list(pool.map(lambda value: value + 1, x.ravel()))
    numbers, lock, total = queue.Queue(), threading.Lock(), [0]

    def work():
        while (number := numbers.get()) is not None:
            with lock:
                total[0] += number

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in [*range(100), *[None] * 4]:
        numbers.put(number)
    for thread in threads:
        thread.join(5)
    done = threading.Event()
    threading.Timer(0.01, done.set).start()
    assert total == [4950] and done.wait(5)
    return np.array(rows).reshape(x.shape)
