"""Where blocking calls of the store run: in threads of their own, so that no handler or server keeps them waiting."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

THREADS = 8
"""As many syncs at once, which the file system then does together; more threads get into each other's way."""


async def on_disk(call: Callable[P, R], *args: P.args, **options: P.kwargs) -> R:
    """Make a blocking call without blocking the loop."""
    bound = functools.partial(call, *args, **options) if args or options else call
    return await asyncio.get_running_loop().run_in_executor(_threads(), bound)


@functools.cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(THREADS, thread_name_prefix="longtake-disk")
