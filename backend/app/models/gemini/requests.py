"""One question in the words of each of Gemini's two APIs."""

from __future__ import annotations

from typing import Any

from app.models.base import AskOptions
from app.models.gemini.uploads import Ready

_JSON = "application/json"


def interaction_request(model: str, prompt: str, video: Ready, options: AskOptions) -> dict[str, Any]:
    """The body of `interactions.create`; it goes on in the background, and Google stores it so that it can."""
    shown: dict[str, Any] = {"type": "video", "uri": video.uri, "mime_type": video.media_type}
    if sampling := _sampling(options):
        shown["processing"] = {"type": "static", **sampling}
    if options.resolution:
        shown["resolution"] = options.resolution.value
    body: dict[str, Any] = {
        "model": model,
        "input": [shown, {"type": "text", "text": prompt}],
        "background": True,
        "store": True,
        "stream": True,
    }
    if options.label:
        body["labels"] = {"call": options.label}
    if options.system_instruction:
        body["system_instruction"] = options.system_instruction
    if options.response_schema:
        body["response_format"] = {"type": "text", "mime_type": _JSON, "schema": options.response_schema}
    generation: dict[str, Any] = {}
    if options.temperature is not None:
        generation["temperature"] = options.temperature
    if options.thinking_level:
        generation["thinking_level"] = options.thinking_level.value
    return {**body, "generation_config": generation} if generation else body


def generate_request(model: str, prompt: str, video: Ready, options: AskOptions) -> dict[str, Any]:
    """The arguments of `generate_content_stream`."""
    shown: dict[str, Any] = {"file_data": {"file_uri": video.uri, "mime_type": video.media_type}}
    if sampling := _sampling(options):
        shown["video_metadata"] = sampling
    config: dict[str, Any] = {}
    if options.resolution:
        config["media_resolution"] = f"MEDIA_RESOLUTION_{options.resolution.name}"
    if options.temperature is not None:
        config["temperature"] = options.temperature
    if options.thinking_level:
        config["thinking_config"] = {"thinking_level": options.thinking_level.name}
    if options.system_instruction:
        config["system_instruction"] = options.system_instruction
    if options.response_schema:
        config |= {"response_mime_type": _JSON, "response_json_schema": options.response_schema}
    return {"model": model, "contents": [{"role": "user", "parts": [shown, {"text": prompt}]}], "config": config}


def _sampling(options: AskOptions) -> dict[str, Any]:
    sampling: dict[str, Any] = {}
    if options.fps is not None:
        sampling["fps"] = options.fps
    if options.clip_start is not None:
        sampling["start_offset"] = f"{options.clip_start:g}s"
    if options.clip_end is not None:
        sampling["end_offset"] = f"{options.clip_end:g}s"
    return sampling
