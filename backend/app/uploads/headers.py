"""What the headers of the protocol say (https://tus.io/protocols/resumable-upload)."""

from __future__ import annotations

import base64
import binascii
import re

from app.uploads.errors import BadHeader

VERSION = "1.0.0"
EXTENSIONS = "creation,termination"
BODY_TYPE = "application/offset+octet-stream"
_NUMBER = re.compile(r"[0-9]{1,18}")


def byte_count(header: str, value: str | None) -> int:
    """Read a number of bytes. Raises BadHeader."""
    if value is None or not _NUMBER.fullmatch(value):
        raise BadHeader(f"The header {header} must be a number of bytes, such as 1048576.")
    return int(value)


def file_name(metadata: str) -> str:
    """Read `filename` from Upload-Metadata: pairs `key base64`, separated by commas; "" without. Raises BadHeader."""
    for pair in metadata.split(","):
        key, _, value = pair.strip().partition(" ")
        if key == "filename":
            try:
                return base64.b64decode(value, validate=True).decode(errors="replace")
            except (binascii.Error, ValueError):
                raise BadHeader("The filename in Upload-Metadata must be in base64.") from None
    return ""
