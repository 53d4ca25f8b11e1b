"""Whether a clip lies inside a video."""

from __future__ import annotations

from typing import Protocol

from app.videos.video import StoredVideo

_ROUNDING = 0.1
"""Seconds: a length is shown with one digit after the point."""


class Clip(Protocol):
    """From where to where, in seconds; None is the start or end of the video."""

    @property
    def clip_start(self) -> float | None:
        """Seconds."""
        ...

    @property
    def clip_end(self) -> float | None:
        """Seconds."""
        ...


def why_outside(clip: Clip, video: StoredVideo) -> str | None:
    """Tell in what the clip does not lie inside the video; None when it does."""
    length = video.facts.duration
    for name, at, latest in (
        ("clip_start", clip.clip_start, length - _ROUNDING),
        ("clip_end", clip.clip_end, length + _ROUNDING),
    ):
        if at is not None and at > latest:
            return f"options.{name}: {at:g} s is after the end of {video.name} ({length:g} s)."
    return None
