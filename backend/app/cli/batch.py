"""`batch`: many videos, prompts and models from one file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli.options import AsJson, Data, Output, Timeout, set_data

app = typer.Typer()


@app.command()
def batch(
    file: Annotated[
        Path, typer.Argument(help="YAML: videos, prompts, models, and how they are asked.", metavar="FILE")
    ],
    *,
    output: Output = None,
    timeout: Timeout = None,
    wait: Annotated[bool, typer.Option("--wait/--detach", help="Wait for the answers, or leave at once.")] = True,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only check the file and estimate.")] = False,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Ask everything that a file lists, as one job.

    The file names videos (paths from its own folder on, patterns such as clips/*.mp4, or ids), prompts and models, and
    may set what the API takes besides: options, repeats, title, tags, priority, run_at. With --json each answer is one
    line as soon as it is there.
    """
    set_data(data)
    from app.cli.actions import batch as actions  # noqa: PLC0415 (reads the settings)
    from app.cli.actions.results import chosen_format  # noqa: PLC0415 (the same)

    asked = actions.read(file)
    if dry_run:
        actions.estimate_only(asked, as_json=as_json)
        return
    wanted = chosen_format(output, as_json=False, as_csv=False, as_md=False, as_html=False)
    job = actions.submit(asked, as_json=as_json)
    if not wait:
        actions.leave(job, data, as_json=as_json)
        return
    raise typer.Exit(actions.wait(job, wanted, output, timeout=timeout, data=data, as_json=as_json))
