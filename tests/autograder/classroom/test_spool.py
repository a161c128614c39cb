"""The spool: what a class handed in, on a disk."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from autograder.classroom.spool import Spool


def test_texts_come_back_as_they_were():
    """To several threads at once, with every letter that a text may have, and with none."""
    works = [{"a.py": f"x = {number}\r\n", "ü.py": "π\udcff\0"} for number in range(50)] + [{}]
    with Spool() as spool, ThreadPoolExecutor(4) as pool:
        kept = [spool.put(work) for work in works]
        assert list(pool.map(dict, kept * 4)) == works * 4
        assert kept[0]["a.py"] == "x = 0\r\n" and len(kept[0]) == 2 and "b.py" not in kept[0]
