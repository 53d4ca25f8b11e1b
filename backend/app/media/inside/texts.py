"""Read what is written in a video."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Sequence

import numpy as np
from PIL import Image
from rapidocr import RapidOCR
from rapidocr.utils.output import RapidOCROutput

from app.media.facts import SeenText, TextReport
from app.media.inside.cutting import find_cuts
from app.media.inside.frames import fitting, pictures, spread
from app.media.inside.reading import opened, picture_stream, undecodable
from app.media.wire import Report

_THRESHOLD, _SHORTEST_SCENE = 6.0, 1.0
_CUTTING_SHARE = 0.2
"""Of the time, for the progress only."""
_LONGEST_SIDE = 1280
_SURE = 0.9
"""Letters that are none score 0.54 to 0.85."""
_THREADS = 4


def find_texts(  # noqa: PLR0917  # one request of the parent
    report: Report, path: str, size: Sequence[int], looks: int, most: int, duration: float
) -> TextReport:
    """Look `looks` times at the video, and at least once at every scene while that is `most` times at most.

    Raises MediaError if no picture can be decoded.
    """

    def cutting(percent: float, message: str) -> None:
        report(percent * _CUTTING_SHARE, message)

    cuts = find_cuts(cutting, path, duration, _THRESHOLD, _SHORTEST_SCENE).cuts
    moments = spread([cut.seconds for cut in cuts], 0.0, duration, min(most, max(looks, len(cuts) + 1)))
    shown = fitting(size[0], size[1], _LONGEST_SIDE)
    read = _reader()
    looked_at: list[float] = []
    seen: list[SeenText] = []
    with opened(path) as container:
        for seconds, picture in pictures(container, picture_stream(container), moments, shown):
            if looked_at and seconds <= looked_at[-1]:
                continue
            looked_at.append(seconds)
            seen += [SeenText(look=len(looked_at) - 1, text=text) for text in _texts(read, picture)]
            report(100 * (_CUTTING_SHARE + (1 - _CUTTING_SHARE) * len(looked_at) / len(moments)), "Reading")
    if not looked_at:
        raise undecodable()
    return TextReport(
        looks=tuple(round(seconds, 3) for seconds in looked_at), seen=tuple(seen), resolution=f"{shown[0]}x{shown[1]}"
    )


def _reader() -> RapidOCR:
    logging.disable(logging.CRITICAL)  # it tells much about itself
    threads = min(_THREADS, os.cpu_count() or 1)
    return RapidOCR(params={"Global.log_level": "critical", "EngineConfig.onnxruntime.intra_op_num_threads": threads})


def _texts(read: RapidOCR, picture: Image.Image) -> Iterator[str]:
    """Lines from top to bottom."""
    blue_first = np.ascontiguousarray(np.asarray(picture.convert("RGB"))[:, :, ::-1])
    found = read(blue_first)
    if not isinstance(found, RapidOCROutput):
        raise TypeError(f"RapidOCR gave a {type(found).__name__}")
    for text, score in zip(found.txts or (), found.scores or (), strict=True):
        if score >= _SURE and text.strip():
            yield " ".join(text.split())
