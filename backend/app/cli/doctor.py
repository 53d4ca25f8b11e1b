"""`doctor`: is everything as it should be?"""

from __future__ import annotations

import typer

from app.cli.options import AsJson, Data, set_data

app = typer.Typer()


@app.command()
def doctor(data: Data = None, *, as_json: AsJson = False) -> None:
    """Look for what commonly goes wrong, and say what to do about it."""
    set_data(data)
    from app.cli.actions import doctor as actions  # noqa: PLC0415 (reads the settings)

    raise typer.Exit(actions.report(as_json=as_json))
