"""Many jobs on the disk, written in a moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from app.compare.cells import Cell, CellState, plan_cells
from app.compare.results import summed_up
from longtake import Job, lifecycle
from longtake.codec import encode_job
from longtake.ids import new_id

MODELS = ("usual/model", "cheap/model")
RARE = "rare/model"
RARE_EVERY = 500
PRICES: dict[str, float | None] = {"usual/model": 0.25, "cheap/model": 0.0, RARE: None}


def store_jobs(folder: Path, number: int, *, failed_every: int) -> None:
    """Write comparisons that finished over the last days, one a minute, as the library writes them but unsynced."""
    folder.mkdir(parents=True, mode=0o700)
    now = datetime.now(UTC)
    for index in range(number):
        at = now - timedelta(minutes=number - index)
        models = [*MODELS, RARE] if index % RARE_EVERY == 1 else [*MODELS]
        args = {"video_id": "v", "prompt": "What?", "models": models}
        job = Job(
            id=new_id(at), kind="compare", title=f"Night {index:05}", about=tuple(models), args=args, created_at=at
        )
        running = lifecycle.start(job, "1-worker", at)
        if index % failed_every:
            job = lifecycle.complete(running, 1, at + timedelta(seconds=30), _answers(models))
        else:
            job = lifecycle.fail(running, 1, at + timedelta(seconds=5), "The disk was full.")
        (folder / f"{job.id}.json").write_bytes(encode_job(job))


def _answers(models: list[str]) -> Any:
    cells = [
        Cell(
            cell=plan.cell,
            video_id=plan.video_id,
            prompt=plan.prompt,
            model=plan.model,
            state=CellState.COMPLETED,
            text="An answer.",
            cost_usd=PRICES[plan.model],
        )
        for plan in plan_cells(["v"], ["What?"], models)
    ]
    return msgspec.to_builtins(summed_up(cells))
