"""One question about one video in the words of chat completions."""

from __future__ import annotations

import base64
from typing import Any

from app.media.still import Stills
from app.models.base import AskOptions, Video
from app.models.timestamps import clock

Part = dict[str, Any]


def parts_of_frames(stills: Stills, duration: float) -> list[Part]:
    """Every picture after its time: so a model that sees only pictures can speak of time."""
    count = len(stills.stills)
    lead = f"These {count} pictures are frames of one video of {clock(duration)} (minutes:seconds), in order of time. "
    parts: list[Part] = [_text(lead + "Before each picture stands its time in the video.")]
    for still in stills.stills:
        parts += [_text(clock(still.seconds)), _picture(still.jpeg)]
    return parts


def parts_of_video(video: Video, content: bytes) -> list[Part]:
    """The file itself, as vLLM takes it."""
    data = base64.b64encode(content).decode()
    return [{"type": "video_url", "video_url": {"url": f"data:{video.media_type};base64,{data}"}}]


def chat_request(model: str, prompt: str, shown: list[Part], options: AskOptions) -> dict[str, Any]:
    """The arguments of `chat.completions.create`."""
    messages: list[dict[str, Any]] = [{"role": "user", "content": [*shown, _text(prompt)]}]
    if options.system_instruction:
        messages.insert(0, {"role": "system", "content": options.system_instruction})
    request: dict[str, Any] = {
        "model": model,
        "messages": messages,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    if options.temperature is not None:
        request["temperature"] = options.temperature
    if options.thinking_level:
        request["reasoning_effort"] = options.thinking_level.value
    if options.response_schema:
        schema = {"name": "answer", "schema": options.response_schema}
        request["response_format"] = {"type": "json_schema", "json_schema": schema}
    if options.label:
        request["extra_headers"] = {"X-Client-Request-Id": options.label}
    return request


def _text(text: str) -> Part:
    return {"type": "text", "text": text}


def _picture(jpeg: bytes) -> Part:
    data = base64.b64encode(jpeg).decode()
    return {"type": "image_url", "image_url": {"url": f"data:image/jpeg;base64,{data}"}}
