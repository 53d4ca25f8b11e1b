"""Open a video file and read its pictures: nothing but video formats, nothing but this one file."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from app.media.errors import MediaError, MediaErrorKind

FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,flv,asf,ogg"
"""Containers we open, by libavformat's names. Playlists (hls, concat, sdp, dash) read other files: never add them."""

_THREADS = 4


@contextmanager
def opened(path: str) -> Iterator[InputContainer]:
    """Open the file at `path`. Raises MediaError when it is missing or not a video file we open."""
    file = Path(path).absolute()  # a relative name could be taken for a protocol
    _check_ordinary(file)
    try:
        container = av.open(
            file,
            container_options={"format_whitelist": FORMATS, "protocol_whitelist": "file"},
            metadata_errors="replace",
        )
    except MemoryError:
        raise
    except (av.FFmpegError, ValueError) as error:
        raise unreadable("is not a video we can open (MP4, MOV, WebM, MKV, AVI and the like)", error) from error
    with container:
        yield container


def picture_stream(container: InputContainer) -> VideoStream:
    """Find the stream of moving pictures, ready to decode. Raises MediaError if there is none."""
    for stream in container.streams.video:
        if Disposition.attached_pic not in stream.disposition:
            if not _decodable(stream):
                raise unreadable("holds pictures in a codec that we cannot decode")
            stream.thread_type = "AUTO"
            stream.codec_context.thread_count = min(_THREADS, os.cpu_count() or 1)
            return stream
    raise MediaError(MediaErrorKind.NO_VIDEO, "The file has no moving pictures, only sound or a still: choose a video.")


def sound_stream(container: InputContainer) -> AudioStream | None:
    """Find the first sound stream that can be decoded."""
    return next(filter(_decodable, container.streams.audio), None)


def first_frame(container: InputContainer, stream: VideoStream) -> VideoFrame:
    """Decode one frame from here. Raises MediaError if none can be decoded."""
    for frame in frames(container, stream):
        if isinstance(frame, VideoFrame):
            return frame
    raise undecodable()


def frames(container: InputContainer, *streams: VideoStream | AudioStream) -> Iterator[VideoFrame | AudioFrame]:
    """Decode `streams` from here to the end, and step over what is damaged."""
    for packet in packets(container, *streams):
        try:
            yield from cast("list[VideoFrame | AudioFrame]", packet.decode())
        except MemoryError:
            raise
        except (av.FFmpegError, ValueError):
            continue


def packets(container: InputContainer, *streams: VideoStream | AudioStream) -> Iterator[Packet[Any]]:
    """Read the packets of `streams` from here to the end; a file that breaks off ends there."""
    try:
        yield from container.demux(*streams)
    except MemoryError:
        raise
    except (av.FFmpegError, ValueError, IndexError):
        # IndexError: PyAV, at the very end, stumbles over a stream that began half-way.
        return


def start_of(container: InputContainer) -> float:
    """Tell at which time, in seconds, the clock of the file starts: players call it 0."""
    return (container.start_time or 0) / av.time_base


def unreadable(what: str, why: Exception | None = None) -> MediaError:
    """Say that the file `what`, with the reason of the decoder."""
    reason = why.strerror if isinstance(why, av.FFmpegError) else ""
    return MediaError(MediaErrorKind.UNREADABLE, f"The file {what}" + (f": {reason}." if reason else "."))


def undecodable() -> MediaError:
    """Say that there is no picture in a file that looked like a video."""
    return unreadable("holds no picture that can be decoded: it is damaged")


def _check_ordinary(file: Path) -> None:
    try:
        found = file.stat()
    except OSError as error:
        raise MediaError(
            MediaErrorKind.MISSING, "The video file is gone from the disk: upload the video again."
        ) from error
    if not stat.S_ISREG(found.st_mode):
        raise unreadable("is not an ordinary file")
    if found.st_size == 0:
        raise unreadable("is empty: upload the video again")


def _decodable(stream: VideoStream | AudioStream) -> bool:
    # The type stubs forget that a stream without a decoder has no codec context.
    return cast("object | None", stream.codec_context) is not None
