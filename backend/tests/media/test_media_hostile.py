"""Playlists that reach for other files, and hundreds of damaged files: refused or read, nothing else."""

from __future__ import annotations

import asyncio
import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import av
from PIL import Image

from app.media.limited import in_child
from app.media.limits import Limits

PLAYLISTS = {
    "hls": "#EXTM3U\n#EXT-X-TARGETDURATION:12\n#EXTINF:12,\n{name}\n#EXT-X-ENDLIST\n",
    "concat": "ffconcat version 1.0\nfile {name}\n",
    "sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\n"
    "a=rtpmap:96 H264/90000\n",
    "dash": '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"'
    ' mediaPresentationDuration="PT12S"><Period><AdaptationSet mimeType="video/mp4"><Representation id="1"'
    ' bandwidth="1"><BaseURL>{name}</BaseURL></Representation></AdaptationSet></Period></MPD>',
}


def read_each(folder: Path) -> dict[str, str]:
    """Read all files of a folder in one child, which saves starting hundreds: a crash would fail them all."""
    return asyncio.run(
        in_child(
            "tests.media.misbehaving:read_each",
            {"folder": str(folder)},
            returns=dict[str, str],
            limits=Limits(wall_seconds=60, cpu_seconds=60),
        )
    )


def test_a_playlist_cannot_read_another_file_under_any_name(day: Path, tmp_path: Path) -> None:
    shutil.copy(day, tmp_path / "private.mp4")
    for kind, text in PLAYLISTS.items():
        for suffix in ("mp4", "m3u8", "ffconcat", "sdp", "mpd"):
            (tmp_path / f"{kind}.{suffix}").write_text(text.format(name="private.mp4"))
    outcomes = read_each(tmp_path)
    assert outcomes.pop("private.mp4") == "read"
    assert len(outcomes) == 20
    assert set(outcomes.values()) == {"unreadable"}


def test_without_our_list_of_formats_a_playlist_would_read_another_file(day: Path, tmp_path: Path) -> None:
    shutil.copy(day, tmp_path / "private.mp4")
    path = tmp_path / "upload.mp4"
    path.write_text(PLAYLISTS["concat"].format(name="private.mp4"))
    with av.open(path, container_options={"protocol_whitelist": "file"}) as container:
        assert next(container.decode(video=0)).width == 640


def mutations(content: bytes, number: int, chance: random.Random) -> Iterator[bytes]:
    for _ in range(number):
        data = bytearray(content)
        at, length = chance.randrange(len(data)), chance.randrange(1, 400)
        match chance.randrange(6):
            case 0:
                del data[at:]
            case 1:
                for _unused in range(chance.randrange(1, 60)):
                    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
            case 2:
                for _unused in range(chance.randrange(1, 40)):
                    data[chance.randrange(min(len(data), 1500))] = chance.randrange(256)
            case 3:
                data[at : at + length] = bytes(length)
            case 4:
                data[at:at] = data[at : at + length]
            case _:
                del data[at : at + length]
        yield bytes(data)


def test_damaged_files_are_read_or_refused_and_nothing_else(
    clip: Callable[..., Path], moving: Callable[[float], list[Image.Image]], tmp_path: Path
) -> None:
    folder = tmp_path / "damaged"
    folder.mkdir()
    chance = random.Random(20261123)
    tone = [round(8000 * ((index % 40) / 20 - 1)) for index in range(8000)]
    for name, codec in (
        ("a.mp4", "libx264"),
        ("b.webm", "libvpx"),
        ("c.mkv", "libx264"),
        ("d.avi", "mpeg4"),
        ("e.flv", "flv"),
        ("f.ts", "mpeg2video"),
    ):
        sound = tone if name != "b.webm" else ()
        content = clip(name, moving(1), codec=codec, sound=sound).read_bytes()
        for number, data in enumerate(mutations(content, 60, chance)):
            (folder / f"{number:03}-{name}").write_bytes(data)
    outcomes = read_each(folder)
    found = Counter(outcomes.values())
    assert found.total() == 360
    assert set(found) <= {"read", "unreadable", "no_video", "limit"}
    assert found["read"] > 50
    assert found["unreadable"] > 50
