"""The sentences that Markdown and HTML exports have in common."""

from __future__ import annotations

import msgspec

from app.compare.cells import Cell, CellPlan
from app.compare.export.report import Report, ReportedVideo
from app.compare.ratings import Rating
from longtake import JobStatus

_STATES = {
    "completed": "answered",
    "failed": "failed",
    "blocked": "blocked by the provider",
    "cut_off": "cut off",
    "empty": "no text",
    "cancelled": "cancelled",
    "waiting": "not answered yet",
}
_MEGABYTE = 1e6
_LONGEST_OPTION = 80


def summary(report: Report) -> str:
    """How the whole of it stands."""
    standing = report.standing
    totals, asked = standing.totals, len(standing.plans)
    sentence = f"{totals.completed} of {asked} {'cell' if asked == 1 else 'cells'} answered"
    if totals.failed:
        sentence += f", {totals.failed} failed"
    if totals.cost_usd:
        sentence += f", about ${totals.cost_usd:.4f} (est.)"
    if totals.reused:
        sentence += f", {totals.reused} with earlier answers (about ${totals.saved_usd:.4f} saved)"
    match standing.job.status:
        case JobStatus.COMPLETED:
            return f"{sentence}."
        case JobStatus.PENDING | JobStatus.RUNNING:
            return f"{sentence} so far: the job is {standing.job.status}, the rest is still to come."
        case status:
            reason = f": {standing.job.error}" if standing.job.error else "."
            return f"{sentence}. The job {'has ' if status is JobStatus.FAILED else 'was '}{status}{reason}"


def of_video(video: ReportedVideo) -> str:
    """What the video is; empty when it was deleted."""
    if video.duration is None:
        return ""
    return f"{video.duration:.1f} s, {video.width}x{video.height}, {(video.size or 0) / _MEGABYTE:.1f} MB"


def of_state(state: str) -> str:
    """How a cell stands."""
    return _STATES.get(state, state)


def of_cell(cell: Cell) -> str:
    """What an answer took: time, tokens, money, what the model was given."""
    parts: list[str] = []
    if cell.rerouted:
        parts.append(f"another model answered: {cell.answered_by}")
    if cell.reused_from is not None:
        saved = f", about ${cell.saved_usd:.4f} saved" if cell.saved_usd else ""
        parts.append(f"answer of {of_origin(cell)}{saved}")
    if cell.options:
        parts.append("asked with " + ", ".join(f"{name} {_short(value)}" for name, value in cell.options.items()))
    if cell.timings.total is not None:
        parts.append(f"{cell.timings.total:.1f} s")
    if cell.usage is not None and cell.usage.input_tokens is not None:
        parts.append(f"{cell.usage.input_tokens} tokens in, {cell.usage.output_tokens or 0} out")
    if cell.cost_usd:
        parts.append(f"${cell.cost_usd:.4f} (est.)")
    if cell.input is not None:
        frames = f", {cell.input.frames} frames" if cell.input.frames else ""
        parts.append(f"input: {cell.input.mode}{frames}")
        if cell.input.ignored:
            parts.append(f"cannot follow {', '.join(cell.input.ignored)}")
    if cell.paid_twice_possible:
        parts.append("asked again after it was broken off: perhaps paid twice")
    return " · ".join(parts)


def of_error(cell: Cell) -> str:
    """Why there is no whole answer, or none as it was asked for, and what to do; empty when all is well."""
    return f"{cell.error.message} {cell.error.what_to_do}" if cell.error else cell.schema_error or ""


def of_origin(cell: Cell) -> str:
    """The cell whose answer this one has; empty when it is its own."""
    return f"job {cell.reused_from.job_id} cell {cell.reused_from.cell}" if cell.reused_from else ""


def of_plan(plan: CellPlan) -> str:
    """The model, and which time it is asked."""
    return plan.model if plan.repeat == 1 else f"{plan.model}, repeat {plan.repeat}"


def _short(value: object) -> str:
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return text if len(text) <= _LONGEST_OPTION else f"{text[:_LONGEST_OPTION]}…"


def of_rating(rating: Rating) -> str:
    """Stars and note; empty when there are none."""
    stars = "★" * rating.stars + "☆" * (5 - rating.stars) if rating.stars else ""
    return " ".join(filter(None, (stars, rating.note)))
