"""Runs coroutines, whose loop wakes itself by a pair of sockets, and hands work to threads from there."""

import asyncio


async def plus_one(value):
    await asyncio.sleep(0.001)
    return await asyncio.to_thread(lambda: value + 1)


async def both(x):
    first, second = await asyncio.gather(plus_one(x), plus_one(2 * x))
    assert (second > first).all()
    return first


def attacked(x):
    return asyncio.run(both(x))
