"""What a look into a video file brings to light: frozen data, times in seconds from the start of the video."""

from __future__ import annotations

from msgspec import Struct

SOFT_EDGES = 6.5
"""Mean width of edges, in pixels at 480 pixels, from which on a picture looks soft. Sharp films have 4 to 6."""
BLURRED_EDGES = 9.0
"""The same, from which on it looks out of focus. Films that are meant to be sharp stay below 7.5."""


class VideoFacts(Struct, frozen=True, kw_only=True):
    """What a file is and how it must be shown."""

    container: str
    """`mp4`, `quicktime`, `3gp`, `webm`, `matroska`, `avi`, `mpegts`, `mpeg`, `flv`, `asf` or `ogg`."""
    media_type: str
    """Sniffed from the content, never from the name; such as `video/mp4`."""
    extension: str
    """That belongs to the media type, with its dot."""
    codec: str
    pixel_format: str
    width: int
    """Pixels as shown: after rotation, with square pixels; so is `height`."""
    height: int
    fps: float | None
    """Frames a second on average."""
    duration: float
    frames: int | None
    """None when only counting would tell."""
    audio_codec: str | None
    """None without sound."""
    plays_in_browsers: bool
    """False: browsers need a converted copy."""


class Cut(Struct, frozen=True, kw_only=True):
    """The first frame of a new scene."""

    seconds: float
    score: float
    """How sudden the change is, 0 to 100; a hard cut is seldom below 10."""


class CutReport(Struct, frozen=True, kw_only=True):
    """All cuts of a video, in order."""

    cuts: tuple[Cut, ...]
    duration: float
    frames: int
    """Looked at; all of them."""
    resolution: str
    """The frames were scaled to this before they were compared."""


class Interval(Struct, frozen=True, kw_only=True):
    """A stretch of time."""

    start: float
    end: float


class Loudness(Struct, frozen=True, kw_only=True):
    """Of the whole sound track, measured by EBU R 128."""

    integrated: float
    """LUFS; -70 is silence."""
    range: float
    """LU between its quiet and its loud parts."""


class QualityReport(Struct, frozen=True, kw_only=True):
    """How a video looks and sounds, in figures."""

    facts: VideoFacts
    loudness: Loudness | None
    """None without sound; so is `silent`."""
    silent: tuple[Interval, ...] | None
    """Below -50 dB for half a second or more."""
    black: tuple[Interval, ...]
    """Nearly all pixels black for 0.2 s or more."""
    frozen: tuple[Interval, ...]
    """No visible change for a second or more."""
    blurred: tuple[Interval, ...]
    """Edges wider than `BLURRED_EDGES` for half a second or more."""
    blur: float | None
    """Median width of edges in pixels at 480 pixels: about 4 is sharp; None where no frame has edges."""
    frames: int
    resolution: str
    """The frames were scaled to this before they were measured."""


class SeenText(Struct, frozen=True, kw_only=True):
    """A line that is written in a picture."""

    look: int
    """Which of the pictures that were looked at, from 0."""
    text: str
    """Never empty, in one line."""


class TextReport(Struct, frozen=True, kw_only=True):
    """All that was read, in order."""

    looks: tuple[float, ...]
    """The times of the pictures that were looked at."""
    seen: tuple[SeenText, ...]
    resolution: str
    """The pictures were scaled to this before they were read."""
