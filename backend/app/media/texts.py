"""What can be read in a video: by RapidOCR (extra `ocr`), which holds its models and needs no network."""

from __future__ import annotations

import math
from importlib.util import find_spec
from pathlib import Path

from app.media.facts import TextReport
from app.media.limited import OnProgress, in_child
from app.media.limits import reading_limits

_SECONDS_A_LOOK = 5.0
"""A scene is looked at once, and again after so many seconds."""
_MOST_LOOKS = 100


def can_read_texts() -> bool:
    """Whether the extra is installed."""
    return all(find_spec(name) is not None for name in ("rapidocr", "onnxruntime"))


async def find_texts(
    path: Path, *, duration: float, size: tuple[int, int], on_progress: OnProgress | None = None
) -> TextReport:
    """Read what is written in the video at `path`: some pictures of every scene, a hundred at most.

    `duration` is in seconds and `size` in pixels as shown, both as the probe found them.
    Raises MediaError if no picture can be decoded, or not within the limits.
    """
    looks = min(_MOST_LOOKS, max(1, math.ceil(duration / _SECONDS_A_LOOK)))
    return await in_child(
        "app.media.inside.texts:find_texts",
        {"path": str(path), "size": size, "looks": looks, "most": _MOST_LOOKS, "duration": duration},
        returns=TextReport,
        limits=reading_limits(duration, _MOST_LOOKS),
        on_progress=on_progress,
    )
