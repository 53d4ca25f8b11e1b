"""`jobs`: list, show, watch, read, cancel, retry, delete."""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli.options import (
    AsCsv,
    AsJson,
    AsMarkdown,
    AsPage,
    Data,
    JobId,
    JobIds,
    Output,
    Timeout,
    set_data,
)
from longtake import JobStatus

app = typer.Typer(
    help="List jobs, follow them, read their answers, cancel, retry and delete them.", no_args_is_help=True
)


@app.command()
def ls(
    *,
    status: Annotated[list[JobStatus] | None, typer.Option(help="Only of this status; may be repeated.")] = None,
    kind: Annotated[str | None, typer.Option(help="Only of this kind.")] = None,
    tag: Annotated[str | None, typer.Option(help="Only with this tag.")] = None,
    text: Annotated[str | None, typer.Option("--text", "-q", help="Only with this in title, message or error.")] = None,
    limit: Annotated[int, typer.Option(help="At most so many.", min=1)] = 50,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """List the jobs, newest first."""
    set_data(data)
    from app.cli.actions import jobs  # noqa: PLC0415 (reads the settings)

    jobs.ls(status or [], kind, tag, text, limit, as_json=as_json)


@app.command()
def show(job: JobId, data: Data = None, *, as_json: AsJson = False) -> None:
    """Show one job: its story, its cells."""
    set_data(data)
    from app.cli.actions import jobs  # noqa: PLC0415 (reads the settings)

    jobs.show(job, as_json=as_json)


@app.command()
def watch(job: JobId, timeout: Timeout = None, data: Data = None, *, as_json: AsJson = False) -> None:
    """Follow a job to its end; Ctrl-C leaves it running. With --json each change is one line."""
    set_data(data)
    from app.cli.actions import jobs  # noqa: PLC0415 (reads the settings)

    raise typer.Exit(jobs.watch(job, timeout, data, as_json=as_json))


@app.command()
def result(
    job: JobId,
    output: Output = None,
    data: Data = None,
    *,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    as_md: AsMarkdown = False,
    as_html: AsPage = False,
) -> None:
    """Print the answers of a comparison, also of one that still runs."""
    set_data(data)
    from app.cli.actions import jobs, results  # noqa: PLC0415 (reads the settings)

    wanted = results.chosen_format(output, as_json=as_json, as_csv=as_csv, as_md=as_md, as_html=as_html)
    raise typer.Exit(jobs.result(job, wanted, output))


@app.command()
def cancel(jobs: JobIds, data: Data = None) -> None:
    """Cancel jobs; running ones stop as soon as they can."""
    set_data(data)
    from app.cli.actions import jobs as actions  # noqa: PLC0415 (reads the settings)

    actions.cancel(jobs)


@app.command()
def retry(
    job: JobId,
    cell: Annotated[str | None, typer.Option(help="Ask this cell again, such as 1.1.2.")] = None,
    data: Data = None,
    *,
    failed: Annotated[bool, typer.Option("--failed", help="Ask all failed cells again.")] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Ask everything again.")] = False,
) -> None:
    """Give a finished job another go; recorded answers are kept unless told otherwise."""
    set_data(data)
    from app.cli.actions import jobs  # noqa: PLC0415 (reads the settings)

    jobs.retry(job, cell, failed=failed, fresh=fresh, data=data)


@app.command()
def rm(jobs: JobIds, data: Data = None) -> None:
    """Delete jobs that do not run."""
    set_data(data)
    from app.cli.actions import jobs as actions  # noqa: PLC0415 (reads the settings)

    actions.rm(jobs)


@app.command()
def cleanup(
    days: Annotated[float, typer.Option(help="How long ago they finished.", min=0, max=36500)] = 7,
    data: Data = None,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count.")] = False,
    as_json: AsJson = False,
) -> None:
    """Delete the jobs that finished some time ago; those marked to be kept stay."""
    set_data(data)
    from app.cli.actions import jobs  # noqa: PLC0415 (reads the settings)

    jobs.cleanup(days, dry_run=dry_run, as_json=as_json)
