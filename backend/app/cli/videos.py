"""`videos`: list, add, delete."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli.options import AsJson, Data, set_data

app = typer.Typer(help="List, add and delete the stored videos.", no_args_is_help=True)


@app.command()
def ls(data: Data = None, *, as_json: AsJson = False) -> None:
    """List the videos, newest first."""
    set_data(data)
    from app.cli.actions import videos  # noqa: PLC0415 (reads the settings)

    videos.ls(as_json=as_json)


@app.command()
def add(
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, readable=True, metavar="FILE...")],
    data: Data = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Store copies of video files; the same content twice is stored once."""
    set_data(data)
    from app.cli.actions import videos  # noqa: PLC0415 (reads the settings)

    videos.add(files, as_json=as_json)


@app.command()
def rm(
    videos: Annotated[list[str], typer.Argument(help="Ids of videos, or their beginnings.", metavar="VIDEO...")],
    data: Data = None,
    *,
    force: Annotated[bool, typer.Option("--force", help="Even if an unfinished job needs it.")] = False,
) -> None:
    """Delete videos."""
    set_data(data)
    from app.cli.actions import videos as actions  # noqa: PLC0415 (reads the settings)

    actions.rm(videos, force=force)
