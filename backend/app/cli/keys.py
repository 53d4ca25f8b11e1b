"""`keys`: are they there, and do the providers take them?"""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli.options import AsJson

app = typer.Typer(no_args_is_help=True)


@app.callback()
def keys() -> None:
    """Look after the keys of the providers. They are read from the environment and never shown."""


@app.command("set")
def tell_how_to_set(
    provider: Annotated[
        str | None, typer.Argument(help="Such as gemini; all of them without it.", show_default=False)
    ] = None,
) -> None:
    """Tell how to set a key. It stays with you: this program writes no key to the disk."""
    from app.cli.actions import keys as actions  # noqa: PLC0415 (loads much)

    actions.tell_how_to_set(provider)


@app.command("test")
def try_all(*, as_json: AsJson = False) -> None:
    """Tell which keys are set, and whether their providers take them; this costs nothing."""
    from app.cli.actions import keys as actions  # noqa: PLC0415 (loads much)

    raise typer.Exit(actions.try_all(as_json=as_json))
