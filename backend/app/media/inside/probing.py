"""Find out what a video file is, and whether all of it is there."""

from __future__ import annotations

from pathlib import Path

import av
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from app.media.facts import VideoFacts
from app.media.inside.poster import write_poster
from app.media.inside.reading import (
    first_frame,
    opened,
    packets,
    picture_stream,
    sound_stream,
    start_of,
    unreadable,
)
from app.media.wire import Report

_PLAYABLE = {
    "mp4": ({"h264", "vp9", "av1"}, {"aac", "mp3", "opus"}),
    "webm": ({"vp8", "vp9", "av1"}, {"opus", "vorbis"}),
}
_PLAYABLE_PIXELS = {"yuv420p", "yuvj420p"}
_TYPES = {
    "mp4": ("video/mp4", ".mp4"),
    "quicktime": ("video/quicktime", ".mov"),
    "3gp": ("video/3gpp", ".3gp"),
    "webm": ("video/webm", ".webm"),
    "matroska": ("video/x-matroska", ".mkv"),
    "avi": ("video/x-msvideo", ".avi"),
    "mpegts": ("video/mp2t", ".ts"),
    "mpeg": ("video/mpeg", ".mpg"),
    "flv": ("video/x-flv", ".flv"),
    "asf": ("video/x-ms-wmv", ".wmv"),
    "ogg": ("video/ogg", ".ogv"),
}
_QUARTER_TURN = 90
_MOST_STRETCH = 4
"""Pixels narrower or flatter than 1:4 are a damaged header, not a format."""
_EBML_HEADER_BYTES = 64


def probe(report: Report, path: str, poster: str | None) -> VideoFacts:
    """Tell what the video at `path` is; write a JPEG of it to `poster`. Raises MediaError if it is not usable."""
    report(0, "Reading the file")
    with opened(path) as container:
        stream = picture_stream(container)
        _check_complete(container, stream)
        duration = _duration(container, stream, path)
        if duration <= 0:
            raise unreadable("holds no stretch of time, so it is a still: choose a video")
        sound = sound_stream(container)
        kind = _container_kind(container, path)
        frame = first_frame(container, stream)
        width, height = _shown_size(stream, frame)
        codec = stream.codec_context.name
        audio_codec = sound.codec_context.name if sound else None
        media_type, extension = _TYPES[kind]
        if poster is not None:
            report(50, "Taking a still")
            write_poster(container, stream, duration, (width, height), poster)
        return VideoFacts(
            container=kind,
            media_type=media_type,
            extension=extension,
            codec=codec,
            pixel_format=frame.format.name,
            width=width,
            height=height,
            fps=float(stream.average_rate) if stream.average_rate else None,
            duration=duration,
            frames=stream.frames or None,
            audio_codec=audio_codec,
            plays_in_browsers=_plays_in_browsers(kind, codec, frame.format.name, audio_codec),
        )


def _check_complete(container: InputContainer, stream: VideoStream) -> None:
    needed = max((entry.pos + entry.size for entry in stream.index_entries), default=0)
    if needed > container.size:
        raise unreadable("breaks off before the end of the video: upload it again")


def _duration(container: InputContainer, stream: VideoStream, path: str) -> float:
    known = 0.0
    if container.duration is not None:
        known = container.duration / av.time_base
    elif stream.duration is not None and stream.time_base is not None:
        known = float(stream.duration * stream.time_base)
    if known > 0:
        return known
    return _end_of_last_packet(path)


def _end_of_last_packet(path: str) -> float:
    """Read through the whole file: recordings made in a browser do not say how long they are."""
    with opened(path) as container:
        ends = (
            float((packet.pts + (packet.duration or 0)) * packet.time_base)
            for packet in packets(container, picture_stream(container))
            if packet.pts is not None
        )
        return max(0.0, max(ends, default=0.0) - start_of(container))


def _container_kind(container: InputContainer, path: str) -> str:
    names = container.format.name.split(",")
    if "matroska" in names:
        with Path(path).open("rb") as file:
            return "webm" if b"webm" in file.read(_EBML_HEADER_BYTES) else "matroska"
    if "mov" in names:
        brand = container.metadata.get("major_brand", "")
        if brand.startswith("qt"):
            return "quicktime"
        return "3gp" if brand.startswith("3g") else "mp4"
    return names[0]


def _shown_size(stream: VideoStream, frame: VideoFrame) -> tuple[int, int]:
    width, height = frame.width, frame.height
    aspect = stream.sample_aspect_ratio
    if aspect and 1 / _MOST_STRETCH <= aspect <= _MOST_STRETCH:
        width = max(1, round(width * aspect))
    return (height, width) if frame.rotation % (2 * _QUARTER_TURN) == _QUARTER_TURN else (width, height)


def _plays_in_browsers(kind: str, codec: str, pixels: str, audio_codec: str | None) -> bool:
    codecs, audio_codecs = _PLAYABLE.get(kind, (set(), set()))
    return codec in codecs and pixels in _PLAYABLE_PIXELS and (audio_codec is None or audio_codec in audio_codecs)
