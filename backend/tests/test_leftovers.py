"""What nobody could tell a provider when it was cancelled is told later, and only what is not wanted any more."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from standin import StandIn
from standin.trying import gemini, looks_like_film
from standin.usual import PROMPT

from app.compare.ledger import Ledger
from app.compare.leftovers import Leftovers
from app.compare.spending import Caps, Intent
from app.models.gemini.model import GeminiModel
from app.models.registry import Registry
from app.models.testing import Recorder
from longtake import JobCancelled, JobContext, JobQueue


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with StandIn() as standin:
        standin.control(thinking=60.0)
        yield standin


async def begun_at_google(model: GeminiModel, folder: Path) -> Any:
    """What a cell keeps of an answer that goes on at Google while nobody listens."""
    recorder = Recorder()
    asking = asyncio.create_task(model.answer(looks_like_film(folder / "film.mp4"), PROMPT, recorder))
    while not (recorder.kept("gemini") or {}).get("interaction"):
        await asyncio.wait([asking], timeout=0.01)
    asking.cancel()
    await asyncio.wait([asking])
    return recorder.kept("gemini")


class Scene:
    """A comparison whose only cell was asked by a worker that is gone."""

    def __init__(self, folder: Path, standin: StandIn) -> None:
        self._folder = folder
        self._model = gemini(standin)
        self.queue = JobQueue(folder / "jobs", mode="inline")
        self.ledger = Ledger(folder / "spending")
        self.leftovers = Leftovers(self.queue, self.ledger, Registry([self._model]))

    @asynccontextmanager
    async def running(self) -> AsyncIterator[str]:
        """The id of the job, while it runs and waits for ever."""
        interaction, call = await begun_at_google(self._model, self._folder), self.ledger.new_call()
        is_kept = asyncio.Event()

        @self.queue.job("compare")
        async def compare(job: JobContext, video_id: str, prompt: str, models: list[str]) -> None:
            await job.keep("cell 1.1.1 gemini", interaction)
            await job.keep("cell 1.1.1 call", {"id": call})
            is_kept.set()
            await asyncio.Event().wait()

        name = self._model.info.id
        async with self.queue.working():
            job = await self.queue.submit("compare", video_id="v", prompt=PROMPT, models=[name])
            at = datetime.now(UTC)
            intent = Intent(call=call, at=at, job_id=job.id, cell="1.1.1", model=name, estimated_usd=0.01)
            await self.ledger.begin(intent, Caps())
            await is_kept.wait()
            yield job.id
            await self.queue.cancel(job.id)
            await self.end_of(job.id)

    async def end_of(self, job_id: str) -> None:
        """Wait until the job is cancelled."""
        with pytest.raises(JobCancelled):
            await self.queue.result(job_id, timeout=20)


def test_only_what_is_cancelled_is_stopped_and_only_once(standin: StandIn, tmp_path: Path) -> None:
    async def story() -> None:
        scene = Scene(tmp_path, standin)
        async with scene.running():
            assert await scene.leftovers.stop()
            assert standin.seen("interactions.cancel") == [], "it is wanted"
        for _ in range(2):
            assert await scene.leftovers.stop()
        assert len(standin.seen("interactions.cancel")) == 1
        assert await scene.ledger.without_end() == []

    asyncio.run(story())


@pytest.mark.parametrize("fault", ["503", "reset", "hang"])
def test_what_a_provider_cannot_be_told_now_stays_open_until_it_is(
    standin: StandIn, tmp_path: Path, fault: str
) -> None:
    async def story() -> None:
        scene = Scene(tmp_path, standin)
        async with scene.running():
            pass
        standin.control(fault=fault, on="cancel")
        assert not await scene.leftovers.stop()
        assert len(await scene.ledger.without_end()) == 1
        assert await scene.leftovers.stop()
        assert await scene.ledger.without_end() == []
        assert len(standin.seen("interactions.cancel")) == 2

    asyncio.run(story())


def test_calls_of_jobs_that_are_gone_trouble_nobody(standin: StandIn, tmp_path: Path) -> None:
    async def story() -> None:
        scene = Scene(tmp_path, standin)
        async with scene.running() as job_id:
            pass
        await scene.queue.delete(job_id)
        assert await scene.leftovers.stop()
        assert standin.seen("interactions.cancel") == []

    asyncio.run(story())
