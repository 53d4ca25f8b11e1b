"""`longtake.testing` is of use to others: as the documentation says, from outside of this project."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from longtake import JobContext, JobQueue, RetryPolicy
from longtake.stores.memory import MemoryStore
from longtake.testing import START, FakeClock, StoreContract, run_until_idle

OWN_STORE = """
from pathlib import Path
from longtake.stores.memory import MemoryStore
from longtake.testing import StoreContract


class TestMyStore(StoreContract):
    def make_store(self, tmp_path: Path) -> MemoryStore:
        return MemoryStore()
"""
FORGETFUL = (
    OWN_STORE.replace("return MemoryStore()", "return Forgetful()")
    + """

class Forgetful(MemoryStore):
    def append(self, job_id, step):
        pass
"""
)
PROMISES = [name for name in vars(StoreContract) if name.startswith("test_")]


def contract(folder: Path, text: str) -> str:
    """What pytest says of a third party's test file, in a folder of its own."""
    (folder / "test_my_store.py").write_text(text)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "error", "--rootdir", str(folder)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=60).stdout


def test_the_contract_is_passed_by_a_store_that_keeps_its_promises(tmp_path: Path) -> None:
    assert f"{len(PROMISES)} passed" in contract(tmp_path, OWN_STORE)
    assert len(PROMISES) > 15


def test_the_contract_names_the_promise_that_a_store_breaks(tmp_path: Path) -> None:
    said = contract(tmp_path, FORGETFUL)
    assert "FAILED test_my_store.py::TestMyStore::test_steps_come_back_in_order" in said
    assert "passed" in said


def test_a_fake_clock_stands_until_it_is_turned() -> None:
    clock = FakeClock()
    assert (clock.now(), clock.monotonic(), clock.slept()) == (START, 0, 0)
    clock.advance(10)
    assert (clock.now() - START, clock.monotonic()) == (timedelta(seconds=10), 10)
    clock.sleep_computer(60)
    assert (clock.now() - START, clock.monotonic(), clock.slept()) == (timedelta(seconds=70), 10, 60)
    clock.turn(-3600)
    assert (clock.now() - START, clock.monotonic()) == (timedelta(seconds=-3530), 10)


def test_run_until_idle_runs_what_is_due_and_leaves_what_is_not() -> None:
    clock = FakeClock()
    queue = JobQueue(store=MemoryStore(), mode="inline", clock=clock)

    @queue.job("flaky", retries=RetryPolicy(attempts=2, first_delay=60, max_delay=60))
    async def flaky(job: JobContext) -> str:
        if job.attempt == 1:
            raise ConnectionError("not yet")
        return "at last"

    async def scenario() -> None:
        now = await flaky.submit()
        later = await flaky.using(run_at=clock.now() + timedelta(hours=1)).submit()
        await run_until_idle(queue)
        assert [(await queue.get(job.id)).status for job in (now, later)] == ["pending", "pending"]
        assert (await queue.get(now.id)).error == "ConnectionError: not yet"
        clock.advance(60)
        await run_until_idle(queue)
        assert (await queue.get(now.id)).result == "at last"
        assert (await queue.get(later.id)).attempts == ()

    asyncio.run(scenario())


def test_options_of_a_kind_reach_its_jobs() -> None:
    async def tell(_: object) -> None: ...

    queue = JobQueue(store=MemoryStore(), mode="inline", notifications={"me": tell})

    @queue.job("work")
    async def work(job: JobContext, n: int) -> int:
        return n

    async def scenario() -> None:
        options = work.using(priority=2, key="k", tags=["t"], title="T", notify=["me"])
        job = await options.submit(n=1)
        assert (job.priority, job.key, job.tags, job.title, job.notify) == (2, "k", ("t",), "T", ("me",))
        assert (await options.submit(n=1)).id == job.id

    asyncio.run(scenario())
