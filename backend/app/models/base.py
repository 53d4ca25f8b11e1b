"""The seam between the comparison and every model: a video and a prompt go in, an answer comes out."""

from enum import StrEnum
from pathlib import Path
from typing import Protocol

from msgspec import Struct


class InputMode(StrEnum):
    """What of the video reaches the model."""

    NATIVE = "native"
    """The file itself."""
    FRAMES = "frames"
    """Still pictures taken from it."""
    LOCAL = "local"
    """The file, read on this machine."""
    SIMULATED = "simulated"
    """Nothing: the answer is made up for trying the page."""


class AnswerState(StrEnum):
    """How an answer ended; only `completed` is whole."""

    COMPLETED = "completed"
    BLOCKED = "blocked"
    CUT_OFF = "cut_off"
    EMPTY = "empty"


class Video(Struct, frozen=True, kw_only=True):
    """A stored video as its probe found it."""

    video_id: str
    path: Path
    media_type: str
    """Sniffed, such as `video/mp4`."""
    duration: float
    """Seconds."""
    width: int
    """Pixels as shown, after rotation; so is `height`."""
    height: int
    fps: float | None = None
    """Frames a second on average; None if the file does not say."""
    codec: str | None = None
    audio_codec: str | None = None
    """None without sound."""


class Usage(Struct, frozen=True, kw_only=True):
    """Tokens as the provider counted them; None where it did not say."""

    input_tokens: int | None = None
    output_tokens: int | None = None
    thinking_tokens: int | None = None


class InputNote(Struct, frozen=True, kw_only=True):
    """What the model was really given, so that answers can be compared fairly."""

    mode: InputMode
    frames: int | None = None
    """Number of pictures looked at or sent."""
    fps: float | None = None
    """Pictures a second of video."""
    resolution: str | None = None
    """Of the pictures, such as `854x480`."""
    clip: tuple[float, float] | None = None
    """Start and end in seconds; None is the whole video."""


class Timestamp(Struct, frozen=True, kw_only=True):
    """A moment, or a range, that the text names."""

    seconds: float
    end: float | None = None
    """End of a range in seconds; None for a moment."""
    text: str
    """As it stands in the answer."""


class Answer(Struct, frozen=True, kw_only=True):
    """What a model said, and at what expense."""

    text: str
    """Markdown; never empty when `state` is completed."""
    state: AnswerState = AnswerState.COMPLETED
    finish_reason: str | None = None
    """The provider's own word for the end."""
    answered_by: str
    """The model that really answered; providers may reroute."""
    input: InputNote
    usage: Usage | None = None
    """None when nothing is counted, as with local models."""
    cost_usd: float | None = None
    """Estimated; None when the price is unknown."""
    first_token_seconds: float | None = None
    """From the question to the first piece of text; None when the answer came in one piece."""
    timestamps: tuple[Timestamp, ...] = ()
    """In the order of the text."""


class ModelInfo(Struct, frozen=True, kw_only=True):
    """What a person needs to know to choose a model."""

    id: str
    """Such as `local/scenes`: unique, and stable over releases."""
    provider: str
    """Shares keys, limits and troubles with the other models of the same provider."""
    title: str
    description: str
    input_mode: InputMode
    reads_prompt: bool
    """False: the answer is the same for every prompt."""
    price: str | None = None
    """In words, such as `free`; None when unknown."""


class Missing(Struct, frozen=True, kw_only=True):
    """Why a model cannot be asked now, and what to do about it: two sentences."""

    why: str
    what_to_do: str


class Listener(Protocol):
    """Hears how an answer grows. Both calls are cheap and may come often."""

    async def partial(self, text: str) -> None:
        """Take the whole text so far."""
        ...

    async def progress(self, percent: float, message: str) -> None:
        """Take the progress of this one answer, 0 to 100, never going back."""
        ...


class VideoModel(Protocol):
    """One way to answer a prompt about a video."""

    @property
    def info(self) -> ModelInfo:
        """What this model is; the same for its whole life."""
        ...

    def missing(self) -> Missing | None:
        """Say what keeps this model from answering; None when it is ready. Asks no network."""
        ...

    async def answer(self, video: Video, prompt: str, listener: Listener, *, attempt: int = 1) -> Answer:
        """Answer `prompt` about `video`.

        `attempt` counts the times this cell was asked, from 1. Never blocks the event loop; cancelling it stops
        all work it started. Raises ModelError, and nothing else, when there is no answer.
        """
        ...
