"""`spending`, `stop-all`: what paid calls cost, and the one command that ends them."""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli.options import AsJson, Data, set_data

app = typer.Typer()


@app.command()
def spending(
    job: Annotated[
        str | None, typer.Argument(help="Only of this job; its id, or the beginning of it.", show_default=False)
    ] = None,
    data: Data = None,
    *,
    calls: Annotated[bool, typer.Option("--calls", help="List the paid calls, too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Tell what is spent today (UTC) and how the cap of the day stands, or what a job has spent."""
    set_data(data)
    from app.cli.actions import spending as actions  # noqa: PLC0415 (reads the settings)

    if job is None:
        actions.of_today(with_calls=calls, as_json=as_json)
    else:
        actions.of_job(job, with_calls=calls, as_json=as_json)


@app.command("stop-all")
def stop_all(data: Data = None, *, as_json: AsJson = False) -> None:
    """Cancel every unfinished comparison, those that wait for their time too: nothing more is spent."""
    set_data(data)
    from app.cli.actions import spending as actions  # noqa: PLC0415 (reads the settings)

    actions.stop_all(as_json=as_json)
