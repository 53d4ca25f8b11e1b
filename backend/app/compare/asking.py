"""Asks one cell's model, as often as it is worth it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from copy import copy
from typing import Any, Protocol

from msgspec.structs import replace

from app.compare.cells import Cell, CellPlan, Timings, answered, failed
from app.compare.earlier import EarlierAnswers
from app.compare.terms import USUAL, Terms
from app.compare.till import PAID_TWICE, Bill, Till
from app.models.answer_schema import why_not_followed
from app.models.base import Answer, AnswerState, ModelInfo, Video, VideoModel
from app.models.errors import ErrorKind, ModelError
from app.models.registry import Registry
from app.videos.errors import VideoDamaged, VideoNotFound
from app.videos.library import VideoLibrary
from longtake import RetryPolicy

log = logging.getLogger(__name__)

RETRIES = RetryPolicy(attempts=4, first_delay=2.0, max_delay=60.0)


class Notebook(Protocol):
    """What the job offers to a cell while it is asked."""

    async def show(self, plan: CellPlan, **values: Any) -> None:
        """Show how the cell is doing."""
        ...

    def kept(self, plan: CellPlan, name: str) -> Any:
        """What was kept for this cell by an earlier attempt."""
        ...

    async def keep(self, plan: CellPlan, name: str, value: Any) -> None:
        """Keep a value for later attempts, durably."""
        ...


class CellListener:
    """Hears how one answer grows, for the page and for what must survive a crash."""

    def __init__(self, plan: CellPlan, notebook: Notebook) -> None:
        self._plan = plan
        self._notebook = notebook
        self.text = ""
        self.bill: Bill | None = None
        """Of the attempt that is made now."""

    async def partial(self, text: str) -> None:
        """Take the whole text so far."""
        self.text = text
        await self._notebook.show(self._plan, text=text)

    async def progress(self, percent: float, message: str) -> None:
        """Take the progress of this answer."""
        await self._notebook.show(self._plan, percent=percent, message=message)

    async def asking(self) -> None:
        """Let a paid call through, or refuse it. Raises ModelError."""
        if self.bill is not None:
            await self.bill.asking()

    def kept(self, name: str) -> Any:
        """What an earlier attempt or process kept under this name; None if nothing."""
        return self._notebook.kept(self._plan, name)

    async def keep(self, name: str, value: Any) -> None:
        """Keep a value, durably; a later one replaces it."""
        await self._notebook.keep(self._plan, name, value)


class CellAsker:
    """Asks the models of a registry about the videos of a library."""

    def __init__(
        self,
        registry: Registry,
        library: VideoLibrary,
        till: Till,
        earlier: EarlierAnswers,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._registry = registry
        self._library = library
        self._till = till
        self._earlier = earlier
        self._job_id = ""
        self._terms = USUAL
        self._clock = clock

    def under(self, job_id: str, terms: Terms) -> CellAsker:
        """The same for the cells of one job."""
        asker = copy(self)
        asker.__dict__ |= {"_job_id": job_id, "_terms": terms, "_till": self._till.of_job(job_id, terms.budget_usd)}
        return asker

    def provider_of(self, model_id: str) -> str:
        """The provider of a model; the id itself when there is no such model any more."""
        try:
            return self._registry.get(model_id).info.provider
        except ModelError:
            return model_id

    async def ask(self, plan: CellPlan, notebook: Notebook, queued: float) -> Cell:
        """Take an earlier answer to the same question, or ask; always comes to a cell."""
        try:
            info = self._registry.get(plan.model).info
        except ModelError as error:
            return failed(plan, error, Timings(queued=queued), 0, "")
        cell = await self._earlier_answer(plan, info) or await self._ask_anew(plan, notebook, queued)
        await self._earlier.note(plan, info, cell, self._job_id)
        return cell

    async def _earlier_answer(self, plan: CellPlan, info: ModelInfo) -> Cell | None:
        if self._terms.fresh:
            return None
        try:
            await self._video(plan.video_id)
        except ModelError:
            return None  # to ask will tell
        return await self._earlier.find(plan, info, for_job=self._job_id)

    async def _ask_anew(self, plan: CellPlan, notebook: Notebook, queued: float) -> Cell:
        """Ask until there is an answer or no more sense in asking."""
        listener = CellListener(plan, notebook)
        started = self._clock()
        attempt = listener.kept("attempts") or 0
        while True:
            attempt += 1
            try:
                answer = await self._ask_once(plan, listener, attempt)
            except ModelError as error:
                delay = RETRIES.delay(error, attempt) if error.retryable else None
                if delay is None:
                    timings = Timings(queued=queued, total=self._clock() - started)
                    return failed(plan, error, timings, attempt, listener.text)
                await listener.keep("attempts", attempt)
                await notebook.show(plan, message=f"{error.message} Asking again in {delay:.0f} s.", waiting=delay)
            else:
                total = self._clock() - started
                timings = Timings(
                    queued=queued, upload=answer.upload_seconds, first_token=answer.first_token_seconds, total=total
                )
                cell = answered(plan, answer, timings, attempt, await asyncio.to_thread(_schema_error, plan, answer))
                return replace(
                    cell,
                    reattached=listener.bill is not None and listener.bill.was_heard_again,
                    paid_twice_possible=bool(listener.kept(PAID_TWICE)),
                )
            await asyncio.sleep(delay)

    async def _ask_once(self, plan: CellPlan, listener: CellListener, attempt: int) -> Answer:
        model = self._registry.get(plan.model)
        video = await self._video(plan.video_id)
        log.info("Cell %s: asking %s, attempt %d", plan.cell, plan.model, attempt)
        bill = listener.bill = self._till.bill(plan, model, video, listener)
        try:
            answer = await self._answer(model, video, plan, listener, attempt=attempt)
        except ModelError as error:
            await bill.failed(error)
            raise
        await bill.answered(answer)
        return answer

    async def _answer(
        self, model: VideoModel, video: Video, plan: CellPlan, listener: CellListener, *, attempt: int
    ) -> Answer:
        try:
            options = replace(plan.options, label=f"cell-{plan.cell.replace('.', '-')}")
            return await model.answer(video, plan.prompt, listener, attempt=attempt, options=options)
        except ModelError:
            raise
        except Exception as error:
            log.exception("Model %s failed in a way that it should not", plan.model)
            advice = "This is a defect of the program: its log says more. The other cells are not affected."
            raise ModelError(ErrorKind.INTERNAL, f"{plan.model} failed: {type(error).__name__}.", advice) from error

    async def _video(self, video_id: str) -> Video:
        try:
            stored = await self._library.get(video_id)
        except (VideoNotFound, VideoDamaged) as error:
            advice = "Upload it again, then retry the job."
            raise ModelError(ErrorKind.VIDEO_MISSING, f"The video {video_id} is gone.", advice) from error
        facts = stored.facts
        return Video(
            video_id=stored.video_id,
            path=self._library.path_of(stored),
            media_type=facts.media_type,
            duration=facts.duration,
            width=facts.width,
            height=facts.height,
            fps=facts.fps,
            codec=facts.codec,
            audio_codec=facts.audio_codec,
        )


def _schema_error(plan: CellPlan, answer: Answer) -> str | None:
    schema = plan.options.response_schema
    if schema is None or answer.state is not AnswerState.COMPLETED or "response_schema" in answer.input.ignored:
        return None
    return why_not_followed(schema, answer.text)
