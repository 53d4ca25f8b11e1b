"""Ask Gemini one question as a process of its own, which a test may kill.

`python -m standin.asker ADDRESS VIDEO FOLDER`: what it keeps goes to FOLDER/kept.json, the answer to answer.json.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

import msgspec

from app.models.base import Video
from app.models.gemini.model import GeminiModel
from app.models.gemini.service import GeminiService
from app.models.gemini.shelf import UploadShelf
from app.models.gemini.uploads import Uploads
from standin.usual import KEY, PROMPT, QUICK


class FileListener:
    """Keeps in a file, as a job does in its journal."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._kept: dict[str, Any] = json.loads(path.read_bytes()) if path.exists() else {}

    async def partial(self, text: str) -> None:
        """Hear nothing."""

    async def progress(self, percent: float, message: str) -> None:
        """Hear nothing."""

    async def asking(self) -> None:
        """Let the call go out."""

    async def call_accepted(self) -> None:
        """Hear nothing."""

    def kept(self, name: str) -> Any | None:
        """What an earlier process kept."""
        return self._kept.get(name)

    async def keep(self, name: str, value: Any) -> None:
        """Write it down."""
        self._kept[name] = value
        half = self._path.with_suffix(".half")
        half.write_text(json.dumps(self._kept))
        os.replace(half, self._path)


async def main(address: str, path: Path, folder: Path) -> None:
    """Ask, and write the answer down."""
    service = GeminiService(KEY, address, patience=QUICK)
    model = GeminiModel(Uploads(service, UploadShelf(folder / "uploads.json")), "gemini-3.8-flash", "Gemini")
    video = Video(video_id="film", path=path, media_type="video/mp4", duration=10.0, width=160, height=96)
    answer = await model.answer(video, PROMPT, FileListener(folder / "kept.json"))
    (folder / "answer.json").write_bytes(msgspec.json.encode(answer))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])))
