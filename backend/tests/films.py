"""Films that are made in a moment."""

from __future__ import annotations

import io
from functools import cache

import av
from PIL import Image


@cache
def tiny_film(colour: str = "red") -> bytes:
    """One second of one colour, without sound; another colour, another content."""
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream("libx264", 8)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        picture = Image.new("RGB", (64, 48), colour)
        for _ in range(8):
            frame = av.VideoFrame.from_image(picture)  # type: ignore[no-untyped-call]  # PyAV has no types for it
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return file.getvalue()
