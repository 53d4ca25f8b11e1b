"""A FastAPI app with jobs of its own: `uvicorn reports:app`, then open http://127.0.0.1:8000/jobs."""

import asyncio
import os
from datetime import date
from pathlib import Path
from typing import Annotated

from fastapi import FastAPI, Query

from longtake import JobContext, JobQueue, RetryAfter, RetryPolicy
from longtake.fastapi import job_dashboard, job_router

DATA = Path(os.environ.get("REPORTS_DATA", "data")).absolute()
job_queue = JobQueue(DATA / "jobs")


@job_queue.job("resize images", concurrency=2)
async def resize_images(job: JobContext, names: list[str], width: int = 16) -> dict[str, str]:
    """Make small copies. `shrink` blocks, so it runs in a process of its own, which a cancel really ends."""
    made = {}
    for done, name in enumerate(names):
        await job.report(100 * done / len(names), f"Resizing {name}")
        made[name] = await job.step(f"resize {name}", shrink, str(DATA / name), width, timeout=60)
    return made


def shrink(source: str, width: int) -> str:
    """A copy of a PPM picture with so many columns, each the nearest one; returns its path."""
    head, size, depth, pixels = Path(source).read_bytes().split(b"\n", 3)
    columns, rows = map(int, size.split())
    height = max(1, rows * width // columns)
    small = b"".join(
        pixels[at : at + 3]
        for row in range(height)
        for column in range(width)
        for at in [3 * (row * rows // height * columns + column * columns // width)]
    )
    target = Path(source).with_suffix(f".{width}.ppm")
    target.write_bytes(b"\n".join((head, f"{width} {height}".encode(), depth, small)))
    return str(target)


@job_queue.job("weekly report", retries=RetryPolicy(attempts=3))
async def weekly_report(job: JobContext, week: date, shops: list[str]) -> str:
    """Ask every shop for its sales, all at once, and write the report. A shop that was asked is not asked again."""
    async with asyncio.TaskGroup() as group:
        asked = {shop: group.create_task(job.step(f"ask {shop}", sales_of, shop, week)) for shop in shops}
    await job.report(90, "Writing the report")
    lines = [f"# Week of {week:%d %B %Y}", "", *(f"- {shop}: {sales.result()} €" for shop, sales in asked.items())]
    report = "\n".join(lines)
    job.publish("preview", report)
    return report


async def sales_of(shop: str, week: date) -> int:
    """What a shop sold; this one stands for a service that is sometimes busy."""
    await asyncio.sleep(0.2)
    if shop == "Busy shop" and (DATA / "busy").exists():
        (DATA / "busy").unlink()
        raise RetryAfter(1, f"{shop} asks for a second of patience")
    return sum(map(ord, f"{shop}{week}"))


app = FastAPI(title="Reports")
app.include_router(job_router(job_queue))
app.include_router(job_dashboard(job_queue))


@app.post("/reports", status_code=202)
async def ask_for_a_report(week: date, shop: Annotated[list[str], Query(min_length=1)]) -> dict[str, str]:
    """A report for a week; asked for twice it is one job."""
    title = f"Report of {week} for {len(shop)} shops"
    once = weekly_report.using(title=title, tags=["report"], key=f"{week} {sorted(shop)}")
    job = await once.submit(week=week, shops=shop)
    return {"job_id": job.id}


@app.post("/thumbnails", status_code=202)
async def ask_for_thumbnails(width: Annotated[int, Query(ge=1, le=4096)] = 16) -> dict[str, str]:
    """Small copies of all pictures in the data folder."""
    names = sorted(path.name for path in DATA.glob("*.ppm") if path.name.count(".") == 1)
    job = await resize_images.using(title=f"{len(names)} pictures").submit(names=names, width=width)
    return {"job_id": job.id}
