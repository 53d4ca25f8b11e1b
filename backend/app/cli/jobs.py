"""`jobs`: list, show, watch, read, export, cancel, retry, delete."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli.options import (
    AllMatching,
    AsCsv,
    AsJson,
    AsMarkdown,
    AsPage,
    Data,
    JobId,
    JobIds,
    Kind,
    Output,
    Status,
    Tag,
    Text,
    Timeout,
    set_data,
)
from app.compare.export import Format
from longtake import Filter, JobStatus

app = typer.Typer(
    help="List jobs, follow them, read and export their answers, cancel, retry and delete them.",
    no_args_is_help=True,
)


@app.command()
def ls(
    *,
    status: Status = None,
    kind: Kind = None,
    tag: Tag = None,
    text: Text = None,
    limit: Annotated[int, typer.Option(help="At most so many.", min=1)] = 50,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """List the jobs, newest first."""
    set_data(data)
    from app.cli.actions import jobs  # noqa: PLC0415 (reads the settings)

    jobs.ls(_filter(status, kind, tag, text), limit, as_json=as_json)


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
def export(
    jobs: JobIds = None,
    *,
    folder: Annotated[
        Path, typer.Option("--output", "-o", help="Folder for the files.", file_okay=False, metavar="DIR")
    ] = Path(),
    wanted: Annotated[Format, typer.Option("--format", help="The kind of file.")] = Format.MD,
    status: Status = None,
    kind: Kind = None,
    tag: Tag = None,
    text: Text = None,
    all_matching: AllMatching = False,
    data: Data = None,
) -> None:
    """Write the answers of comparisons to files, one for each job."""
    set_data(data)
    from app.cli.actions import jobs as actions  # noqa: PLC0415 (reads the settings)
    from app.cli.actions import results  # noqa: PLC0415

    chosen = actions.choose(jobs, _filter(status, kind, tag, text), all_matching=all_matching)
    raise typer.Exit(results.write_files([job.id for job in chosen], wanted, folder))


@app.command()
def cancel(
    jobs: JobIds = None,
    *,
    status: Status = None,
    kind: Kind = None,
    tag: Tag = None,
    text: Text = None,
    all_matching: AllMatching = False,
    data: Data = None,
) -> None:
    """Cancel jobs; running ones stop as soon as they can."""
    set_data(data)
    from app.cli.actions import jobs as actions  # noqa: PLC0415 (reads the settings)

    chosen = actions.choose(jobs, _filter(status, kind, tag, text), all_matching=all_matching, can=actions.CANCEL)
    raise typer.Exit(actions.cancel(chosen))


@app.command()
def retry(
    jobs: JobIds = None,
    *,
    cell: Annotated[str | None, typer.Option(help="Ask this cell of a job again, such as 1.1.2.")] = None,
    failed: Annotated[bool, typer.Option("--failed", help="Ask all failed cells again.")] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Ask everything again.")] = False,
    status: Status = None,
    kind: Kind = None,
    tag: Tag = None,
    text: Text = None,
    all_matching: AllMatching = False,
    data: Data = None,
) -> None:
    """Give finished jobs another go; recorded answers are kept unless told otherwise."""
    set_data(data)
    from app.cli.actions import jobs as actions  # noqa: PLC0415 (reads the settings)

    how = actions.way_to_retry(cell, failed=failed, fresh=fresh)
    can = actions.RETRY if cell is None and not failed and not fresh else actions.FINISHED
    chosen = actions.choose(jobs, _filter(status, kind, tag, text), all_matching=all_matching, can=can)
    raise typer.Exit(actions.retry(chosen, how, data))


@app.command()
def rm(
    jobs: JobIds = None,
    *,
    status: Status = None,
    kind: Kind = None,
    tag: Tag = None,
    text: Text = None,
    all_matching: AllMatching = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before deleting all that match.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list what would be deleted.")] = False,
    data: Data = None,
) -> None:
    """Delete jobs that do not run."""
    set_data(data)
    from app.cli.actions import jobs as actions  # noqa: PLC0415 (reads the settings)

    chosen = actions.choose(jobs, _filter(status, kind, tag, text), all_matching=all_matching, can=actions.DELETE)
    if dry_run:
        actions.name(chosen, "would be deleted")
        return
    if all_matching and not yes:
        actions.make_sure(len(chosen))
    raise typer.Exit(actions.rm(chosen))


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


def _filter(status: list[JobStatus] | None, kind: str | None, tag: str | None, text: str | None) -> Filter:
    return Filter(status=tuple(status or ()), kind=kind, tag=tag, text=text)
