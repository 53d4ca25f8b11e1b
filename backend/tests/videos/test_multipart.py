"""The file in a multipart body: the same bytes, however the network cuts them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from app.videos.errors import NotMultipart, UploadBroken
from app.videos.multipart import MultipartFile

TYPE = "multipart/form-data; boundary=limit"
DATA = b"\r\n--limi\r\n--limi not quite\x00\xff\r\n"


def part(disposition: str, data: bytes) -> bytes:
    return b"--limit\r\ncontent-DISPOSITION: " + disposition.encode() + b"\r\nX-More: yes\r\n\r\n" + data + b"\r\n"


FILE = part('form-data; name="file"; filename="film.mp4"', DATA)
END = b"--limit--\r\n"


def read(body: bytes, size: int = 7, content_type: str = TYPE) -> tuple[str, bytes]:
    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(body), size):
            yield body[start : start + size]

    async def received() -> tuple[str, bytes]:
        file = MultipartFile(content_type, pieces())
        return await file.name(), b"".join([piece async for piece in file])

    return asyncio.run(received())


def test_the_bytes_are_the_same_however_the_body_is_cut() -> None:
    body = FILE + END
    assert {read(body, size) for size in range(1, len(body) + 1)} == {("film.mp4", DATA)}


def test_other_fields_are_passed_over() -> None:
    before = part('form-data; name="title"', b"x" * 10_000)
    after = part('form-data; name="other"; filename="other.mp4"', b"y" * 10_000)
    assert read(before + FILE + after + END, 64) == ("film.mp4", DATA)


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('form-data; name="file"', ""),
        ('form-data; name=file; filename="a;b.mp4"', "a;b.mp4"),
        ('form-data; name="file"; filename="Grüße.mp4"', "Grüße.mp4"),
        ('form-data; name="file"; filename="../x.mp4"', "../x.mp4"),
    ],
)
def test_the_name_comes_as_it_was_sent(disposition: str, name: str) -> None:
    assert read(part(disposition, DATA) + END) == (name, DATA)


def test_a_name_that_is_no_text_does_no_harm() -> None:
    body = FILE.replace(b"film", b"\xff\xfe") + END
    assert read(body) == ("\ufffd\ufffd.mp4", DATA)


@pytest.mark.parametrize("content_type", ["", "application/json", "multipart/form-data", TYPE[:29], TYPE + "x" * 300])
def test_another_type_of_body_is_refused(content_type: str) -> None:
    with pytest.raises(NotMultipart, match="multipart/form-data"):
        read(FILE + END, content_type=content_type)


def test_a_body_without_a_file_is_refused() -> None:
    for body in (b"", END, part('form-data; name="video"; filename="film.mp4"', DATA) + END, part("", DATA) + END):
        with pytest.raises(UploadBroken, match='field "file"'):
            read(body)


def test_two_files_are_refused() -> None:
    with pytest.raises(UploadBroken, match="several files"):
        read(FILE + FILE + END)


def test_a_body_that_breaks_off_is_refused_wherever_it_does() -> None:
    body = FILE + END.rstrip()
    for length in range(len(body)):
        with pytest.raises(UploadBroken):
            read(body[:length])
    assert read(body) == ("film.mp4", DATA)


def test_a_body_that_is_not_what_it_says_is_refused() -> None:
    for body in (b"\x00" * 100, b"--other\r\n\r\n", FILE[:20] + b"\x00" * 20_000, b"--limit\r\n" + b"a" * 100_000):
        with pytest.raises(UploadBroken):
            read(body, 1000)
