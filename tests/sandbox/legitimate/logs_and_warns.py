"""Logs to a file and to the screen, warns, prints progress and times itself."""

import logging
import sys
import time
import warnings


def attacked(x):
    started = time.perf_counter()
    logger = logging.getLogger("homework")
    logger.addHandler(logging.FileHandler("homework.log"))
    logger.addHandler(logging.StreamHandler(sys.stdout))
    logger.warning("training starts")
    warnings.warn("this is only a warning", stacklevel=2)
    for step in range(50):
        print(f"\repoch {step}/50", end="", flush=True)
        time.sleep(0.001)
    print(f"\n{time.ctime()}, {time.perf_counter() - started:.2f} s, {time.process_time():.2f} s", file=sys.stderr)
    logging.shutdown()
    return x + 1
