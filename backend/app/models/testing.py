"""The contract of every model, as tests: subclass it in a test module, say which model, and pytest does the rest.

A test module supplies one fixture, `video`: a readable Video of some seconds.
"""

# ruff: noqa: S101  # a test asserts

from __future__ import annotations

import asyncio
import os
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec

from app.models.base import Answer, AnswerState, InputMode, Listener, Video, VideoModel
from app.models.errors import ErrorKind, ModelError

_LONGEST_PAUSE = 0.5
"""Seconds the event loop may stand still, on a busy machine."""
_ALL = 100
_PROMPT = "What happens when?"


class Recorder:
    """A listener that remembers all it heard."""

    def __init__(self) -> None:
        self.partials: list[str] = []
        self._kept: dict[str, Any] = {}
        self.percents: list[float] = []
        self.asked = 0

    async def partial(self, text: str) -> None:
        """Remember the text."""
        self.partials.append(text)

    async def progress(self, percent: float, message: str) -> None:
        """Remember the percent; a message there must be."""
        assert message
        self.percents.append(percent)

    async def asking(self) -> None:
        """Remember that it was asked."""
        self.asked += 1

    async def call_accepted(self) -> None:
        """Hear nothing."""

    def kept(self, name: str) -> Any | None:
        """Return what was kept before, if anything was."""
        return self._kept.get(name)

    async def keep(self, name: str, value: Any) -> None:
        """Keep a value for as long as this listener lives; it must be JSON."""
        self._kept[name] = msgspec.json.decode(msgspec.json.encode(value))


class VideoModelContract:
    """What the comparison relies on, whoever answers."""

    attempt = 1
    """The attempt that succeeds."""

    def model(self) -> VideoModel:
        """Make the model to be tested."""
        raise NotImplementedError("Return the model that this contract is about.")

    def ask(self, video: Video, listener: Listener | None = None) -> Answer:
        """Await one answer."""
        return asyncio.run(self._ask(video, listener or Recorder()))

    def test_it_says_what_it_is(self) -> None:
        info = self.model().info
        assert info.id.startswith(f"{info.provider}/") or "/" not in info.id
        assert info.title
        assert info.description.endswith(".")

    def test_it_is_available_or_says_what_to_do(self) -> None:
        missing = self.model().missing()
        assert missing is None or (missing.why and missing.what_to_do)

    def test_an_answer_is_complete_and_can_be_written_as_json(self, video: Video) -> None:
        answer = self.ask(video)
        assert answer.answered_by
        assert answer.input.mode is self.model().info.input_mode
        assert (answer.state is AnswerState.COMPLETED) <= bool(answer.text.strip())
        assert answer.cost_usd is None or answer.cost_usd >= 0
        assert answer.first_token_seconds is None or answer.first_token_seconds >= 0
        assert msgspec.json.decode(msgspec.json.encode(answer), type=Answer) == answer

    def test_its_timestamps_stand_in_the_text_and_lie_in_the_video(self, video: Video) -> None:
        answer = self.ask(video)
        for timestamp in answer.timestamps:
            assert timestamp.text in answer.text
            assert 0 <= timestamp.seconds <= video.duration
            assert timestamp.end is None or timestamp.end >= timestamp.seconds

    def test_progress_never_goes_back_and_partial_texts_grow(self, video: Video) -> None:
        recorder = Recorder()
        answer = self.ask(video, recorder)
        assert recorder.percents == sorted(recorder.percents)
        assert all(0 <= percent <= _ALL for percent in recorder.percents)
        for shorter, longer in pairwise([*recorder.partials, answer.text]):
            assert longer.startswith(shorter)

    def test_cancelling_stops_all_its_work(self, video: Video) -> None:
        before = _children()
        asyncio.run(self._cancel_once_it_works(video))
        assert _children() <= before

    def test_the_event_loop_goes_on_while_it_works(self, video: Video) -> None:
        assert asyncio.run(self._longest_pause(video)) < _LONGEST_PAUSE

    def test_a_video_that_is_gone_or_damaged_is_an_error_with_advice(self, video: Video, tmp_path: Path) -> None:
        if self.model().info.input_mode is InputMode.SIMULATED:
            return
        damaged = tmp_path / "damaged.mp4"
        damaged.write_bytes(b"no video")
        for path, kind in ((tmp_path / "gone.mp4", ErrorKind.VIDEO_MISSING), (damaged, ErrorKind.UNREADABLE)):
            error = self._error(msgspec.structs.replace(video, path=path))
            assert error.kind is kind
            assert error.message
            assert error.what_to_do
            assert not error.retryable

    def _error(self, video: Video) -> ModelError:
        try:
            self.ask(video)
        except ModelError as error:
            return error
        raise AssertionError("There was an answer about a video that cannot be read.")

    async def _ask(self, video: Video, listener: Listener) -> Answer:
        return await self.model().answer(video, _PROMPT, listener, attempt=self.attempt)

    async def _cancel_once_it_works(self, video: Video) -> None:
        impatient = _Impatient()
        asking = asyncio.create_task(self._ask(video, impatient))
        impatient.task = asking
        try:
            await asking
        except asyncio.CancelledError:
            return
        raise AssertionError("It answered although it was cancelled.")

    async def _longest_pause(self, video: Video) -> float:
        loop = asyncio.get_running_loop()
        asking = asyncio.create_task(self._ask(video, Recorder()))
        longest = 0.0
        while not asking.done():
            before = loop.time()
            await asyncio.sleep(0)
            longest = max(longest, loop.time() - before)
            await asyncio.wait([asking], timeout=0.02)
        await asking
        return longest


class _Impatient(Recorder):
    """Cancels as soon as it hears anything, and holds up the answer until that is over."""

    task: asyncio.Task[Answer]

    async def partial(self, text: str) -> None:  # noqa: ARG002  # the seam
        """Cancel."""
        await self._cancel()

    async def progress(self, percent: float, message: str) -> None:  # noqa: ARG002  # the seam
        """Cancel."""
        await self._cancel()

    async def _cancel(self) -> None:
        self.task.cancel()
        await asyncio.Event().wait()


def _children() -> set[int]:
    """Processes that this one started; on Linux only, elsewhere none are seen."""
    children = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            _, parent, *_ = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(parent) == os.getpid():
            children.add(int(stat.parent.name))
    return children
