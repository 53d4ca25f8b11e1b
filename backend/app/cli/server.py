"""`up`, `open`, `demo`, `stop`: the server and its worker."""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli.options import Data, set_data, set_setting
from app.cli.printing import out

app = typer.Typer()


@app.command()
def up(
    host: Annotated[str | None, typer.Option(help="Address to listen on (127.0.0.1).")] = None,
    port: Annotated[int | None, typer.Option(help="Port (8000, or the next free one).", min=0, max=65535)] = None,
    data: Data = None,
    *,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page.")] = True,
    keep_awake: Annotated[
        bool | None,
        typer.Option(
            "--keep-awake/--no-keep-awake",
            help="Keep the computer awake while jobs run (yes); a worker that runs already stays as it is.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Start the server and open the page."""
    set_setting("KEEP_AWAKE", None if keep_awake is None else "yes" if keep_awake else "no")
    set_setting("HOST", host)
    set_setting("PORT", port)
    set_data(data)
    from app.serving import serve  # noqa: PLC0415 (reads the settings)

    serve(port_is_fixed=port is not None, open_browser=browser, console=out)


@app.command("open")
def open_page(
    job: Annotated[str | None, typer.Argument(help="Open this job; its id, or the beginning of it.")] = None,
    data: Data = None,
    *,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open it, or only print the link.")] = True,
) -> None:
    """Open the page of the server that runs, and print its link; where a token is set the link lets one browser in."""
    set_data(data)
    from app.cli.actions.opening import open_running  # noqa: PLC0415 (reads the settings)

    open_running(job, browser=browser)


@app.command()
def demo(data: Data = None) -> None:
    """Compare two videos in the background and show the answers: the whole of it in the terminal."""
    set_data(data)
    from app.demonstration import demonstrate  # noqa: PLC0415 (reads the settings)

    raise typer.Exit(demonstrate(out))


@app.command()
def stop(data: Data = None) -> None:
    """Stop the worker: jobs pause where they are and continue at the next start."""
    set_data(data)
    from app.stopping import stop_worker  # noqa: PLC0415 (reads the settings)

    raise typer.Exit(stop_worker(out))
