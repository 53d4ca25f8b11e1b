"""The file in a multipart/form-data body (RFC 7578), passed on as it arrives: never spooled, never copied."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from app.videos.errors import NotMultipart, UploadBroken

_NO_FILE = 'The request holds no file: send it in the field "file", as curl does with -F file=@video.mp4.'
_SEVERAL = "The request holds several files: send each in a request of its own."
_BROKEN = "The upload broke off, or is not proper multipart/form-data: send it again."


class MultipartFile:
    """The one part of the body whose field is called "file"; other fields are passed over."""

    def __init__(self, content_type: str, body: AsyncIterable[bytes]) -> None:
        """Raises NotMultipart."""
        kind, options = parse_options_header(content_type)
        boundary = options.get(b"boundary")
        if kind != b"multipart/form-data" or not boundary:
            raise NotMultipart
        self._body = aiter(body)
        self._parser = _Parser(boundary)

    async def name(self) -> str:
        """Read up to the file and tell its name, as it was sent. Raises UploadBroken."""
        while self._parser.file_name is None:
            if not await self._read_more():
                raise UploadBroken(_NO_FILE)
        return self._parser.file_name

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield the bytes of the file, then read to the end of the body. Raises UploadBroken."""
        while True:
            for piece in self._parser.take():
                yield piece
            if not await self._read_more():
                break
        if not self._parser.is_whole:
            raise UploadBroken(_BROKEN)

    async def _read_more(self) -> bool:
        chunk = await anext(self._body, None)
        if chunk is None:
            return False
        try:
            self._parser.feed(chunk)
        except FormParserError:
            raise UploadBroken(_BROKEN) from None
        return True


class _Parser:
    def __init__(self, boundary: bytes) -> None:
        self.file_name: str | None = None
        self.is_whole = False
        self._in_file = False
        self._header = (bytearray(), bytearray())
        self._disposition = b""
        self._pieces: list[bytes] = []
        try:
            self._parser = MultipartParser(
                boundary,
                {
                    "on_part_begin": self._begin,
                    "on_header_field": lambda data, start, end: self._header[0].extend(data[start:end]),
                    "on_header_value": lambda data, start, end: self._header[1].extend(data[start:end]),
                    "on_header_end": self._end_header,
                    "on_headers_finished": self._choose,
                    "on_part_data": self._data,
                    "on_end": self._end,
                },
            )
        except FormParserError:
            raise NotMultipart from None

    def feed(self, chunk: bytes) -> None:
        self._parser.write(chunk)

    def take(self) -> list[bytes]:
        pieces, self._pieces = self._pieces, []
        return pieces

    def _begin(self) -> None:
        self._in_file = False
        self._disposition = b""

    def _end_header(self) -> None:
        field, value = map(bytes, self._header)
        if field.lower() == b"content-disposition":
            self._disposition = value
        self._header = (bytearray(), bytearray())

    def _choose(self) -> None:
        _, options = parse_options_header(self._disposition)
        if options.get(b"name") != b"file":
            return
        if self.file_name is not None:
            raise UploadBroken(_SEVERAL)
        self._in_file = True
        self.file_name = options.get(b"filename", b"").decode(errors="replace")

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._in_file:
            self._pieces.append(data[start:end])

    def _end(self) -> None:
        self.is_whole = True
