"""`models`: whom one can ask."""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli.options import AsJson, Data, set_data

app = typer.Typer()


@app.command()
def models(
    data: Data = None,
    *,
    available: Annotated[bool, typer.Option("--available", help="Only those that can be asked now.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the models, and what keeps some from being asked."""
    set_data(data)
    from app.cli.actions import models as actions  # noqa: PLC0415 (reads the settings)

    actions.ls(available=available, as_json=as_json)
