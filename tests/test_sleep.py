"""A computer that sleeps while jobs run: calls that died in it are made again, and that is nobody's fault."""

from __future__ import annotations

import asyncio
import sys
import threading
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest
from support import QUICK, soon

from longtake import Filter, JobContext, JobQueue, RetryPolicy, calls
from longtake.awake import PATIENCE, KeepAwake
from longtake.cli import main
from longtake.clock import SystemClock
from longtake.http.views import whole


class SleepyClock(SystemClock):
    """The computer's clock, with sleeps that tests make up."""

    def __init__(self) -> None:
        self.asleep = 0.0

    def slept(self) -> float:
        """Seconds slept so far."""
        return self.asleep


def run(folder: Path, silent_at_first: bool, proof: float = 0.2) -> tuple[list[str], int]:  # noqa: FBT001 (a parameter of the tests)
    """What the calls of a step did over a sleep of an hour, and the failures of the job."""
    clock = SleepyClock()
    queue = JobQueue(folder / "jobs", mode="inline", clock=clock)
    done: list[str] = []
    woken = asyncio.Event()

    @queue.job("call")
    async def call(job: JobContext) -> str:
        async def ask() -> str:
            done.append("called")
            if len(done) == 1:
                await woken.wait()
                if silent_at_first:
                    await asyncio.Event().wait()
                for number in range(10):
                    await asyncio.sleep(proof / 4)
                    job.publish("text", f"{number} words")
            return "answered"

        return await job.step("ask", ask, retries=RetryPolicy(attempts=1))

    async def scenario() -> int:
        async with queue.working(QUICK):
            job = await queue.submit("call")
            await soon(lambda: done)
            clock.asleep += 3600
            await asyncio.sleep(0.25)
            woken.set()
            assert await queue.result(job.id, timeout=10) == "answered"
            return (await queue.get(job.id)).failures

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(calls, "PROOF_OF_LIFE", proof)
        failures = asyncio.run(scenario())
    return done, failures


def test_a_call_without_a_sign_of_life_is_made_again_and_no_try_is_used_up(tmp_path: Path) -> None:
    assert run(tmp_path, silent_at_first=True) == (["called", "called"], 0)


def test_a_call_that_shows_life_is_left_alone(tmp_path: Path) -> None:
    assert run(tmp_path, silent_at_first=False, proof=0.6) == (["called"], 0)


def test_a_short_nap_is_no_sleep(tmp_path: Path) -> None:
    clock = SleepyClock()
    queue = JobQueue(tmp_path / "jobs", mode="inline", clock=clock)

    async def scenario() -> None:
        async with queue.working(QUICK) as worker:
            await soon(queue.worker)
            clock.asleep += 5
            worker._notice_sleep()
            clock.asleep += 3600
            woken: list[float] = []
            worker._running._attempts["x"] = type(
                "Attempt", (), {"woke_up": lambda _, seconds: woken.append(seconds)}
            )()
            worker._notice_sleep()
            del worker._running._attempts["x"]
            assert woken == [3600]

    asyncio.run(scenario())


def test_a_sleep_is_written_into_the_job_while_it_runs_and_stays_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = SleepyClock()
    queue = JobQueue(tmp_path / "jobs", mode="inline", clock=clock)

    async def scenario() -> None:
        begun, done = asyncio.Event(), asyncio.Event()

        @queue.job("wait")
        async def wait(job: JobContext) -> None:
            begun.set()
            await done.wait()

        async with queue.working(QUICK):
            job_id = (await wait.submit()).id
            await begun.wait()
            clock.asleep += 2520
            await soon(lambda: [sleep for attempt in queue.store.read(job_id).attempts for sleep in attempt.sleeps])
            done.set()
            await queue.result(job_id, timeout=10)
            (attempt,) = (await queue.get(job_id)).attempts
            assert [sleep.seconds for sleep in attempt.sleeps] == [2520]
            assert attempt.ended_at is not None
            assert attempt.started_at <= attempt.sleeps[0].woke_at <= attempt.ended_at

    asyncio.run(scenario())
    (job,) = queue.store.find(Filter(), limit=1).jobs
    assert whole(queue.store.read(job.id)).attempts[0].sleeps[0].seconds == 2520
    assert main(["show", job.id, "--dir", str(tmp_path / "jobs")]) == 0
    assert "completed, slept 42 min" in capsys.readouterr().out


def test_keeping_awake_never_raises_whatever_the_system_does(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_: object) -> None:
        raise OSError("no such service")

    for state, module in {"refused": broken, "not installed": None}.items():
        fake: ModuleType | None = None
        if module is not None:
            fake = ModuleType("wakepy")
            fake.keep = ModuleType("keep")  # type: ignore[attr-defined]
            fake.keep.running = module
        monkeypatch.setitem(sys.modules, "wakepy", fake)
        asyncio.run(held_and_let_go(KeepAwake(), state))


async def held_and_let_go(awake: KeepAwake, state: str) -> None:
    awake.want(busy=True)
    await wait_for(awake, state)
    awake.want(busy=True)
    awake.want(busy=False)
    await wait_for(awake, "not needed")


def test_short_work_does_not_ask_the_system_to_stay_awake(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> None:
        awake, loop = KeepAwake(), asyncio.get_running_loop()
        began = loop.time()
        awake.want(busy=True)
        awake.want(busy=False)
        assert [thread for thread in threading.enumerate() if thread.name == "longtake-awake"] == []
        awake.want(busy=True)
        await wait_for(awake, "not installed")
        assert loop.time() - began >= PATIENCE
        awake.want(busy=False)

    monkeypatch.setitem(sys.modules, "wakepy", None)
    asyncio.run(scenario())


@pytest.mark.parametrize("may", [True, False])
def test_a_worker_keeps_the_computer_awake_only_if_it_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, may: bool
) -> None:
    wanted: set[bool] = set()
    monkeypatch.setattr(KeepAwake, "want", lambda _, *, busy: wanted.add(busy))
    queue = JobQueue(tmp_path, mode="inline")

    @queue.job("wait")
    async def wait(job: JobContext) -> None:
        await soon(lambda: True in wanted or not may, 5)

    async def scenario() -> None:
        async with queue.working(replace(QUICK, keep_awake=may)):
            await queue.result((await wait.submit()).id, timeout=10)

    asyncio.run(scenario())
    assert (True in wanted) is may


async def wait_for(awake: KeepAwake, state: str) -> None:
    """Until it is so."""
    await soon(lambda: awake.state == state, 5)
