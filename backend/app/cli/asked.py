"""How a comparison is asked, in words of the command line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from app.cli.exits import Refused
from app.models.base import Resolution, ThinkingLevel

_CLOCK = r"(?:(?:(?P<{0}h>\d{{1,2}}):)?(?P<{0}m>\d{{1,3}}):)?(?P<{0}s>\d{{1,6}}(?:\.\d{{1,3}})?)"
_CLIP = re.compile(f"(?:{_CLOCK.format('a')})?-(?:{_CLOCK.format('b')})?")

Fps = Annotated[float | None, typer.Option("--fps", help="Pictures a second that the models look at.")]
Clip = Annotated[
    str | None, typer.Option("--clip", help="Only this part: 0:10-0:30, or 90- to the end.", metavar="START-END")
]
Detail = Annotated[Resolution | None, typer.Option("--resolution", help="Detail of each picture.")]
Thinking = Annotated[ThinkingLevel | None, typer.Option("--thinking", help="How long the models may think.")]
System = Annotated[str | None, typer.Option("--system", help="What the models are told before the prompt.")]
Temperature = Annotated[float | None, typer.Option("--temperature", help="From 0 (always the same) to 2.")]
Schema = Annotated[
    Path | None,
    typer.Option("--schema", help="A file with the JSON schema of the answers.", exists=True, dir_okay=False),
]
Repeats = Annotated[int, typer.Option("--repeats", help="Ask each cell so many times.")]
Fresh = Annotated[bool, typer.Option("--fresh", help="Ask also what was answered before.")]
Budget = Annotated[
    float | None, typer.Option("--budget", help="Spend no more than so many US dollars (est.).", metavar="USD")
]


def options_of(
    *,
    fps: float | None,
    clip: str | None,
    resolution: Resolution | None,
    thinking: ThinkingLevel | None,
    system: str | None,
    temperature: float | None,
    schema: Path | None,
) -> dict[str, Any]:
    """The options as the API takes them. Raises Refused."""
    start, end = (None, None) if clip is None else parse_clip(clip)
    given = {
        "fps": fps,
        "clip_start": start,
        "clip_end": end,
        "resolution": resolution,
        "thinking_level": thinking,
        "system_instruction": system,
        "temperature": temperature,
        "response_schema": None if schema is None else _read_schema(schema),
    }
    return {name: value for name, value in given.items() if value is not None}


def parse_clip(text: str) -> tuple[float | None, float | None]:
    """Start and end of a clip in seconds; None where it has none. Raises Refused."""
    match = _CLIP.fullmatch(text.strip())
    if match is None or text.strip() == "-":
        raise Refused(f"--clip {text} is no part of a video: write it as 0:10-0:30, 90- or -1:30.")
    return _seconds(match, "a"), _seconds(match, "b")


def _seconds(match: re.Match[str], side: str) -> float | None:
    hours, minutes, seconds = (match[f"{side}{unit}"] for unit in "hms")
    return None if seconds is None else int(hours or 0) * 3600 + int(minutes or 0) * 60 + float(seconds)


def _read_schema(path: Path) -> dict[str, Any]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, Any])
    except (OSError, UnicodeDecodeError, msgspec.MsgspecError, RecursionError) as error:
        raise Refused(f"{path} holds no JSON schema: {error}") from None
