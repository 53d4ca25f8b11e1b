"""`keys`: are they there, and do the providers take them?"""

from __future__ import annotations

import typer

from app.cli.options import AsJson

app = typer.Typer(no_args_is_help=True)


@app.callback()
def keys() -> None:
    """Look after the keys of the providers. They are read from the environment and never shown."""


@app.command("test")
def try_all(*, as_json: AsJson = False) -> None:
    """Tell which keys are set, and whether their providers take them; this costs nothing."""
    from app.cli.actions import keys as actions  # noqa: PLC0415 (loads much)

    raise typer.Exit(actions.try_all(as_json=as_json))
