"""Asks one cell's model, as often as it is worth it."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from copy import copy
from functools import partial

from msgspec.structs import replace

from app.compare.cancelling import CellCancels, Wishes, unless
from app.compare.cells import Cell, CellPlan, Timings, answered, cancelled, failed
from app.compare.earlier import EarlierAnswers
from app.compare.endurance import Again, Endurance
from app.compare.expected import expected
from app.compare.farewells import Farewells
from app.compare.listening import CellListener, Notebook
from app.compare.terms import USUAL, Terms
from app.compare.till import PAID_TWICE, Till, was_asked
from app.models.answer_schema import why_not_followed
from app.models.base import Answer, AnswerState, Video, VideoModel
from app.models.errors import ErrorKind, ModelError
from app.models.limits.limits import Limits
from app.models.limits.line import Line
from app.models.registry import Registry
from app.videos.errors import VideoDamaged, VideoNotFound
from app.videos.library import VideoLibrary
from longtake import JobContext

log = logging.getLogger(__name__)


class CellAsker:
    """Asks the models of a registry about the videos of a library."""

    def __init__(
        self,
        registry: Registry,
        library: VideoLibrary,
        limits: Limits,
        till: Till,
        earlier: EarlierAnswers,
        *,
        cancels: CellCancels,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._registry = registry
        self._library = library
        self._limits = limits
        self._till = till
        self._earlier = earlier
        self._farewells = Farewells()
        self._cancels = cancels
        self._wishes = Wishes()
        self._found: dict[str, Cell] = {}
        self._job_id = ""
        self._terms = USUAL
        self._clock = clock

    @asynccontextmanager
    async def working_on(self, job: JobContext, terms: Terms) -> AsyncIterator[CellAsker]:
        """The same for the cells of one job, while it runs."""
        till = self._till.of_job(job.job_id, terms.budget_usd)
        async with self._cancels.watching(job) as wishes:
            asker = copy(self)
            own = {"_job_id": job.job_id, "_terms": terms, "_till": till, "_wishes": wishes, "_found": {}}
            asker.__dict__ |= own
            yield asker

    @asynccontextmanager
    async def place(self, plan: CellPlan, job_id: str) -> AsyncIterator[None]:
        """Wait for one of the places that the limit of the cell's model allows, in turn with other jobs.

        A cell that is cancelled, or has its answer from an earlier one, needs none.
        """
        async with AsyncExitStack() as stack:
            hold = stack.enter_async_context(self._line(plan).places.hold(job_id))
            await unless(self._needs_no_place(plan), hold)
            yield

    async def ask(self, plan: CellPlan, notebook: Notebook, queued: float) -> Cell:
        """Take an earlier answer to the same question, or ask; always comes to a cell."""
        if self._wishes.of(plan.cell).is_set():
            return self._cancelled(plan, self._listener(plan, notebook), Timings(queued=queued))
        earlier = self._found.pop(plan.cell, None) or await self._earlier_answer(plan)
        cell = earlier or await self._ask_unless_cancelled(plan, notebook, queued)
        with suppress(ModelError):  # there is no such model
            await self._earlier.note(plan, self._registry.get(plan.model).info, cell, self._job_id)
        return cell

    async def _needs_no_place(self, plan: CellPlan) -> None:
        """Ends as soon as that is known; never when the cell must be asked."""
        if earlier := await self._earlier_answer(plan):
            self._found[plan.cell] = earlier
        else:
            await self._wishes.of(plan.cell).wait()

    async def _earlier_answer(self, plan: CellPlan) -> Cell | None:
        if self._terms.fresh:
            return None
        try:
            info = self._registry.get(plan.model).info
            await self._video(plan.video_id)
        except ModelError:
            return None  # to ask will tell
        return await self._earlier.find(plan, info, for_job=self._job_id)

    async def _ask_unless_cancelled(self, plan: CellPlan, notebook: Notebook, queued: float) -> Cell:
        listener, started = self._listener(plan, notebook), self._clock()
        cell = await unless(self._wishes.of(plan.cell).wait(), self._ask_anew(plan, listener, notebook, queued))
        return cell or self._cancelled(plan, listener, Timings(queued=queued, total=self._clock() - started))

    def _listener(self, plan: CellPlan, notebook: Notebook) -> CellListener:
        return CellListener(plan, notebook, self._line(plan))

    def _cancelled(self, plan: CellPlan, listener: CellListener, timings: Timings) -> Cell:
        """The cell that a person cancelled alone."""
        return replace(self._broken_off(plan, listener, timings), stays_cancelled=True)

    def _broken_off(self, plan: CellPlan, listener: CellListener, timings: Timings) -> Cell:
        """Have the provider told to stop, and keep what came."""
        asked = was_asked(listener)
        if asked:
            told = partial(self._till.stopped, listener)
            self._farewells.say(self._registry.get(plan.model), listener.kept, told)
        attempts = (listener.kept("attempts") or 0) + 1 if asked else 0
        return cancelled(plan, timings, attempts, listener.text)

    async def _ask_anew(self, plan: CellPlan, listener: CellListener, notebook: Notebook, queued: float) -> Cell:
        """Ask until there is an answer or no more sense in asking."""
        started = self._clock()
        try:
            return await self._until_it_ends(plan, listener, queued, started)
        except asyncio.CancelledError:
            if not notebook.cancelled:
                raise
            # Nothing may be awaited here: what came of the answer goes into the journal only if this returns at once.
            return self._broken_off(plan, listener, Timings(queued=queued, total=self._clock() - started))

    async def _until_it_ends(self, plan: CellPlan, listener: CellListener, queued: float, started: float) -> Cell:
        endurance = Endurance(is_near=self._limits.is_on_this_computer(self._provider_of(plan.model)))
        attempt = 1 + (listener.kept("attempts") or 0)
        while True:
            try:
                answer = await self._ask_once(plan, listener, attempt)
            except ModelError as error:
                again = endurance.after(error, attempt, self._clock())
                if again is None:
                    timings = Timings(queued=queued, total=self._clock() - started)
                    return failed(plan, final(error), timings, attempt, listener.text)
                if again.uses_retry:
                    await listener.keep("attempts", attempt)
                    attempt += 1
                await self._wait(listener, error, again)
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

    async def _wait(self, listener: CellListener, error: ModelError, again: Again) -> None:
        if again.delay:
            await listener.waits(error.message, again.delay)
            await asyncio.sleep(again.delay)
        await listener.turn.opened()

    def _line(self, plan: CellPlan) -> Line:
        return self._limits.line(self._provider_of(plan.model), plan.model)

    def _provider_of(self, model_id: str) -> str:
        """The provider of a model; the id itself when there is no such model any more."""
        try:
            return self._registry.get(model_id).info.provider
        except ModelError:
            return model_id

    async def _ask_once(self, plan: CellPlan, listener: CellListener, attempt: int) -> Answer:
        model = self._registry.get(plan.model)
        video = await self._video(plan.video_id)
        listener.turn.tokens = expected(model.info, video, plan.prompt, plan.options).input_tokens or 0
        log.info("Cell %s: asking %s, attempt %d", plan.cell, plan.model, attempt)
        bill = self._till.bill(plan, model, video, listener)
        listener.bill = None if self._limits.is_on_this_computer(model.info.provider) else bill
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
            answer = await model.answer(video, plan.prompt, listener, attempt=attempt, options=options)
        except ModelError as error:
            if error.kind is ErrorKind.RATE_LIMIT:
                listener.turn.refused(error.retry_after)
            raise
        except Exception as error:
            log.exception("Model %s failed in a way that it should not", plan.model)
            advice = "This is a defect of the program: its log says more. The other cells are not affected."
            raise ModelError(ErrorKind.INTERNAL, f"{plan.model} failed: {type(error).__name__}.", advice) from error
        listener.turn.answered(_tokens(answer))
        return answer

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


def final(error: ModelError) -> ModelError:
    """The error of a cell that is not asked again by itself any more."""
    if not error.retryable:
        return error
    _, _, rest = error.what_to_do.partition(" by itself. ")
    when = f" in {math.ceil(error.retry_after / 60)} minutes" if error.retry_after else " later"
    advice = f"Retry the cell{when}." + (f" {rest}" if rest else "")
    return ModelError(error.kind, error.message, advice, retryable=True, retry_after=error.retry_after)


def _tokens(answer: Answer) -> int | None:
    usage = answer.usage
    if usage is None or usage.input_tokens is None:
        return None
    return usage.input_tokens + (usage.output_tokens or 0) + (usage.thinking_tokens or 0)


def _schema_error(plan: CellPlan, answer: Answer) -> str | None:
    schema = plan.options.response_schema
    if schema is None or answer.state is not AnswerState.COMPLETED or "response_schema" in answer.input.ignored:
        return None
    return why_not_followed(schema, answer.text)
