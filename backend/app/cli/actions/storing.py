"""Videos named on the command line: files to be stored, or stored ones by the beginning of their ids."""

from __future__ import annotations

from pathlib import Path

from app.cli.actions.finding import find_video
from app.cli.exits import Refused
from app.cli.printing import advise
from app.jobs import videos


def file_named(name: str, folder: Path = Path()) -> Path | None:
    """The file of this name in the folder; None for what can only be an id. Raises Refused."""
    path = folder / Path(name).expanduser()
    if path.is_file():
        return path
    if Path(name).name != name or path.suffix:
        raise Refused(f"There is no file {name}.")
    return None


async def stored(name: str, path: Path | None) -> str:
    """The id of a video, which is stored first if it is a file. Raises Refused, VideoError, MediaError."""
    if path is None:
        return await find_video(name)
    advise(f"Storing {path.name} …")
    return (await videos.add_file(path, path.name)).video.video_id
