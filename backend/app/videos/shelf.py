"""Reading what is stored: a video is taken for good only when its folder, record and file fit together."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

import msgspec

from app.videos.errors import VideoDamaged, VideoNotFound
from app.videos.incoming import RECORD
from app.videos.video import StoredVideo, is_video_id, video_id_of

_LONGEST_RECORD = 1_000_000
_EXTENSION = re.compile(r"\.[a-z0-9]{2,4}")
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC
_decoder = msgspec.json.Decoder(StoredVideo)


def read_video(uploads: Path, video_id: str) -> StoredVideo:
    """Read one video's record. Raises VideoNotFound, VideoDamaged; follows no symbolic link."""
    if not is_video_id(video_id):
        raise VideoNotFound(video_id)
    try:
        folder = os.open(uploads / video_id, _READ | os.O_DIRECTORY)
    except FileNotFoundError:
        raise VideoNotFound(video_id) from None
    except OSError as error:
        raise VideoDamaged(video_id, f"its folder cannot be opened: {error.strerror}") from error
    try:
        return _read_in(folder, video_id)
    except (OSError, msgspec.MsgspecError, RecursionError) as error:
        raise VideoDamaged(video_id, f"its record cannot be read: {error}") from error
    finally:
        os.close(folder)


def read_all(uploads: Path) -> tuple[tuple[StoredVideo, ...], tuple[VideoDamaged, ...]]:
    """Read every video, newest first, and what is wrong with the others."""
    if not uploads.is_dir():
        return (), ()
    videos: list[StoredVideo] = []
    damaged: list[VideoDamaged] = []
    for name in sorted(filter(is_video_id, os.listdir(uploads))):
        try:
            videos.append(read_video(uploads, name))
        except VideoDamaged as error:
            damaged.append(error)
        except VideoNotFound:
            continue  # deleted meanwhile
    return tuple(sorted(videos, key=lambda video: video.uploaded_at, reverse=True)), tuple(damaged)


def _read_in(folder: int, video_id: str) -> StoredVideo:
    # O_NONBLOCK: a pipe of that name must not make us wait.
    with os.fdopen(os.open(RECORD, _READ | os.O_NONBLOCK, dir_fd=folder), "rb") as file:
        video = _decoder.decode(file.read(_LONGEST_RECORD))
    if video.video_id != video_id or video_id_of(video.sha256) != video_id:
        raise VideoDamaged(video_id, "its record belongs to another video")
    if not _EXTENSION.fullmatch(video.facts.extension):
        raise VideoDamaged(video_id, "its record names no proper file")
    found = os.stat(video.file_name, dir_fd=folder, follow_symlinks=False)
    if not stat.S_ISREG(found.st_mode) or found.st_size != video.size:
        raise VideoDamaged(video_id, "its file is not the one that was uploaded")
    return video
