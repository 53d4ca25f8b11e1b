"""Simulations for trying the page: they look at no video, cost nothing, and say so."""

from __future__ import annotations

import asyncio

from app.models.base import (
    NO_OPTIONS,
    Answer,
    AskOptions,
    InputMode,
    InputNote,
    Listener,
    Missing,
    ModelInfo,
    Video,
    VideoModel,
    named,
)
from app.models.errors import ErrorKind, ModelError
from app.models.timestamps import clock, find_timestamps

_STEPS = 30
_LONGEST_ECHO = 2000


def demo_models(stream_seconds: float = 3.0) -> list[VideoModel]:
    """Every simulation, at the pace meant for people."""
    return [DemoStream(stream_seconds), DemoFlaky()]


def _info(model_id: str, title: str, does: str) -> ModelInfo:
    return ModelInfo(
        id=model_id,
        provider="demo",
        title=title,
        description=f"Simulation. {does}",
        input_mode=InputMode.SIMULATED,
        reads_prompt=True,
        price="free",
    )


class DemoStream:
    """Echoes the prompt, word by word, over about `seconds`."""

    info = _info("demo/stream", "Demo: slow answer", "Echoes your prompt word by word, to show how answers stream in.")

    def __init__(self, seconds: float = 3.0) -> None:
        self._seconds = seconds

    def missing(self) -> Missing | None:
        """Never missing: it is part of this program."""
        return None

    async def answer(
        self,
        video: Video,
        prompt: str,
        listener: Listener,
        *,
        attempt: int = 1,  # noqa: ARG002  # the seam
        options: AskOptions = NO_OPTIONS,
    ) -> Answer:
        """Echo `prompt`, with moments of `video` to click."""
        text = _echo(video, prompt)
        loop = asyncio.get_running_loop()
        asked = loop.time()
        first: float | None = None
        for step in range(1, _STEPS + 1):
            await asyncio.sleep(self._seconds / _STEPS)
            first = first or loop.time() - asked
            await listener.progress(100 * step / _STEPS, "Simulating an answer")
            await listener.partial(_first_words(text, step / _STEPS))
        return Answer(
            text=text,
            finish_reason="stop",
            answered_by=self.info.id,
            input=InputNote(mode=self.info.input_mode, ignored=named(options)),
            cost_usd=0.0,
            first_token_seconds=first,
            timestamps=find_timestamps(text, video.duration),
        )


class DemoFlaky(DemoStream):
    """Fails each cell `failures` times as an overloaded provider does, then answers over about `seconds`."""

    info = _info("demo/flaky", "Demo: fails twice", "Is overloaded twice, then answers, to show how cells are retried.")

    def __init__(self, seconds: float = 1.0, failures: int = 2, retry_after: float = 1.0) -> None:
        super().__init__(seconds)
        self._failures = failures
        self._retry_after = retry_after

    async def answer(
        self,
        video: Video,
        prompt: str,
        listener: Listener,
        *,
        attempt: int = 1,
        options: AskOptions = NO_OPTIONS,
    ) -> Answer:
        """Echo `prompt`, unless `attempt` is one of those meant to fail."""
        if attempt <= self._failures:
            raise ModelError(
                ErrorKind.OVERLOADED,
                f"Simulated: the model is overloaded (attempt {attempt} of {self._failures} that fail).",
                "Wait: the cell is asked again by itself.",
                retry_after=self._retry_after,
            )
        return await super().answer(video, prompt, listener, attempt=attempt, options=options)


def _echo(video: Video, prompt: str) -> str:
    quoted = "\n".join(f"> {line}" for line in prompt[:_LONGEST_ECHO].splitlines() or [""])
    moments = [video.duration * share for share in (0.2, 0.5, 0.8)]
    return (
        f"**Simulated answer: no model has seen the video.**\n\nYou asked:\n\n{quoted}\n\n"
        f"A real model would now describe what happens at {clock(moments[0])}, "
        f"what changes at {clock(moments[1])}, and how it ends from {clock(moments[2])} on."
    )


def _first_words(text: str, share: float) -> str:
    if share >= 1:
        return text
    end = text.rfind(" ", 0, int(len(text) * share) + 1)
    return text[:end] if end > 0 else text[: int(len(text) * share)]
