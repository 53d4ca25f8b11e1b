"""The seam between the comparison and every model: a video and a prompt go in, an answer comes out."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

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


class Resolution(StrEnum):
    """How much of the detail of each picture a model is given."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class ThinkingLevel(StrEnum):
    """How long a model may think before it answers."""

    MINIMAL = "minimal"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class AskOptions(Struct, frozen=True, kw_only=True):
    """What may be asked for besides the prompt; None leaves it to the model. Models that cannot, ignore it."""

    fps: float | None = None
    """Pictures a second of video."""
    clip_start: float | None = None
    """Seconds; so is `clip_end`. Only what lies between is shown to the model."""
    clip_end: float | None = None
    resolution: Resolution | None = None
    thinking_level: ThinkingLevel | None = None
    temperature: float | None = None
    system_instruction: str | None = None
    response_schema: dict[str, Any] | None = None
    """A JSON schema that the answer must follow."""
    label: str | None = None
    """Traces the call at the provider: at most 63 lower-case letters, digits, dashes and underscores."""


NO_OPTIONS = AskOptions()
"""Everything left to the model."""


def named(options: AskOptions) -> tuple[str, ...]:
    """The names of what is asked for."""
    names = (name for name in AskOptions.__struct_fields__ if name != "label")
    return tuple(name for name in names if getattr(options, name) is not None)


class Usage(Struct, frozen=True, kw_only=True):
    """Tokens as the provider counted them; None where it did not say."""

    input_tokens: int | None = None
    output_tokens: int | None = None
    """Without those spent on thinking."""
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
    ignored: tuple[str, ...] = ()
    """Names of the options that were asked for and that this model cannot follow."""


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
    provider_id: str | None = None
    """The provider's own name for the call."""
    upload_seconds: float | None = None
    """Until the provider was ready to look at the video; None when nothing had to be uploaded."""
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
    """Hears how an answer grows, which is cheap and may come often, and keeps what must survive a crash."""

    async def partial(self, text: str) -> None:
        """Take the whole text so far."""
        ...

    async def progress(self, percent: float, message: str) -> None:
        """Take the progress of this one answer, 0 to 100, never going back."""
        ...

    async def asking(self) -> None:
        """Wait until a call may be made that the provider counts; it must follow at once. Raises ModelError."""
        ...

    async def call_accepted(self) -> None:
        """Take note that the provider has let the call in."""
        ...

    def kept(self, name: str) -> Any | None:
        """Return what an earlier attempt or process kept under `name` for this cell; None if nothing."""
        ...

    async def keep(self, name: str, value: Any) -> None:
        """Keep a JSON value under `name`; it is durable when this returns, and replaces an earlier one."""
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

    async def answer(
        self,
        video: Video,
        prompt: str,
        listener: Listener,
        *,
        attempt: int = 1,
        options: AskOptions = NO_OPTIONS,
    ) -> Answer:
        """Answer `prompt` about `video`.

        `attempt` counts the times this cell was asked, from 1. Never blocks the event loop; cancelling it stops
        all work it started on this machine. Raises ModelError, and nothing else, when there is no answer.
        """
        ...


@runtime_checkable
class Resumable(Protocol):
    """A model whose provider goes on working when nobody listens any more, and lets us listen again."""

    def goes_on(self, kept: Callable[[str], Any | None]) -> bool:
        """Whether there is an answer to listen to again, without paying again; `kept` is that of its listener."""
        ...


@runtime_checkable
class Abandonable(Protocol):
    """A model whose provider goes on working when nobody listens any more."""

    async def abandon(self, kept: Callable[[str], Any | None]) -> None:
        """Stop at the provider what an answer began; `kept` is the `kept` of its listener.

        Does nothing when nothing was begun or it is over. Raises ModelError when the provider cannot be told.
        """
        ...
