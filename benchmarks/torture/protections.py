"""What can be taken out of the library, so that a harness must turn red."""

from __future__ import annotations

import asyncio
import inspect
import os
import pkgutil
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any
from unittest import mock

import msgspec

from longtake import lifecycle
from longtake.attempt import RunningAttempt
from longtake.errors import AttemptOver
from longtake.firing import Firing
from longtake.job import Attempt, Job, Step
from longtake.keeper import Keeper
from longtake.lock import FileLock

WITHOUT = "LONGTAKE_TORTURE_WITHOUT"
"""Environment variable that names what a process of ours does without."""


def taken_out(name: str | None) -> AbstractContextManager[object]:
    """The library without this protection while inside; None takes out nothing."""
    if name is None:
        return nullcontext()
    return _patch(name)


def take_out_as_told() -> None:
    """The same for the rest of this process, as its environment says."""
    name = os.environ.get(WITHOUT, "")
    if name in _REPLACED:
        _patch(name).__enter__()


def _patch(name: str) -> AbstractContextManager[object]:
    target, replacement = _REPLACED[name]
    original, wanted = inspect.signature(pkgutil.resolve_name(target)), inspect.signature(replacement)
    wanted.bind(
        *(p.name for p in original.parameters.values() if p.kind is p.POSITIONAL_OR_KEYWORD),
        **{p.name: p for p in original.parameters.values() if p.kind is p.KEYWORD_ONLY},
    )
    patch: AbstractContextManager[object] = mock.patch(target, replacement)
    return patch


def _nothing(*_: object, **__: object) -> None:
    pass


def _written_in_place(_: object, path: Path, data: bytes, **__: object) -> os.stat_result:
    """As `open(path, "w")` does it, in two writes."""
    with open(path, "wb", buffering=0) as file:
        half = len(data) // 2
        file.write(data[:half])
        time.sleep(0.002)
        file.write(data[half:])
        return os.fstat(file.fileno())


def _unchecked_step(line: bytes, _: str) -> Step:
    return msgspec.json.decode(line, type=Step)


def _deleted(_: object, path: Path, *__: object) -> None:
    path.unlink(missing_ok=True)


def _none_found(_: Iterable[Step]) -> dict[str, Step]:
    return {}


def _last_attempt(job: Job, number: int) -> Attempt:
    if not job.attempts:
        raise AttemptOver(job.id, number)
    return job.attempts[-1]


async def _stored_at_once(write: Callable[..., object], *what: object) -> object:
    return await asyncio.to_thread(write, *what)


def _forgets(firing: Firing, name: str, time: datetime) -> None:
    firing._served = {name: datetime(2020, 1, 1, tzinfo=UTC)}


async def _answered_first(attempt: RunningAttempt) -> Job:
    await attempt._file.change(lambda job: lifecycle.cancel(job, attempt._clock.now()))
    asyncio.get_running_loop().call_later(0.05, _halted, attempt)
    return attempt.job


def _halted(attempt: RunningAttempt) -> None:
    attempt._cancelling = True
    if attempt._handler is not None:
        attempt._handler.cancel()


async def _kept_once(keeper: Keeper) -> None:
    keeper.ensure()


def _always(lock: FileLock) -> bool:
    return lock is not None


_REPLACED: Mapping[str, tuple[str, Any]] = MappingProxyType(
    {
        "replacing files whole": ("longtake.stores.placing.Placing.replace", _written_in_place),
        "looking steps up": ("longtake.attempt.latest", _none_found),
        "sync of folders": ("longtake.stores.atomic.sync_folder", _nothing),
        "sync of files": ("longtake.stores.atomic.sync_data", _nothing),
        "sync of new files": ("longtake.stores.atomic.sync_new", _nothing),
        "moving what was on its way": ("longtake.stores.placing.Placing.settle", _nothing),
        "checksums of steps": ("longtake.stores.journal.decode_step", _unchecked_step),
        "quarantine": ("longtake.stores.quarantine.Quarantine.take", _deleted),
        "fencing of attempts": ("longtake.lifecycle._current", _last_attempt),
        "what a schedule has served": ("longtake.firing.Firing._serve", _forgets),
        "halting before the answer": ("longtake.attempt.RunningAttempt.cancel", _answered_first),
        "the keeper": ("longtake.keeper.Keeper.keep", _kept_once),
        "the bells": ("longtake.bell.Ringer.ring", _nothing),
        "trying again": ("longtake.attempt.until_stored", _stored_at_once),
        "the worker lock": ("longtake.lock.FileLock.acquire", _always),
    }
)
