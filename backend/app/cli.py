"""The command line: `longtake-compare up | demo | stop`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from app.settings import SettingsError

app = typer.Typer(
    help="Ask several video models the same prompts; lock the screen; come back to answers side by side.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
Data = Annotated[Path | None, typer.Option("--data", help="Folder that holds jobs/ and uploads/.", file_okay=False)]
console = Console(soft_wrap=True)


def main() -> None:
    """Run the command line."""
    try:
        app()
    except SettingsError as error:
        Console(stderr=True).print(str(error), markup=False)
        raise SystemExit(2) from None


@app.command()
def up(
    host: Annotated[str | None, typer.Option(help="Address to listen on (127.0.0.1).")] = None,
    port: Annotated[int | None, typer.Option(help="Port (8000, or the next free one).", min=0, max=65535)] = None,
    data: Data = None,
    *,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page.")] = True,
) -> None:
    """Start the server and open the page."""
    _set("HOST", host)
    _set("PORT", port)
    _set("DATA", data and data.absolute())
    from app.serving import serve  # noqa: PLC0415 (reads the settings)

    serve(port_is_fixed=port is not None, open_browser=browser, console=console)


@app.command()
def demo(data: Data = None) -> None:
    """Compare two videos in the background and show the answers: the whole of it in the terminal."""
    _set("DATA", data and data.absolute())
    from app.demonstration import demonstrate  # noqa: PLC0415 (reads the settings)

    raise typer.Exit(demonstrate(console))


@app.command()
def stop(data: Data = None) -> None:
    """Stop the worker: jobs pause where they are and continue at the next start."""
    _set("DATA", data and data.absolute())
    from app.stopping import stop_worker  # noqa: PLC0415 (reads the settings)

    raise typer.Exit(stop_worker(console))


def _set(name: str, value: object) -> None:
    """Give a word of the command line the rank of a setting: the worker process reads the same environment."""
    if value is not None:
        os.environ[f"LONGTAKE_COMPARE_{name}"] = str(value)
