"""`compare`: the whole of it in one line."""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli.asked import (
    Budget,
    Clip,
    Detail,
    Fps,
    Fresh,
    Repeats,
    Schema,
    System,
    Temperature,
    Thinking,
    options_of,
)
from app.cli.options import AsCsv, AsJson, AsMarkdown, AsPage, Data, Output, Timeout, set_data

app = typer.Typer()


@app.command()
def compare(
    videos: Annotated[list[str], typer.Argument(help="Files, or ids of stored videos.", metavar="VIDEO...")],
    *,
    prompts: Annotated[list[str], typer.Option("--prompt", "-p", help="What to ask; may be repeated.")],
    models: Annotated[list[str], typer.Option("--model", "-m", help="Whom to ask; may be repeated.")],
    fps: Fps = None,
    clip: Clip = None,
    resolution: Detail = None,
    thinking: Thinking = None,
    system: System = None,
    temperature: Temperature = None,
    schema: Schema = None,
    repeats: Repeats = 1,
    fresh: Fresh = False,
    budget: Budget = None,
    output: Output = None,
    timeout: Timeout = None,
    data: Data = None,
    wait: Annotated[bool, typer.Option("--wait/--detach", help="Wait for the answers, or leave at once.")] = True,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    as_md: AsMarkdown = False,
    as_html: AsPage = False,
) -> None:
    """Ask every model every prompt about every video, and show the answers.

    A job in the background does it: Ctrl-C ends the waiting, not the job.
    """
    set_data(data)
    from app.cli.actions import comparing, results  # noqa: PLC0415 (reads the settings)

    wanted = results.chosen_format(output, as_json=as_json, as_csv=as_csv, as_md=as_md, as_html=as_html)
    options = options_of(
        fps=fps,
        clip=clip,
        resolution=resolution,
        thinking=thinking,
        system=system,
        temperature=temperature,
        schema=schema,
    )
    terms = {"options": options, "repeats": repeats, "fresh": fresh, "budget_usd": budget}
    job = comparing.submit(videos, prompts, models, terms)
    if not wait:
        comparing.leave(job, data, as_json=as_json)
        return
    raise typer.Exit(comparing.wait(job, wanted, output, timeout=timeout, data=data))
