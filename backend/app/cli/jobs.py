"""`jobs`: list, show, watch, read, export, cancel, retry, delete."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli.choosing import Choice, with_choice, with_filter
from app.cli.options import AsCsv, AsJson, AsMarkdown, AsPage, Data, JobId, Output, Timeout, set_data
from app.compare.export import Format
from longtake import Filter

app = typer.Typer(
    help="List jobs, follow them, read and export their answers, cancel, retry and delete them.",
    no_args_is_help=True,
)


@app.command()
@with_filter
def ls(
    *,
    where: Filter,
    limit: Annotated[int, typer.Option(help="At most so many.", min=1)] = 50,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """List the jobs, newest first."""
    set_data(data)
    from app.cli.actions import jobs  # noqa: PLC0415 (reads the settings)

    jobs.ls(where, limit, as_json=as_json)


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
@with_choice
def export(
    *,
    choice: Choice,
    folder: Annotated[
        Path, typer.Option("--output", "-o", help="Folder for the files.", file_okay=False, metavar="DIR")
    ] = Path(),
    wanted: Annotated[Format, typer.Option("--format", help="The kind of file.")] = Format.MD,
    data: Data = None,
) -> None:
    """Write the answers of comparisons to files, one for each job."""
    set_data(data)
    from app.cli.actions import acting, results  # noqa: PLC0415 (reads the settings)

    raise typer.Exit(results.write_files([job.id for job in acting.chosen(choice)], wanted, folder))


@app.command()
@with_choice
def cancel(
    *,
    choice: Choice,
    cell: Annotated[str | None, typer.Option(help="Cancel only this cell of a job, such as 1.1.2.")] = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Cancel jobs; running ones stop as soon as they can."""
    set_data(data)
    from app.cli.actions import acting  # noqa: PLC0415 (reads the settings)

    raise typer.Exit(acting.cancel(acting.chosen(choice, acting.CANCEL), cell, as_json=as_json))


@app.command()
@with_choice
def retry(
    *,
    choice: Choice,
    cell: Annotated[str | None, typer.Option(help="Ask this cell of a job again, such as 1.1.2.")] = None,
    failed: Annotated[bool, typer.Option("--failed", help="Ask all failed cells again.")] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Ask everything again.")] = False,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Give finished jobs another go; recorded answers are kept unless told otherwise."""
    set_data(data)
    from app.cli.actions import acting  # noqa: PLC0415 (reads the settings)

    how = acting.way_to_retry(cell, failed=failed, fresh=fresh)
    can = acting.RETRY if cell is None and not failed and not fresh else acting.FINISHED
    raise typer.Exit(acting.retry(acting.chosen(choice, can), how, data, as_json=as_json))


@app.command()
@with_choice
def rm(
    *,
    choice: Choice,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before deleting all that match.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list what would be deleted.")] = False,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Delete jobs that do not run."""
    set_data(data)
    from app.cli.actions import acting  # noqa: PLC0415 (reads the settings)

    jobs = acting.chosen(choice, acting.DELETE)
    if dry_run:
        acting.name(jobs, "would be deleted", as_json=as_json)
        return
    if choice.all_matching and not yes:
        acting.make_sure(len(jobs))
    raise typer.Exit(acting.rm(jobs, as_json=as_json))


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
