"""Options that several commands have, and what they do to the settings."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

Data = Annotated[
    Path | None, typer.Option("--data", help="Folder that holds jobs/ and uploads/.", file_okay=False, metavar="DIR")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
AsCsv = Annotated[bool, typer.Option("--csv", help="Print CSV.")]
AsMarkdown = Annotated[bool, typer.Option("--md", help="Print Markdown.")]
AsPage = Annotated[bool, typer.Option("--html", help="Print one HTML page.")]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="Write to this file: .json, .csv, .md or .html.", dir_okay=False),
]
Timeout = Annotated[
    float | None, typer.Option("--timeout", help="Stop waiting after so many seconds; the job goes on.", min=0)
]
JobId = Annotated[str, typer.Argument(help="Id of a job, or its beginning.", metavar="JOB")]


def set_data(data: Path | None) -> None:
    """Use another data folder. Call it before anything that reads the settings is imported."""
    set_setting("DATA", data and data.absolute())


def set_setting(name: str, value: object) -> None:
    """Give a word of the command line the rank of a setting: the worker process reads the same environment."""
    if value is not None:
        os.environ[f"LONGTAKE_COMPARE_{name}"] = str(value)
