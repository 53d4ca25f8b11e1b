"""`longtake-compare demo`: the main job in the terminal, with our own videos and the models that need no key."""

from __future__ import annotations

import asyncio

import msgspec
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table

from app.compare import batch
from app.compare.cells import Cell, CellState
from app.compare.results import Comparison
from app.jobs import job_queue, settings, videos
from app.links import link_to
from app.models.timestamps import clock
from app.presence import running
from app.videos.sample import SAMPLE_COUNT, add_sample
from app.videos.video import StoredVideo
from longtake import Job, JobStatus

PROMPTS = ["When does the picture change? Name each moment.", "How good are picture and sound?"]
MODELS = ["local/scenes", "local/scenes-sensitive", "local/quality"]


def demonstrate(console: Console) -> int:
    """Run the demo; returns the exit code."""
    try:
        job, library = asyncio.run(_run(console))
    except KeyboardInterrupt:
        console.print("\nThe job goes on in the background: longtake-compare jobs ls shows it.")
        return 130
    if job.status is not JobStatus.COMPLETED:
        console.print(f"The job {job.status}: {job.error or job.progress_message}")
        return 1
    _show(job, library, console)
    return 0


async def _run(console: Console) -> tuple[Job, dict[str, StoredVideo]]:
    await videos.prepare()
    console.print("Making the sample videos …")
    library = {
        added.video.video_id: added.video
        for added in [await add_sample(videos, which) for which in range(1, SAMPLE_COUNT + 1)]
    }
    title = f"Demo: {len(MODELS)} models on {len(library)} videos"
    job = await job_queue.submit(batch.KIND, title=title, video_ids=list(library), prompts=PROMPTS, models=MODELS)
    console.print(f"Job {job.id} is submitted. A worker process runs it; this terminal only watches.")
    with Progress(TextColumn("{task.percentage:3.0f} %"), BarColumn(), TextColumn("{task.description}")) as bar:
        line = bar.add_task("waiting", total=100)
        async for job in job_queue.watch(job.id):  # noqa: B020 (the same job, newer each time)
            bar.update(line, completed=job.progress, description=job.progress_message or job.status)
    return job, library


def _show(job: Job, library: dict[str, StoredVideo], console: Console) -> None:

    comparison = msgspec.convert(job.result, Comparison)
    table = Table(title=job.title, show_lines=True)
    for column in ("Video", "Prompt", *MODELS):
        table.add_column(column, overflow="fold", ratio=1 if column in {"Video", "Prompt"} else 2)
    cells = list(comparison.cells)
    for row in range(0, len(cells), len(MODELS)):
        answers = cells[row : row + len(MODELS)]
        table.add_row(library[answers[0].video_id].name, answers[0].prompt, *map(_gist, answers))
    console.print(table)
    totals = comparison.totals
    console.print(f"{totals.completed} of {totals.cells} cells answered, by a background job.")
    servers = running(settings.running_servers)
    if servers:
        console.print(f"On the page: {link_to(servers[-1], settings, f'jobs/{job.id}')}", highlight=False)
    else:
        console.print(f"On the page: longtake-compare up --data {settings.data_dir}", highlight=False, markup=False)


def _gist(cell: Cell) -> str:
    """What fits into a table: the first paragraph and the moments it names."""
    if cell.state is not CellState.COMPLETED:
        return f"{cell.state}: {cell.error.message if cell.error else cell.text}"
    paragraph = " ".join(cell.text.split("\n\n", 1)[0].replace("**", "").split())
    moments = " ".join(clock(stamp.seconds) for stamp in cell.timestamps)
    return f"{paragraph}\n{moments}".strip()
